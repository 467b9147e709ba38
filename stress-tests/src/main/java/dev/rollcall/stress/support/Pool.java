package dev.rollcall.stress.support;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Things made of shared memory, each used by one state at a time: a state takes one in its constructor and gives it back in its
 * arbiter, when both actors are through. So two living states never share a byte, which a ring of slots cannot promise. States
 * that are dropped without an arbiter (the last ones of an iteration) keep theirs until the fork ends. Any thread.
 */
public final class Pool<T> {
    private final ConcurrentLinkedQueue<T> free = new ConcurrentLinkedQueue<>();
    private final Supplier<T> make;

    public Pool(Supplier<T> make) {
        this.make = make;
    }

    public T take() {
        T one = free.poll();
        return one != null ? one : make.get();
    }

    public void give(T one) {
        free.add(one);
    }
}
