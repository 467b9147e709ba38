package dev.rollcall.rpc;

import java.util.ArrayDeque;
import java.util.Deque;

/** Counts restarts against a {@link RestartPolicy}. One thread at a time; the clock is the caller's. */
final class RestartBudget {

    /** {@link #next}: no more restarts. */
    static final long SPENT = -1;

    private final RestartPolicy policy;
    private final Deque<Long> restarts = new ArrayDeque<>();

    RestartBudget(RestartPolicy policy) {
        this.policy = policy;
    }

    /** The pause before a restart, which is hereby counted, or {@link #SPENT}. */
    long next(long now) {
        while (!restarts.isEmpty() && now - restarts.peekFirst() > policy.period().toNanos()) {
            restarts.removeFirst();
        }
        int before = restarts.size();
        if (before >= policy.intensity()) {
            return SPENT;
        }
        restarts.addLast(now);
        long longest = policy.longestPause().toNanos();
        long pause = policy.firstPause().toNanos();
        for (int i = 0; i < before && pause < longest; i++) {
            pause = Math.min(longest, 2 * pause);
        }
        return pause;
    }
}
