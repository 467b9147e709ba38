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

/** What happens to those who use a ring's memory when they, or another thread, close it meanwhile. */
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

    @Test
    void shouldRefuseWhatAHandlerMustNotDo() {
        Path file = folder.resolve("nested");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
                RingReader reader = RingReader.join(file, 0)) {
            Frames.write(writer, "a");
            int read = reader.poll((_, _, _, _) -> {
                assertThatThrownBy(() -> Frames.drain(reader)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("slot=0");
                assertThatThrownBy(() -> reader.await(0)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(reader::rejoin).isInstanceOf(IllegalStateException.class);
                assertThat(reader.isWriterClosed()).isFalse();
            }, 1);
            assertThat(read).isEqualTo(1);
            assertThat(Frames.drain(reader)).as("nothing came twice").isEmpty();
        }
    }

    @Test
    void shouldLetAHandlerCloseItsReader() {
        Path file = folder.resolve("own");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1))) {
            RingReader reader = RingReader.join(file, 0);
            Frames.write(writer, "a");
            Frames.write(writer, "b");
            int[] seen = {0};
            assertThatThrownBy(() -> reader.poll((_, buffer, offset, length) -> {
                seen[0]++;
                reader.close();
                assertThat(Frames.string(buffer, offset, length)).isEqualTo("a");
                assertThatThrownBy(() -> Frames.drain(reader)).isInstanceOf(RingClosedException.class);
                assertThat(Frames.string(buffer, offset, length)).isEqualTo("a");
                assertThatThrownBy(() -> RingReader.join(file, 0)).isInstanceOf(SegmentInUseException.class);
            }, 2)).isInstanceOf(RingClosedException.class).hasMessageContaining("reader is closed");
            assertThat(seen[0]).isEqualTo(1);
            assertThatThrownBy(reader::isWriterClosed).isInstanceOf(RingClosedException.class);
            assertThat(reader.isConnected()).isFalse();
            RingReader.join(file, 0).close();
        }
    }

    @Test
    void shouldKeepTheMemoryUntilTheClaimHasEnded() throws Exception {
        Path file = folder.resolve("claimed");
        RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
        try (RingReader reader = RingReader.join(file, 0)) {
            long at = writer.tryClaim(8);
            Task<Void> closer = Task.start(() -> {
                writer.close();
                return null;
            });
            closer.join();
            assertThatThrownBy(() -> reader.await(20 * Frames.SECOND)).as("readers do not wait for the claim")
                    .isInstanceOf(RingClosedException.class);
            writer.buffer().set(ValueLayout.JAVA_LONG, at, 42);
            assertThat(writer.buffer().get(ValueLayout.JAVA_LONG, at)).isEqualTo(42);
            assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(SegmentInUseException.class);

            assertThatThrownBy(() -> writer.commit(1)).isInstanceOf(RingClosedException.class);
            assertGone(file, writer);
        }
    }

    @Test
    void shouldGiveUpItsOwnClaimWhenItCloses() throws Exception {
        Path file = folder.resolve("given-up");
        RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
        assertThat(writer.tryClaim(8)).isPositive();
        writer.close();
        assertGone(file, writer);

        Path other = folder.resolve("given-up-later");
        RingWriter second = RingWriter.create(other, RingConfig.of(1 << 16, 1));
        assertThat(second.tryClaim(8)).isPositive();
        Task<Void> closer = Task.start(() -> {
            second.close();
            return null;
        });
        closer.join();
        assertThatThrownBy(() -> RingWriter.own(other)).isInstanceOf(SegmentInUseException.class);
        second.close();
        assertGone(other, second);
    }

    /** Unmapped, its lock with it; and whatever the writer is asked, the answer is that. */
    private static void assertGone(Path file, RingWriter writer) {
        assertThatThrownBy(() -> RingWriter.own(file)).isInstanceOf(RingClosedException.class)
                .hasMessageContaining("state=closed");
        assertThat(writer.buffer().scope().isAlive()).isFalse();
        assertThat(writer.tryClaim(8)).isEqualTo(RingWriter.CLOSED);
        assertThat(Frames.offer(writer, "late")).isEqualTo(RingWriter.CLOSED);
        assertThatThrownBy(() -> Frames.write(writer, "late")).isInstanceOf(RingClosedException.class);
        assertThatThrownBy(writer::lags).isInstanceOf(RingClosedException.class);
        assertThatThrownBy(writer::evictDead).isInstanceOf(RingClosedException.class);
        assertThat(writer.awaitReaders(1, 0)).isFalse();
        assertThat(writer.isConnected()).isFalse();
    }

    @Test
    void shouldLetAWaitCloseWhatItWaitsFor() {
        Path file = folder.resolve("waiting");
        RingWriter writer = RingWriter.create(file, RingConfig.of(Frames.PAGE, 1));
        RingReader reader = RingReader.join(file, 0);
        reader.waiting((_, ready, _) -> {
            reader.close();
            return ready.getAsBoolean();
        });
        assertThatThrownBy(() -> reader.await(Frames.SECOND)).isInstanceOf(RingClosedException.class);
        try (RingReader _ = RingReader.join(file, 0)) {
            writer.waiting((_, ready, _) -> {
                writer.close();
                return ready.getAsBoolean();
            });
            assertThatThrownBy(() -> {
                while (true) {
                    Frames.write(writer, "filling");
                }
            }).isInstanceOf(RingClosedException.class);
            assertGone(file, writer);
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
