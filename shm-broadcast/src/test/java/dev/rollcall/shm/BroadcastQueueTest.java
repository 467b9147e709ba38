package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue facade: a handle to print, readers in other processes. */
class BroadcastQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Attaches, waits for everybody, echoes. */
    static final class Echo {
        private Echo() {
        }

        public static void main(String[] args) {
            try (BroadcastQueue queue = BroadcastQueue.attach(args[0], Integer.parseInt(args[1]))) {
                System.out.println("ready " + queue.awaitReady(LONG));
                while (true) {
                    byte[] message = queue.dequeue(LONG);
                    System.out.println(
                            "got " + (message == null ? "nothing" : new String(message, StandardCharsets.UTF_8)));
                }
            } catch (RingClosedException end) {
                System.out.println("end");
            }
        }
    }

    @Test
    void shouldBroadcastToAttachedProcesses() {
        BroadcastQueue queue = BroadcastQueue.create(2);
        try (Child one = Child.jvm(Echo.class, queue.handle(), 0);
                Child two = Child.jvm(Echo.class, queue.handle(), 1)) {
            assertThat(queue.handle()).matches("[\\x21-\\x7e]+");
            assertThat(queue.awaitReady(LONG)).isTrue();
            assertThat(one.awaitLine("ready")).isEqualTo("ready true");
            queue.enqueue("hello".getBytes(StandardCharsets.UTF_8), LONG);
            assertThat(one.awaitLine("got")).isEqualTo("got hello");
            assertThat(two.awaitLine("got")).isEqualTo("got hello");
            queue.close();
            assertThat(one.awaitLine("end")).isNotNull();
            assertThat(two.awaitLine("end")).isNotNull();
        } finally {
            queue.close();
        }
        assertThatThrownBy(() -> BroadcastQueue.attach(queue.handle(), 0)).isInstanceOf(RollcallException.class);
    }

    @Test
    void shouldGiveArraysAwayThatNobodyReuses() {
        try (BroadcastQueue queue = BroadcastQueue.create(RingConfig.of(4096, 1));
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            byte[] message = {1, 2, 3};
            queue.enqueue(message, Duration.ZERO);
            message[0] = 9;
            byte[] first = reader.dequeue(Duration.ZERO);
            for (int i = 0; i < 1000; i++) {
                queue.enqueue(new byte[64], Duration.ZERO);
                assertThat(reader.dequeue(Duration.ZERO)).hasSize(64);
            }
            assertThat(first).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldTakeAnExpiredDeadlineForZero() {
        try (BroadcastQueue queue = BroadcastQueue.create(RingConfig.of(4096, 2));
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 1)) {
            Duration expired = Duration.ofSeconds(Long.MIN_VALUE);
            assertThat(reader.dequeue(expired)).isNull();
            assertThat(reader.dequeue(Duration.ofNanos(-1))).isNull();
            assertThat(queue.awaitReady(expired)).isFalse();
            assertThat(reader.awaitReady(expired)).isFalse();
            queue.enqueue(new byte[4000], expired);
            assertThatThrownBy(() -> queue.enqueue(new byte[4000], expired)).isInstanceOf(RingFullException.class);
            assertThat(reader.dequeue(Duration.ofSeconds(Long.MAX_VALUE))).hasSize(4000);
        }
    }

    @Test
    void shouldTellTheEndsApart() {
        try (BroadcastQueue queue = BroadcastQueue.create(1);
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            assertThatThrownBy(() -> queue.dequeue(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> reader.enqueue(new byte[1], Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> BroadcastQueue.attach(queue.handle(), 0))
                    .isInstanceOf(SegmentInUseException.class);
            assertThatThrownBy(() -> BroadcastQueue.attach("psm_12345678", 0))
                    .isInstanceOf(IncompatibleSegmentException.class)
                    .hasMessageContaining("found=psm_12345678");
        }
    }

    @Test
    void shouldNotWaitForTheOthersOnceAnEndIsClosed() throws Exception {
        BroadcastQueue queue = BroadcastQueue.create(3);
        BroadcastQueue one = BroadcastQueue.attach(queue.handle(), 0);
        try (BroadcastQueue two = BroadcastQueue.attach(queue.handle(), 1)) {
            Task<Boolean> first = Task.start(() -> one.awaitReady(LONG));
            Task<Boolean> second = Task.start(() -> two.awaitReady(LONG));
            Task<Boolean> writing = Task.start(() -> queue.awaitReady(LONG));
            Await.until("all wait", () -> first.tid() != 0 && second.tid() != 0 && writing.tid() != 0);
            one.close();
            assertThat(first.join()).isFalse();
            assertThat(second.isDone() || writing.isDone()).as("the others wait on").isFalse();
            queue.close();
            assertThat(second.join()).isFalse();
            assertThat(writing.join()).isFalse();
            for (BroadcastQueue end : List.of(one, two, queue)) {
                assertThat(Task.start(() -> end.awaitReady(LONG)).join()).as("closed before").isFalse();
            }
        } finally {
            queue.close();
        }
    }

    @Test
    void shouldNotWaitForTheOthersOfAWriterThatDied(@TempDir(factory = ShmTempDir.class) Path folder)
            throws Exception {
        Path file = folder.resolve("queue");
        RingWriter.createFile(file, RingConfig.of(Frames.PAGE, 2));
        try (MappedFile mapped = RingLayout.open(file, false)) { // open, and nobody holds the writer's lock
            Words.longRelease(mapped.memory(), RingLayout.WRITER_STATE, RingLayout.WRITER_OPEN);
        }
        try (BroadcastQueue one = BroadcastQueue.attach("rollcall-queue:1:" + file, 0)) {
            assertThat(Task.start(() -> one.awaitReady(LONG)).join()).isFalse();
        }
    }

    @Test
    void shouldWakeAReaderWhenEitherEndCloses() throws Exception {
        BroadcastQueue queue = BroadcastQueue.create(2);
        BroadcastQueue one = BroadcastQueue.attach(queue.handle(), 0);
        BroadcastQueue two = BroadcastQueue.attach(queue.handle(), 1);
        Task<byte[]> first = Task.start(() -> one.dequeue(LONG));
        Task<byte[]> second = Task.start(() -> two.dequeue(LONG));
        one.close();
        assertThatThrownBy(first::join).isInstanceOf(RingClosedException.class);
        queue.close();
        assertThatThrownBy(second::join).isInstanceOf(RingClosedException.class);
        two.close();
    }
}
