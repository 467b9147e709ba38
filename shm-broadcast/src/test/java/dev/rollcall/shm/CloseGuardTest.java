package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a writer's unchecked stores when another thread closes the ring under them. */
@Timeout(60)
class CloseGuardTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    @Test
    void shouldLetNobodyInOnceClosed() {
        CloseGuard guard = new CloseGuard();
        assertThat(guard.enter()).isTrue();
        guard.exit();
        assertThat(guard.close()).isTrue();
        assertThat(guard.enter()).isFalse();
        assertThat(guard.close()).isFalse();
        guard.awaitExit();
    }

    @Test
    void shouldWaitForWhoeverIsInside() throws Exception {
        CloseGuard guard = new CloseGuard();
        assertThat(guard.enter()).isTrue();
        Task<Boolean> closer = Task.start(() -> {
            boolean first = guard.close();
            guard.awaitExit();
            return first;
        });
        while (!guard.isClosed()) {
            Thread.yield();
        }
        assertThat(closer.isDone()).isFalse();
        guard.exit();
        assertThat(closer.join()).isTrue();
    }

    @Test
    void shouldSendABusyWriterAwayAndNotCrash() throws Exception {
        for (int round = 0; round < 200; round++) {
            Path file = folder.resolve("ring" + round);
            RingWriter writer = RingWriter.create(file, RingConfig.of(Frames.PAGE, 1));
            AtomicLong sent = new AtomicLong();
            Task<Long> busy = Task.start(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment message = arena.allocate(64);
                    long last;
                    do {
                        last = writer.offer(1, message, 0, 64);
                        sent.lazySet(sent.get() + 1);
                    } while (last >= 0);
                    return last;
                }
            });
            while (sent.get() < 10L * round) {
                Thread.yield();
            }
            writer.close();
            assertThat(busy.join()).isEqualTo(RingWriter.CLOSED);
        }
    }

    /** Large messages: the closer nearly always comes while one is being copied in. */
    @Test
    void shouldTellOfTheEndOnlyAfterTheLastMessage() throws Exception {
        for (int round = 0; round < 10; round++) {
            Path file = folder.resolve("end" + round);
            RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 22, 1));
            AtomicLong read = new AtomicLong();
            Task<Void> reading = Task.start(() -> {
                try (RingReader reader = RingReader.join(file, 0)) {
                    while (true) {
                        boolean _ = reader.await(Frames.SECOND);
                        read.addAndGet(reader.poll((_, _, _, _) -> {}, 1));
                    }
                } catch (RingClosedException end) {
                    return null;
                }
            });
            assertThat(writer.awaitReaders(1, 10 * Frames.SECOND)).isTrue();
            Task<Long> writing = Task.start(() -> {
                MemorySegment message = MemorySegment.ofArray(new byte[writer.maxPayload()]);
                long written = 0;
                for (long at = 0; at != RingWriter.CLOSED; at = writer.offer(1, message, 0, message.byteSize())) {
                    written += at > 0 ? 1 : 0;
                }
                return written;
            });
            Await.until("a message", () -> read.get() > 0);
            writer.close();
            long written = writing.join();
            reading.join();
            assertThat(read.get()).as("round=%d", round).isEqualTo(written);
            Files.delete(file);
        }
    }

    /** A handler may take as long as a step of a model; what it looks at stays where it is. */
    @Test
    void shouldKeepTheMemoryUntilThePollHasEnded() throws Exception {
        Path file = folder.resolve("busy");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1))) {
            RingReader reader = RingReader.join(file, 0);
            assertThat(writer.offer(1, MemorySegment.ofArray(new byte[]{42}), 0, 1)).isPositive();
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch closed = new CountDownLatch(1);
            Task<Integer> polling = Task.start(() -> {
                int[] seen = {0};
                reader.poll((_, buffer, offset, _) -> {
                    inside.countDown();
                    awaitQuietly(closed);
                    seen[0] = buffer.get(ValueLayout.JAVA_BYTE, offset);
                }, 1);
                return seen[0];
            });
            awaitQuietly(inside);
            reader.close();
            assertThatThrownBy(() -> RingReader.join(file, 0)).isInstanceOf(SegmentInUseException.class);
            closed.countDown();
            assertThat(polling.join()).isEqualTo(42);
            RingReader.join(file, 0).close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
