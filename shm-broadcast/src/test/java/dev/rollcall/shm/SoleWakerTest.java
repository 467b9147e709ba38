package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that goes without fences while it streams. */
class SoleWakerTest {
    private static final long UNFENCED = RingLayout.DATA_CELL + WaitCell.UNFENCED;
    private static final long LONG_ENOUGH = 10_000_000_000L;
    private static final int STREAM = 200;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private final MemorySegment message = MemorySegment.ofArray(new byte[16]);
    private Path file;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
        reader = RingReader.join(file, 0);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private int unfenced() {
        return cell(UNFENCED);
    }

    private int word() {
        return cell(RingLayout.DATA_CELL);
    }

    private int cell(long at) {
        try (MappedFile look = RingLayout.open(file, true)) {
            return Words.intAcquire(look.memory(), at);
        }
    }

    private void stream() {
        for (int i = 0; i < STREAM; i++) {
            assertThat(writer.offer(1, message, 0, 16)).isPositive();
        }
    }

    private int takeAll() {
        int taken = 0;
        int polled;
        do {
            polled = reader.poll((_, _, _, _) -> {
            }, STREAM);
            taken += polled;
        } while (polled > 0);
        return taken;
    }

    @Test
    void shouldSaySoOnceItHasFoundNobodyAsleepForLong() {
        assertThat(unfenced()).isZero();

        stream();

        assertThat(unfenced()).isOne();
    }

    @Test
    void shouldFenceAgainOnceSomebodySlept() throws Exception {
        stream();
        assertThat(takeAll()).isEqualTo(STREAM);
        Task<Boolean> sleeper = Task.start(() -> reader.await(LONG_ENOUGH));
        Await.untilAsleep(sleeper);

        assertThat(writer.offer(1, message, 0, 16)).isPositive();

        assertThat(sleeper.join()).isTrue();
        assertThat(unfenced()).isZero();
    }

    /** Bursts that go over to no fence, between them sleep. A lost wake-up costs 100 ms, and so may a busy machine, now and then. */
    @Test
    void shouldWakeWhoeverFallsAsleepInAStream() throws Exception {
        int rounds = 300;
        AtomicInteger taken = new AtomicInteger();
        Task<Integer> sleeper = Task.start(() -> {
            while (taken.get() < rounds * STREAM) {
                assertThat(reader.await(LONG_ENOUGH)).isTrue();
                taken.addAndGet(takeAll());
            }
            return taken.get();
        });

        int late = 0;
        for (int i = 1; i <= rounds; i++) {
            long start = System.nanoTime();
            stream();
            int sent = i * STREAM;
            Await.until("all is read", () -> taken.get() == sent);
            late += System.nanoTime() - start > 80_000_000 ? 1 : 0;
        }
        assertThat(sleeper.join()).isEqualTo(rounds * STREAM);
        assertThat(late).as("rounds of %s that took as long as a lost wake-up", rounds).isLessThan(rounds / 10);
    }

    @Test
    void shouldTellASleeperInAStreamThatItIsClosed() throws Exception {
        stream();
        assertThat(takeAll()).isEqualTo(STREAM);
        Task<Boolean> sleeper = Task.start(() -> reader.await(LONG_ENOUGH));
        Await.untilAsleep(sleeper);

        int before = word();
        writer.close();

        assertThatThrownBy(sleeper::join).isInstanceOf(RingClosedException.class);
        assertThat(word()).as("word to sleep on, raised by a wake").isEqualTo(before + 1);
    }
}
