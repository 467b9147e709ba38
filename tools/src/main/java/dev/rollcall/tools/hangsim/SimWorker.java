package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.UnknownMethodException;
import dev.rollcall.rpc.Worker;
import dev.rollcall.rpc.WorkerContext;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.os.Linux;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A rank that behaves like one of a tensor-parallel engine without needing a GPU: a little CPU, then two layers of a timed
 * native wait (the kernel that computes) and an all-reduce in which all ranks really wait for one another. Started by
 * {@link dev.rollcall.rpc.ProcessLauncher} in a process of its own; loop thread only.
 */
public final class SimWorker implements Worker {
    static final String EXECUTE = "execute_model";
    static final String SAMPLE = "sample_tokens";

    private static final int LAYERS = 2;
    private static final long CPU_NANOS = 1_000_000L;

    private @Nullable WorkerContext context;
    private @Nullable SharedFile file;
    private @Nullable Mischief mischief;
    private @Nullable AllReduce allReduce;

    /** For the launcher. */
    public SimWorker() {
    }

    @Override
    public void open(WorkerContext opened) {
        this.context = opened;
    }

    @Override
    public MemorySegment call(CallContext call) {
        return switch (call.method()) {
            case EXECUTE -> execute(call);
            case SAMPLE -> sample(call);
            default -> throw new UnknownMethodException(call.method());
        };
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private MemorySegment execute(CallContext call) {
        long started = System.nanoTime();
        long stepNanos = call.buffer().get(ValueLayout.JAVA_LONG_UNALIGNED, call.offset());
        AllReduce reduce = attach();
        Fault fault = mischief == null ? Fault.NONE : mischief.beginInExecute(call.costClass());
        if (mischief != null) {
            mischief.perform(fault);
        }
        long kernels = stepNanos * Mischief.slower(fault);
        BooleanSupplier givenUp = () -> call.isCancelled() || call.remainingNanos() <= 0;
        compute(started + CPU_NANOS);
        for (int layer = 1; layer <= LAYERS; layer++) {
            waitUntil(started + kernels * layer / LAYERS);
            if (mischief != null && layer == LAYERS && fault == Fault.SKIP) {
                mischief.begin(fault);
                return NOTHING;
            }
            if (mischief != null && (fault == Fault.SWAP || fault == Fault.SIZE)) {
                mischief.begin(fault);
                reduce.runAnother(fault, givenUp);
            } else if (!reduce.run(givenUp)) {
                throw new RollcallException("given up in an all-reduce: call=" + call.callId() + " layer=" + layer);
            }
        }
        return NOTHING;
    }

    /** Replies with one token per request of the batch. */
    private MemorySegment sample(CallContext call) {
        if (mischief != null) {
            mischief.inSample(call.costClass());
        }
        long batch = call.buffer().get(ValueLayout.JAVA_LONG_UNALIGNED, call.offset());
        int[] tokens = new int[(int) batch];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = Long.hashCode(call.callId() * 31 + i);
        }
        return MemorySegment.ofArray(tokens);
    }

    /** The driver makes the file before it launches the first worker. */
    private AllReduce attach() {
        WorkerContext mine = context;
        if (allReduce == null && mine != null) {
            file = SharedFile.open(mine.directory().file(SimLayout.FILE_NAME), false);
            mischief = new Mischief(mine, new FaultOrder(file.memory()));
            allReduce = new AllReduce(file.memory(), mine.rank(), mine.workers(), mine.collective(0));
        }
        if (allReduce == null) {
            throw new IllegalStateException("called before open");
        }
        return allReduce;
    }

    private static void compute(long untilNanos) {
        while (System.nanoTime() - untilNanos < 0) {
            Thread.onSpinWait();
        }
    }

    private static void waitUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        if (left > 0) {
            Linux.nanosleep(left);
        }
    }
}
