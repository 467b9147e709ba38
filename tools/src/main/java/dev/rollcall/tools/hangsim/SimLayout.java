package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.WaitCell;

/**
 * Where what lies in the rehearsal's own shared file, beside the group's files.
 *
 * <pre>
 *      0  fault ordered      written by the stage hand: (fault code &lt;&lt; 32) | rank, 0 while none
 *    128  fault begun        written by the victim: the same word, at the moment it stops working
 *    136  fault lasted       written by the victim: nanoseconds, when what it was told to do is over
 *    256  requests submitted   written by the driver
 *    264  requests completed   written by the driver
 *    272  requests failed      written by the driver
 *    280  second ends          written by the driver: a request that was ended twice
 *    288  retired              written by the stage hand: no new requests, the driver is given up
 *    384  wait cell          ranks waiting in an all-reduce sleep here
 *    512  arrival of rank 0  last all-reduce this rank has entered; 128 bytes per rank, 64 ranks
 *   8704  lane of request loop 0  (request id &lt;&lt; 3) | state; 128 bytes per lane, 64 lanes
 *  16896  end
 * </pre>
 */
final class SimLayout {
    static final String FILE_NAME = "hangsim";
    static final int MAX_RANKS = 64;
    static final int MAX_LANES = 64;

    static final long FAULT_ORDERED = 0;
    static final long FAULT_BEGUN = 128;
    static final long FAULT_LASTED = 136;
    static final long SUBMITTED = 256;
    static final long COMPLETED = 264;
    static final long FAILED = 272;
    static final long ENDED_TWICE = 280;
    static final long RETIRED = 288;
    static final long WAIT_CELL = 384;
    static final long BYTES;

    private static final long STRIDE = 128;
    private static final long ARRIVALS = WAIT_CELL + WaitCell.BYTES;
    private static final long LANES = ARRIVALS + MAX_RANKS * STRIDE;

    static {
        BYTES = LANES + MAX_LANES * STRIDE;
    }

    private SimLayout() {
    }

    static long arrival(int rank) {
        return ARRIVALS + rank * STRIDE;
    }

    static long lane(int lane) {
        return LANES + lane * STRIDE;
    }
}
