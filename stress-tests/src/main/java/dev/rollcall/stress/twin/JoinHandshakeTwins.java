package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Writer and joiner look for each other. */
public final class JoinHandshakeTwins {
    private JoinHandshakeTwins() {
    }

    @JCStressTest
    @Outcome(id = "1, [01]", expect = Expect.ACCEPTABLE, desc = "The writer sees the reader.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The reader sees how far the writer was.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Neither sees the other.")
    @State
    public static class Sound {
        private static final Pool<HandJoin> POOL = new Pool<>(() -> new HandJoin(HandJoin.Fault.NONE));

        private final HandJoin join = POOL.take().fresh();

        @Actor
        public void scan(II_Result r) {
            r.r1 = join.scan();
        }

        @Actor
        public void join(II_Result r) {
            r.r2 = join.join();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(join);
        }
    }

    @JCStressTest
    @Outcome(id = "1, [01]", expect = Expect.ACCEPTABLE, desc = "The writer sees the reader.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The reader sees how far the writer was.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Neither sees the other.")
    @State
    public static class WriterWithoutFence {
        private static final Pool<HandJoin> POOL = new Pool<>(() -> new HandJoin(HandJoin.Fault.WRITER_WITHOUT_FENCE));

        private final HandJoin join = POOL.take().fresh();

        @Actor
        public void scan(II_Result r) {
            r.r1 = join.scan();
        }

        @Actor
        public void join(II_Result r) {
            r.r2 = join.join();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(join);
        }
    }

    @JCStressTest
    @Outcome(id = "1, [01]", expect = Expect.ACCEPTABLE, desc = "The writer sees the reader.")
    @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The reader sees how far the writer was.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Neither sees the other.")
    @State
    public static class JoinerWithoutFence {
        private static final Pool<HandJoin> POOL = new Pool<>(() -> new HandJoin(HandJoin.Fault.JOINER_WITHOUT_FENCE));

        private final HandJoin join = POOL.take().fresh();

        @Actor
        public void scan(II_Result r) {
            r.r1 = join.scan();
        }

        @Actor
        public void join(II_Result r) {
            r.r2 = join.join();
        }

        @Arbiter
        public void rest(II_Result r) {
            POOL.give(join);
        }
    }
}
