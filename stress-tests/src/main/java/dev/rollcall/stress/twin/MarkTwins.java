package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Marks are read while a call passes them. */
public final class MarkTwins {
    private MarkTwins() {
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come, and what is running by its name.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Out of order, or started without a record.")
    @State
    public static class Sound {
        private static final Pool<HandMarks> POOL = new Pool<>(() -> new HandMarks(HandMarks.Fault.NONE));

        private final HandMarks marks = POOL.take();

        @Actor
        public void work() {
            marks.work();
            marks.work();
        }

        @Actor
        public void look(I_Result r) {
            r.r1 = marks.look();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(marks);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come, and what is running by its name.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Out of order, or started without a record.")
    @State
    public static class FinishedBeforeStarted {
        private static final Pool<HandMarks> POOL =
                new Pool<>(() -> new HandMarks(HandMarks.Fault.FINISHED_BEFORE_STARTED));

        private final HandMarks marks = POOL.take();

        @Actor
        public void work() {
            marks.work();
            marks.work();
        }

        @Actor
        public void look(I_Result r) {
            r.r1 = marks.look();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(marks);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come, and what is running by its name.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Out of order, or started without a record.")
    @State
    public static class StartedBeforeRecord {
        private static final Pool<HandMarks> POOL =
                new Pool<>(() -> new HandMarks(HandMarks.Fault.STARTED_BEFORE_RECORD));

        private final HandMarks marks = POOL.take();

        @Actor
        public void work() {
            marks.work();
            marks.work();
        }

        @Actor
        public void look(I_Result r) {
            r.r1 = marks.look();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(marks);
        }
    }

    @JCStressTest
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "As far as it has come, and what is running by its name.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Out of order, or started without a record.")
    @State
    public static class ReadForward {
        private static final Pool<HandMarks> POOL = new Pool<>(() -> new HandMarks(HandMarks.Fault.READ_FORWARD));

        private final HandMarks marks = POOL.take();

        @Actor
        public void work() {
            marks.work();
            marks.work();
        }

        @Actor
        public void look(I_Result r) {
            r.r1 = marks.look();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(marks);
        }
    }
}
