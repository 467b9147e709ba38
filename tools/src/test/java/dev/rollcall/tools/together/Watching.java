package dev.rollcall.tools.together;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogBuilder;
import dev.rollcall.watchdog.WatchdogListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A watchdog at work on a thread of its own, and what it has said. */
final class Watching implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(40);

    final List<Verdict> decided = new CopyOnWriteArrayList<>();
    final List<Verdict> sealed = new CopyOnWriteArrayList<>();
    final Watchdog watchdog;
    private final Thread thread;

    Watching(WatchdogBuilder options) {
        watchdog = options.listener(new WatchdogListener() {
            @Override
            public void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
                decided.add(verdict);
            }

            @Override
            public void sealed(Verdict verdict, Timeline timeline, long atNanos) {
                sealed.add(verdict);
            }
        }).build();
        thread = Thread.ofPlatform().daemon().name(watchdog.roleName()).start(watchdog::run);
    }

    /** Until it has looked for that long: that is time in which it could have said something. */
    void look(Duration time) {
        long until = watchdog.health().ticks() + time.dividedBy(Duration.ofMillis(50));
        await(() -> watchdog.health().ticks() >= until);
    }

    static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as("condition not met within %s", BOUND).isLessThan(BOUND.toNanos());
            LockSupport.parkNanos(200_000);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            assertThat(thread.join(BOUND)).as("the watchdog's thread has ended").isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the watchdog ended", e);
        }
        watchdog.close();
    }
}
