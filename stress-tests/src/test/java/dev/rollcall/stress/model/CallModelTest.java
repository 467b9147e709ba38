package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.SEQUENTIAL;
import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The life of a call against reply, cancellation, failure and closing of its group: it ends exactly once, none is left behind,
 * and nobody touches the board on behalf of a call after it was unmapped.
 */
@ExtendWith(ModelReport.class)
class CallModelTest {
    private static final int READY = 0;
    private static final int OVER = 1;

    enum Fault {
        OUTCOME_CHECKED_THEN_SET,
        STATE_NOT_READ_AGAIN,
        STATE_SET_AFTER_SWEEP,
        STATE_STORED_WITH_RELEASE,
        SENDER_NOT_WAITED_FOR,
        EMPTY_REGISTRY_NOT_WAITED_FOR,
        TAKEN_FROM_REGISTRY_FIRST
    }

    @ParameterizedTest
    @CsvSource({"STORE_BUFFER, true, false", "STORE_BUFFER, false, true", "STORE_BUFFER, true, true",
            "WEAK_STORES, true, true"})
    void shouldEndEveryCallOnce(Memory memory, boolean failer, boolean closer) {
        Exploration found = Explorer.explore(group(failer, closer, EnumSet.noneOf(Fault.class)), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = {"OUTCOME_CHECKED_THEN_SET", "STATE_NOT_READ_AGAIN",
            "STATE_SET_AFTER_SWEEP", "STATE_STORED_WITH_RELEASE"})
    void shouldEndACallTwiceOrNeverWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(group(true, false, EnumSet.of(fault)), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("ended");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = {"SENDER_NOT_WAITED_FOR", "EMPTY_REGISTRY_NOT_WAITED_FOR",
            "TAKEN_FROM_REGISTRY_FIRST"})
    void shouldTouchAnUnmappedBoardWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(group(false, true, EnumSet.of(fault)), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull().contains("unmapped");
    }

    @Test
    void shouldNeedAVolatileStateOnlyBecauseOfStoreBuffers() {
        assertThat(
                Explorer.explore(group(true, false, EnumSet.of(Fault.STATE_STORED_WITH_RELEASE)), SEQUENTIAL).holds())
                .isTrue();
    }

    private record Call(int issueLock, int state, int registered, int outcome, int ends, int sent, int collected,
            int unmapped) {
        Call(Model m) {
            this(m.word("issue lock", 0), m.word("state", READY), m.word("registered", 0), m.word("outcome", 0),
                    m.word("ends", 0),
                    m.word("sent", 0), m.word("collected", 0), m.word("unmapped", 0));
        }
    }

    private static Model group(boolean failer, boolean closer, Set<Fault> faults) {
        Model m = new Model();
        Call call = new Call(m);
        caller(m.thread("caller"), call, faults);
        collector(m.thread("collector"), call, faults);
        canceller(m.thread("canceller"), call, faults);
        if (failer) {
            Script s = m.thread("failer");
            stateThenSweep(s, call, faults);
        }
        if (closer) {
            closer(m.thread("closer"), call, faults);
        }
        return m.atEnd(end -> switch (end.word(call.ends)) {
            case 1 -> null;
            case 0 -> "the call is never ended";
            default -> "the call ended " + end.word(call.ends) + " times";
        });
    }

    private static void caller(Script s, Call call, Set<Fault> faults) {
        int state = s.register("state");
        s.lock(call.issueLock)
                .load(state, call.state)
                .jumpIf(r -> r[state] == OVER, "refused");
        touchBoard(s, call);
        s.add(call.registered, 1)
                .when(!faults.contains(Fault.STATE_NOT_READ_AGAIN), x -> x.load(state, call.state))
                .release(call.sent, 1)
                .jumpIf(r -> r[state] == READY, "out");
        end(s, call, 1, faults);
        s.jump("out").label("refused").release(call.sent, 2).add(call.ends, 1).label("out").unlock(call.issueLock);
    }

    /** The reply may come or not. */
    private static void collector(Script s, Call call, Set<Fault> faults) {
        int known = s.register("known");
        int replied = s.register("replied");
        s.await((memory, r) -> memory.at(call.sent) != 0, "the frame")
                .choose(replied, 2)
                .jumpIf(r -> r[replied] == 0, "done")
                .load(known, call.registered)
                .jumpIf(r -> r[known] == 0, "done");
        end(s, call, 2, faults);
        s.label("done").release(call.collected, 1);
    }

    /** Holds the future, which the caller has once the frame is out. */
    private static void canceller(Script s, Call call, Set<Fault> faults) {
        int sent = s.register("sent");
        int cancels = s.register("cancels");
        s.await((memory, r) -> memory.at(call.sent) != 0, "the future")
                .load(sent, call.sent)
                .choose(cancels, 2)
                .jumpIf(r -> r[cancels] == 0 || r[sent] == 2, "end");
        end(s, call, 3, faults);
        s.label("end");
    }

    private static void stateThenSweep(Script s, Call call, Set<Fault> faults) {
        boolean sweepFirst = faults.contains(Fault.STATE_SET_AFTER_SWEEP);
        boolean isVolatile = !faults.contains(Fault.STATE_STORED_WITH_RELEASE);
        int known = s.register("known");
        s.when(!sweepFirst, x -> x.release(call.state, OVER).when(isVolatile, y -> y.fullFence()))
                .load(known, call.registered)
                .jumpIf(r -> r[known] == 0, "swept");
        end(s, call, 4, faults);
        s.label("swept").when(sweepFirst, x -> x.release(call.state, OVER));
    }

    private static void closer(Script s, Call call, Set<Fault> faults) {
        stateThenSweep(s, call, faults);
        s.when(!faults.contains(Fault.SENDER_NOT_WAITED_FOR),
                x -> x.lock(call.issueLock).unlock(call.issueLock).fullFence())
                .when(!faults.contains(Fault.EMPTY_REGISTRY_NOT_WAITED_FOR),
                        x -> x.await((memory, r) -> memory.at(call.registered) == 0, "an empty registry"))
                .await((memory, r) -> memory.at(call.collected) == 1 || memory.at(call.sent) == 0, "the collector")
                .release(call.unmapped, 1);
    }

    /** Decide, tell the board, complete the future, and only then leave the registry. */
    private static void end(Script s, Call call, int who, Set<Fault> faults) {
        int won = s.register("won");
        String lost = "lost" + who;
        if (faults.contains(Fault.OUTCOME_CHECKED_THEN_SET)) {
            s.load(won, call.outcome).jumpIf(r -> r[won] != 0, lost).release(call.outcome, who);
        } else {
            s.compareAndSet(won, call.outcome, 0, who).jumpIf(r -> r[won] == 0, lost);
        }
        boolean early = faults.contains(Fault.TAKEN_FROM_REGISTRY_FIRST);
        s.when(early, x -> x.add(call.registered, -1));
        touchBoard(s, call);
        s.add(call.ends, 1).when(!early, x -> x.add(call.registered, -1)).label(lost);
    }

    private static void touchBoard(Script s, Call call) {
        int unmapped = s.register("unmapped");
        s.load(unmapped, call.unmapped).require(r -> r[unmapped] == 0, "touched the board after it was unmapped");
    }
}
