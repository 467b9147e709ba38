package dev.rollcall.watchdog;

import java.util.List;
import java.util.stream.IntStream;

/** Threads that want all the processor there is, until closed. */
final class Hogs implements AutoCloseable {
    private volatile boolean end;
    private final List<Thread> threads;

    Hogs(int count) {
        threads = IntStream.range(0, count).mapToObj(i -> Thread.ofPlatform().daemon().start(this::burn)).toList();
    }

    private void burn() {
        while (!end) {
            Thread.onSpinWait();
        }
    }

    boolean areAtIt() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    @Override
    public void close() {
        end = true;
    }
}
