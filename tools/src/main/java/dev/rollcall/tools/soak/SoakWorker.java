package dev.rollcall.tools.soak;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.UnknownMethodException;
import dev.rollcall.rpc.Worker;
import dev.rollcall.rpc.WorkerContext;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** One rank: answers with what it was asked and who it is, throws, dawdles, or works until it is no longer wanted. */
public final class SoakWorker implements Worker {
    private static final long DAWDLE_NANOS = 30_000_000L;
    private static final long LOOK_NANOS = 1_000_000L;

    private int rank;

    /** For the launcher. */
    public SoakWorker() {
    }

    @Override
    public void open(WorkerContext context) {
        rank = context.rank();
    }

    @Override
    public MemorySegment call(CallContext call) {
        switch (CallKind.ofMethod(call.method())) {
            case ECHO, ECHO_ONE, ECHO_AGAIN -> {
                // that is all
            }
            case THROW -> {
                if (rank == Payload.number(call.arguments()) % 2) {
                    throw new IllegalStateException("as asked rank=" + rank);
                }
            }
            case DAWDLE -> waitFor(call, DAWDLE_NANOS);
            case UNTIL_CANCELLED -> waitFor(call, Long.MAX_VALUE);
            case null -> throw new UnknownMethodException(call.method());
        }
        return Payload.reply(call.arguments(), rank);
    }

    private static void waitFor(CallContext call, long nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos && !call.isCancelled();) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
