package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who asked and how it ended, in shared memory, so that the account outlives the driver. Each request loop has a lane
 * that holds its open request; a request ends by one compare-and-set on that lane, whoever ends it: the driver, or the
 * stage hand for a driver that cannot. Any thread; one loop per lane.
 */
final class RequestLedger {
    /** No request was opened. */
    static final long REFUSED = -1;

    private static final long OPEN = 1;
    private static final long COMPLETED = 2;
    private static final long FAILED = 3;
    private static final long FAILED_BY_OWNER = 4;
    private static final int STATE_BITS = 3;
    private static final long STATE_MASK = 7;

    private final MemorySegment memory;
    private final int lanes;
    private final AtomicLong lastId = new AtomicLong();

    RequestLedger(MemorySegment memory, int lanes) {
        this.memory = memory;
        this.lanes = lanes;
    }

    /**
     * Opens a request; driver only.
     *
     * @return its id, from 1; {@link #REFUSED} once the stage hand has given the driver up
     */
    long submit(int lane) {
        if (Words.longAcquire(memory, SimLayout.RETIRED) != 0) {
            return REFUSED;
        }
        long id = lastId.incrementAndGet();
        Words.longRelease(memory, SimLayout.lane(lane), id << STATE_BITS | OPEN);
        add(SimLayout.SUBMITTED);
        return id;
    }

    void complete(int lane, long id) {
        end(lane, id, COMPLETED, SimLayout.COMPLETED);
    }

    void fail(int lane, long id) {
        end(lane, id, FAILED, SimLayout.FAILED);
    }

    private void end(int lane, long id, long state, long counter) {
        long open = id << STATE_BITS | OPEN;
        if (Words.longCas(memory, SimLayout.lane(lane), open, id << STATE_BITS | state)) {
            add(counter);
        } else if (Words.longAcquire(memory, SimLayout.lane(lane)) != (id << STATE_BITS | FAILED_BY_OWNER)) {
            add(SimLayout.ENDED_TWICE);
        }
    }

    /**
     * Fails what is open in place of a driver that no longer can; counted with the others. Stage hand only, and only
     * once the driver is known not to run.
     *
     * @return how many it were
     */
    int failAllOpen() {
        Words.longRelease(memory, SimLayout.RETIRED, 1L);
        int ended = 0;
        for (int lane = 0; lane < lanes; lane++) {
            long word = Words.longAcquire(memory, SimLayout.lane(lane));
            if ((word & STATE_MASK) == OPEN
                    && Words.longCas(memory, SimLayout.lane(lane), word, (word & ~STATE_MASK) | FAILED_BY_OWNER)) {
                add(SimLayout.FAILED);
                ended++;
            }
        }
        return ended;
    }

    int open() {
        int open = 0;
        for (int lane = 0; lane < lanes; lane++) {
            if ((Words.longAcquire(memory, SimLayout.lane(lane)) & STATE_MASK) == OPEN) {
                open++;
            }
        }
        return open;
    }

    Account account() {
        return new Account(
                Words.longAcquire(memory, SimLayout.SUBMITTED),
                Words.longAcquire(memory, SimLayout.COMPLETED),
                Words.longAcquire(memory, SimLayout.FAILED),
                Words.longAcquire(memory, SimLayout.ENDED_TWICE));
    }

    private void add(long counter) {
        long seen;
        do {
            seen = Words.longAcquire(memory, counter);
        } while (!Words.longCas(memory, counter, seen, seen + 1));
    }

    /**
     * The sums.
     *
     * @param submitted  requests opened
     * @param completed  ended with an answer
     * @param failed     ended with a cause
     * @param duplicated ends of a request that had ended before
     */
    record Account(long submitted, long completed, long failed, long duplicated) {
        /** Requests that never ended; only meaningful once nobody can end one any more. */
        long lost() {
            return submitted - completed - failed;
        }
    }
}
