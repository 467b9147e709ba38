package dev.rollcall.watchdog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last 4 s of snapshots in full and 30 s before them, one per second. Bounded. One thread: the watchdog's. */
final class History {
    private static final long FULL_NANOS = 4_000_000_000L;
    private static final long SPARSE_NANOS = 30_000_000_000L;
    private static final long SPACING_NANOS = 1_000_000_000L;
    private static final int MAX_FULL = 400;

    private final Deque<GroupSnapshot> full = new ArrayDeque<>();
    private final Deque<GroupSnapshot> sparse = new ArrayDeque<>();

    void add(GroupSnapshot snapshot) {
        full.addLast(snapshot);
        while (snapshot.atNanos() - full.getFirst().atNanos() > FULL_NANOS || full.size() > MAX_FULL) {
            GroupSnapshot aged = full.removeFirst();
            if (sparse.isEmpty() || aged.atNanos() - sparse.getLast().atNanos() >= SPACING_NANOS) {
                sparse.addLast(aged);
            }
        }
        while (!sparse.isEmpty() && snapshot.atNanos() - sparse.getFirst().atNanos() > SPARSE_NANOS) {
            sparse.removeFirst();
        }
    }

    @Nullable
    GroupSnapshot newest() {
        return full.peekLast();
    }

    /** Oldest first. */
    List<GroupSnapshot> window() {
        List<GroupSnapshot> window = new ArrayList<>(sparse.size() + full.size());
        window.addAll(sparse);
        window.addAll(full);
        return window;
    }
}
