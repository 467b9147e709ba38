package dev.rollcall.tools.hangsim;

import org.jspecify.annotations.Nullable;

/**
 * A heap whose collection takes seconds: a list of many small objects, built beside the load by a thread of its own. The
 * loop thread asks and collects.
 */
final class LongCollection {
    private static final int NODES = 40_000_000;

    private volatile @Nullable Node head;
    private volatile boolean ready;

    private static final class Node {
        private final @Nullable Node next;
        private final long value;

        Node(@Nullable Node next, long value) {
            this.next = next;
            this.value = value;
        }
    }

    LongCollection() {
        Thread.ofPlatform().daemon().name("fill-heap").start(() -> {
            Node last = null;
            for (int i = 0; i < NODES; i++) {
                last = new Node(last, i);
            }
            head = last;
            ready = true;
        });
    }

    boolean isReady() {
        return ready;
    }

    /** Returns how long it took, nanoseconds. */
    long collect() {
        long start = System.nanoTime();
        System.gc();
        long lasted = System.nanoTime() - start;
        Node kept = head;
        if (kept == null || kept.value + 1 != NODES || kept.next == null) {
            throw new IllegalStateException("the list was lost");
        }
        head = null;
        return lasted;
    }
}
