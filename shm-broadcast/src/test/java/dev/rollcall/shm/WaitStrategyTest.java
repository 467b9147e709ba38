package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.agrona.AgronaWait;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way of waiting must do, ours and Agrona's. */
class WaitStrategyTest {
    private static final WaitStrategy SLEEPING = WaitStrategy.sleeping();
    private static final WaitStrategy ADAPTIVE = WaitStrategy.adaptive();

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    static Stream<Named<WaitStrategy>> strategies() {
        return Stream.of(
                Named.of("adaptive", ADAPTIVE),
                Named.of("sleeping", SLEEPING),
                Named.of("spinning", WaitStrategy.spinning()),
                Named.of("yielding", WaitStrategy.yielding()),
                Named.of("backing off", WaitStrategy.backingOff()),
                Named.of("agrona yielding", AgronaWait.of(new YieldingIdleStrategy())),
                Named.of("agrona back-off", AgronaWait.of(new BackoffIdleStrategy())),
                Named.of("agrona sleeping", AgronaWait.of(new SleepingMillisIdleStrategy(1))));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldPassMessagesBothWays(WaitStrategy strategy) throws Exception {
        for (boolean wakeups : strategy == SLEEPING ? new boolean[]{true} : new boolean[]{true, false}) {
            // adaptive falls asleep, and then sleeps out its 100 ms when nobody wakes it
            int rounds = strategy == ADAPTIVE && !wakeups ? 30 : 300;
            Path file = folder.resolve("ring-" + wakeups);
            try (RingWriter writer = RingWriter.create(file, new RingConfig(PAGE, 1, wakeups));
                    RingReader reader = RingReader.join(file, 0)) {
                writer.waiting(strategy);
                reader.waiting(strategy);
                Task<Void> reading = Task.start(() -> {
                    for (int i = 0; i < rounds; i++) {
                        assertThat(Frames.take(reader)).hasSize(1500).startsWith((byte) i);
                    }
                    return null;
                });
                byte[] message = new byte[1500];
                for (int i = 0; i < rounds; i++) {
                    message[0] = (byte) i;
                    Frames.write(writer, message);
                }
                reading.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void shouldKeepDeadlinesAndHeedInterruptsAndClose(WaitStrategy strategy) throws Exception {
        Path file = folder.resolve("ring");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(PAGE, 2))) {
            RingReader reader = RingReader.join(file, 0).waiting(strategy);
            long start = System.nanoTime();
            assertThat(reader.await(10_000_000)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10_000_000);
            assertThat(reader.await(-1)).isFalse();

            Task<Boolean> interrupted = Task.start(() -> reader.await(20 * Frames.SECOND));
            Await.until("running", () -> interrupted.tid() != 0);
            interrupted.interrupt();
            assertThat(interrupted.join()).isFalse();

            Task<Boolean> closed = Task.start(() -> reader.await(20 * Frames.SECOND));
            Await.until("running", () -> closed.tid() != 0);
            reader.close();
            assertThatThrownBy(closed::join).isInstanceOf(RingClosedException.class);
            assertThat(writer.isConnected()).isFalse();
        }
    }
}
