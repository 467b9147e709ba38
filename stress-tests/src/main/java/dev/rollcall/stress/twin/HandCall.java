package dev.rollcall.stress.twin;

import static dev.rollcall.stress.twin.HandCall.Fault.OUTCOME_CHECKED_THEN_SET;
import static dev.rollcall.stress.twin.HandCall.Fault.STATE_NOT_READ_AGAIN;
import static dev.rollcall.stress.twin.HandCall.Fault.STATE_SET_AFTER_SWEEP;
import static dev.rollcall.stress.twin.HandCall.Fault.STATE_STORED_WITH_RELEASE;

import java.util.concurrent.atomic.AtomicInteger;

/** One call's registration and outcome, and its group's state, by hand. */
final class HandCall {
    enum Fault {
        NONE, OUTCOME_CHECKED_THEN_SET, STATE_NOT_READ_AGAIN, STATE_SET_AFTER_SWEEP, STATE_STORED_WITH_RELEASE
    }

    private final Fault fault;
    private final AtomicInteger groupFailed = new AtomicInteger();
    private final AtomicInteger registered = new AtomicInteger();
    private final AtomicInteger outcome = new AtomicInteger();

    HandCall(Fault fault) {
        this.fault = fault;
    }

    /** Whether this one decided how the call ends. */
    boolean end(int how) {
        if (fault == OUTCOME_CHECKED_THEN_SET) {
            if (outcome.get() != 0) {
                return false;
            }
            outcome.set(how);
            return true;
        }
        return outcome.compareAndSet(0, how);
    }

    /** The caller: registers, then reads the group's state again. */
    void call() {
        if (fault == STATE_STORED_WITH_RELEASE) {
            registered.setRelease(1);
        } else {
            registered.set(1);
        }
        if (fault != STATE_NOT_READ_AGAIN && groupFailed.get() != 0) {
            boolean _ = end(1);
        }
    }

    /** Whoever fails the group: sets its state, then sweeps. */
    void fail() {
        if (fault == STATE_STORED_WITH_RELEASE) {
            groupFailed.setRelease(1);
        } else if (fault != STATE_SET_AFTER_SWEEP) {
            groupFailed.set(1);
        }
        if (registered.get() != 0) {
            boolean _ = end(2);
        }
        groupFailed.set(1);
    }

    boolean isDecided() {
        return outcome.get() != 0;
    }
}
