package dev.rollcall.stress.bench.hot;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A message through a ring. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingPaths {
    private static final int SMALL = 64;
    private static final int LARGE = 4096;

    private final HotRing unread = new HotRing(0);
    private final HotRing one = new HotRing(1);
    private final HotRing four = new HotRing(4);

    @Benchmark
    public long offerAndPoll64() {
        return one.offerAndPoll(SMALL);
    }

    @Benchmark
    public long offerAndPoll4096() {
        return one.offerAndPoll(LARGE);
    }

    @Benchmark
    public long offerAndPollByFour64() {
        return four.offerAndPoll(SMALL);
    }

    @Benchmark
    public long claimAndCommit64() {
        return unread.claimAndCommit(SMALL);
    }

    @TearDown
    public void close() {
        unread.close();
        one.close();
        four.close();
    }
}
