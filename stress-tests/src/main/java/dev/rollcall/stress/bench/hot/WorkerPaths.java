package dev.rollcall.stress.bench.hot;

import dev.rollcall.rpc.WorkerRig;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A call on a worker, with and without all that makes it a call. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WorkerPaths {
    private static final int ARGUMENTS = 200;
    private static final int REPLY = 100;

    private final WorkerRig rig = new WorkerRig(ARGUMENTS, REPLY);

    @Benchmark
    public long call() {
        return rig.call();
    }

    @Benchmark
    public long ringsOnly() {
        return rig.ringsOnly();
    }

    @TearDown
    public void close() {
        rig.close();
    }
}
