package dev.rollcall.stress.model;

import java.util.function.Predicate;

/** One step of a thread, in terms of its registers. */
sealed interface Step {

    /** A value or an address computed from registers. */
    @FunctionalInterface
    interface Value {
        int of(int[] registers);
    }

    /** Shared memory as it is, without anybody's store buffer. */
    @FunctionalInterface
    interface View {
        int at(int word);
    }

    /** Something that must come true in memory before a thread goes on. */
    @FunctionalInterface
    interface Guard {
        boolean open(View memory, int[] registers);
    }

    record Load(int into, Value from) implements Step {
    }

    record Store(Value to, Value value, boolean release) implements Step {
    }

    /** Stores before it leave the buffer before stores after it. */
    record StoreFence() implements Step {
    }

    /** Waits until the own buffer is empty. */
    record FullFence() implements Step {
    }

    /** Waits until another thread's buffer is empty: the fence that membarrier has it pass. */
    record RemoteFence(int thread) implements Step {
    }

    /** Locked add. */
    record Add(int word, int delta) implements Step {
    }

    /** Locked compare-and-set; the register gets 1 or 0. */
    record CompareAndSet(int into, int word, int expected, Value value) implements Step {
    }

    record Compute(int into, Value value) implements Step {
    }

    record Jump(Predicate<int[]> when, int target) implements Step {
    }

    /** Goes on with each of 0 .. choices-1 in the register. */
    record Choose(int into, int choices) implements Step {
    }

    /** Blocked until the guard is open; stands for a loop that looks again and again. */
    record Await(Guard guard) implements Step {
    }

    /** Blocked while the word is 1, then makes it 1, as one step. */
    record Lock(int word) implements Step {
    }

    /** Futex wait: sleeps if the word still equals the register; the comparison and falling asleep are one step. */
    record Sleep(int word, int expected) implements Step {
    }

    /** Futex wake: everybody who sleeps on that word. */
    record Wake(int word) implements Step {
    }

    /** The invariant, in words. */
    record Require(Predicate<int[]> holds, String otherwise) implements Step {
    }
}
