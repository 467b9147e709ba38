package dev.rollcall.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

import dev.rollcall.shm.SharedFile;

/** Stays in a call until the test opens the gate, two words of a file for each rank, or until the call is cancelled. */
public final class GatedWorker implements Worker {

    /** The launcher's argument: where the file is. */
    static final String GATE = "gate";

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private SharedFile file;
    private int rank;

    @Override
    public void open(WorkerContext context) {
        file = SharedFile.open(Path.of(context.arguments().get(GATE)), true);
        rank = context.rank();
    }

    /** Up to which round this rank may return, and in which round it throws. */
    static void let(SharedFile file, int rank, long returnUpTo) {
        WORD.setVolatile(file.memory(), 16L * rank, returnUpTo);
    }

    static void letThrow(SharedFile file, int rank, long throwIn) {
        WORD.setVolatile(file.memory(), 16L * rank + 8, throwIn);
        let(file, rank, throwIn);
    }

    @Override
    public MemorySegment call(CallContext call) throws IOException {
        if (call.method().equals("echo")) {
            return call.arguments();
        }
        long round = call.arguments().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        while ((long) WORD.getVolatile(file.memory(), 16L * rank) < round && !call.isCancelled()) {
            LockSupport.parkNanos(10_000);
        }
        if ((long) WORD.getVolatile(file.memory(), 16L * rank + 8) == round) {
            throw new IOException("round " + round);
        }
        return call.arguments();
    }

    @Override
    public void close() {
        file.close();
    }
}
