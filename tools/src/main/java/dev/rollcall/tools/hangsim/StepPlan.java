package dev.rollcall.tools.hangsim;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The mixed load: 95 % decode steps of 20 ms, 5 % prefill steps of 400 ms, and a first call of 2 s as an engine that
 * compiles its kernels has it. One prefill in each 20 steps at a drawn place, so that even a short run has seen one of
 * each class. The same seed gives the same steps. Other loads are one kind of step only. One thread.
 */
final class StepPlan {
    private static final int BLOCK = 20;
    private static final int EARLY = 5;
    private static final int EARLY_BLOCKS = 3;

    private final Load load;
    private final SplittableRandom random;
    private int at;
    private int block;
    private int prefillAt;
    private boolean warm;

    StepPlan(Load load, long seed) {
        this.load = load;
        this.random = new SplittableRandom(seed);
        this.prefillAt = draw();
    }

    Step next() {
        if (!warm) {
            warm = true;
            return load.first();
        }
        if (load != Load.MIXED) {
            return load.usual();
        }
        if (at == BLOCK) {
            at = 0;
            block++;
            prefillAt = draw();
        }
        return at++ == prefillAt ? Step.PREFILL : Step.DECODE;
    }

    /** Early in the first blocks: the watchdog has met each class a few times before a fault after three seconds. */
    private int draw() {
        return random.nextInt(block < EARLY_BLOCKS ? EARLY : BLOCK);
    }

    /** Kinds of step; the cost class is what the watchdog learns a limit for. */
    enum Step {
        WARM_UP(1, "warmup", 2_000_000_000L),
        PREFILL(2, "prefill", 400_000_000L),
        DECODE(3, "decode", 20_000_000L),
        PLAIN(4, "", 10_000_000L),
        SLOW_START(5, "", 8_000_000_000L);

        private final int code;
        private final String costClass;
        private final long nanos;

        Step(int code, String costClass, long nanos) {
            this.code = code;
            this.costClass = costClass;
            this.nanos = nanos;
        }

        /** The number in shared memory; 0 is none. */
        int code() {
            return code;
        }

        static Step ofCode(int code) {
            return Arrays.stream(values()).filter(step -> step.code == code).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no step has this code: code=" + code));
        }

        String costClass() {
            return costClass;
        }

        long nanos() {
            return nanos;
        }
    }
}
