package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.agrona.AgronaWait;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise: close and interrupt send every waiter away within 150 ms, however it waits and whatever for. A busy machine may
 * delay an attempt; that all of them are late would be our own doing.
 */
class RingWakeBoundTest {
    private static final long BOUND_NANOS = 150_000_000;
    private static final int ATTEMPTS = 10;
    private static final long LONG = 20 * Frames.SECOND;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private int rings;

    /** A way of waiting, and whether it ends in a futex. */
    record How(String name, WaitStrategy strategy, boolean asleep) {
        @Override
        public String toString() {
            return name;
        }
    }

    enum End {
        CLOSE, INTERRUPT
    }

    enum What {
        FRAME, SPACE, READERS;

        String await(RingWriter writer, RingReader reader) {
            try {
                return switch (this) {
                    case FRAME -> "" + reader.await(LONG);
                    case SPACE -> {
                        writer.write(1, Frames.text("x"), 0, 1, LONG);
                        yield "written";
                    }
                    case READERS -> "" + writer.awaitReaders(2, LONG);
                };
            } catch (RollcallException e) {
                return e.getClass().getSimpleName();
            }
        }

        String expected(End end) {
            return switch (this) {
                case FRAME -> end == End.CLOSE ? "RingClosedException" : "false";
                case SPACE -> end == End.CLOSE ? "RingClosedException" : "RingFullException";
                case READERS -> "false";
            };
        }
    }

    static Stream<Arguments> cases() {
        List<How> ways = List.of(
                new How("adaptive", WaitStrategy.adaptive(), true),
                new How("sleeping", WaitStrategy.sleeping(), true),
                new How("spinning", WaitStrategy.spinning(), false),
                new How("yielding", WaitStrategy.yielding(), false),
                new How("backing off", WaitStrategy.backingOff(), false),
                new How("agrona back-off", AgronaWait.of(new BackoffIdleStrategy()), false));
        return ways.stream().flatMap(how -> Arrays.stream(What.values())
                .flatMap(what -> Arrays.stream(End.values()).map(end -> Arguments.of(how, what, end))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void shouldSendEveryWaiterAwayInTime(How how, What what, End end) throws Exception {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && best > BOUND_NANOS; i++) {
            best = Math.min(best, attempt(how, what, end));
        }
        assertThat(best).as("ns until it was away").isLessThanOrEqualTo(BOUND_NANOS);
    }

    private long attempt(How how, What what, End end) throws Exception {
        Path file = folder.resolve("ring" + rings++);
        AtomicLong looks = new AtomicLong();
        WaitStrategy counted = (cell, ready, timeout) -> how.strategy().await(cell, () -> {
            looks.incrementAndGet();
            return ready.getAsBoolean();
        }, timeout);
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(PAGE, 2)).waiting(counted);
                RingReader reader = RingReader.join(file, 0).waiting(counted)) {
            if (what == What.SPACE) {
                Frames.fillUpTo(writer, PAGE, 0);
            }
            long[] away = new long[1];
            Task<String> waiting = Task.start(() -> {
                String outcome = what.await(writer, reader);
                away[0] = System.nanoTime();
                return outcome;
            });
            Await.until("it waits", () -> looks.get() >= 2);
            if (how.asleep()) {
                Await.untilAsleep(waiting);
            }
            AutoCloseable waited = what == What.FRAME ? reader : writer;
            long start = System.nanoTime();
            if (end == End.INTERRUPT) {
                waiting.interrupt();
            } else {
                waited.close();
            }
            assertThat(waiting.join()).isEqualTo(what.expected(end));
            return away[0] - start;
        }
    }
}
