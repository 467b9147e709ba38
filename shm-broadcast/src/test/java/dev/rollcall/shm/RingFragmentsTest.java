package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.ControlledFrameHandler.Action;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages longer than a frame, up to much longer than the ring. */
class RingFragmentsTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.builder(PAGE, 2).maxMessage(1 << 20).build());
        reader = RingReader.join(file, 0);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    private Task<Void> writing(byte[]... messages) {
        return Task.start(() -> {
            for (byte[] message : messages) {
                Frames.write(writer, message);
            }
            return null;
        });
    }

    @Test
    void shouldCarryMessagesOfEverySizeAroundTheLimits() throws Exception {
        int frame = writer.maxPayload();
        int[] sizes = {0, 1, frame - 1, frame, frame + 1, frame + 8, PAGE, 2 * PAGE, 2 * PAGE + 1, 100_000, 1 << 20, 3,
                frame + 2};
        byte[][] messages = new byte[sizes.length][];
        for (int i = 0; i < sizes.length; i++) {
            messages[i] = Frames.pattern(i, sizes[i]);
        }
        Task<Void> task = writing(messages);
        for (byte[] message : messages) {
            assertThat(Frames.take(reader)).isEqualTo(message);
        }
        task.join();
        assertThat(reader.lag().messages()).isZero();
        assertThat(reader.lag().bytes()).isZero();
    }

    @Test
    void shouldKeepTheTypeOfALongMessage() throws Exception {
        int[] types = {0, 1, 4711, RingLayout.MAX_TYPE_ID, 7};
        MemorySegment large = MemorySegment.ofArray(Frames.pattern(1, 20_000));
        Task<Void> task = Task.start(() -> {
            for (int type : types) {
                writer.write(type, large, 0, type == 7 ? 5 : large.byteSize(), 10 * Frames.SECOND);
            }
            return null;
        });
        List<Integer> seen = new ArrayList<>();
        while (seen.size() < types.length) {
            assertThat(reader.await(10 * Frames.SECOND)).isTrue();
            reader.poll((type, _, _, length) -> {
                assertThat(length).isEqualTo(type == 7 ? 5 : 20_000);
                seen.add(type);
            }, 10);
        }
        task.join();
        assertThat(seen).containsExactly(0, 1, 4711, RingLayout.MAX_TYPE_ID, 7);
    }

    @Test
    void shouldRefuseWhatIsLongerThanTheLongest() {
        MemorySegment tooLong = MemorySegment.ofArray(new byte[(1 << 20) + 1]);
        assertThat(writer.maxMessage()).isEqualTo(1 << 20);
        assertThatThrownBy(() -> writer.write(1, tooLong, 0, tooLong.byteSize(), Frames.SECOND))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("maxMessage=1048576");
        assertThatThrownBy(() -> writer.offer(1, tooLong, 0, PAGE)).isInstanceOf(IllegalArgumentException.class);
        Frames.write(writer, "fine");
        assertThat(Frames.drain(reader)).containsExactly("fine");
    }

    @Test
    void shouldForgetAMessageTheWriterGaveUp() throws Exception {
        MemorySegment large = MemorySegment.ofArray(Frames.pattern(1, 20_000));
        for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> writer.write(1, large, 0, large.byteSize(), 5_000_000))
                    .isInstanceOf(RingFullException.class);
            assertThat(reader.poll((_, _, _, _) -> {}, 10)).as("parts are no message").isZero();
        }
        Frames.write(writer, "after");
        assertThat(Frames.drain(reader)).containsExactly("after");
        assertThatThrownBy(() -> writer.write(1, large, 0, large.byteSize(), 0)).isInstanceOf(RingFullException.class);
        byte[] next = Frames.pattern(2, 30_000);
        Task<Void> task = writing(next);
        assertThat(Frames.take(reader)).isEqualTo(next);
        task.join();
        assertThat(reader.lag().messages()).isZero();
    }

    @Test
    void shouldSkipAMessageWhoseBeginningItMissed() throws Exception {
        byte[] large = Frames.pattern(3, 40_000);
        byte[] next = Frames.pattern(4, 10_000);
        Task<Void> task = writing(large, next);
        while (reader.position() < 5_000) {
            assertThat(reader.await(Frames.SECOND)).isTrue();
            reader.poll((_, _, _, _) -> {}, 1);
        }
        try (RingReader late = RingReader.join(file, 1)) {
            Task<byte[]> lateTake = Task.start(() -> Frames.take(late));
            assertThat(Frames.take(reader)).isEqualTo(large);
            assertThat(Frames.take(reader)).isEqualTo(next);
            assertThat(lateTake.join()).isEqualTo(next);
            task.join();
            assertThat(writer.lags()).allSatisfy(lag -> assertThat(lag.messages()).isZero());
        }
    }

    @Test
    void shouldHandAnAbortedLongMessageOutAgain() throws Exception {
        byte[] large = Frames.pattern(5, 50_000);
        Task<Void> task = writing(large, Frames.pattern(6, 3));
        List<byte[]> seen = new ArrayList<>();
        while (seen.size() < 4) {
            reader.await(Frames.SECOND);
            reader.controlledPoll((_, b, o, l) -> {
                seen.add(Frames.bytes(b, o, l));
                return seen.size() < 3 ? Action.ABORT : Action.CONTINUE;
            }, 1);
        }
        task.join();
        assertThat(seen.subList(0, 3)).allSatisfy(copy -> assertThat(copy).isEqualTo(large));
        assertThat(seen.get(3)).isEqualTo(Frames.pattern(6, 3));
    }

    @Test
    void shouldGoOnAfterAHandlerThrewAtALongMessage() throws Exception {
        Task<Void> task = writing(Frames.pattern(7, 20_000), Frames.pattern(8, 20_000));
        int thrown = 0;
        while (thrown == 0) {
            reader.await(Frames.SECOND);
            try {
                reader.poll((_, _, _, _) -> {
                    throw new IllegalArgumentException("no");
                }, 1);
            } catch (IllegalArgumentException expected) {
                thrown++;
            }
        }
        assertThat(Frames.take(reader)).isEqualTo(Frames.pattern(8, 20_000));
        task.join();
    }

    @Test
    void shouldCarryLongMessagesToSeveralReadersAndInACopyOutRing() throws Exception {
        Path other = folder.resolve("copy-out");
        try (RingWriter out = RingWriter.create(other, RingConfig.builder(PAGE, 2).copyOut(true).build());
                RingReader first = RingReader.join(other, 0);
                RingReader second = RingReader.join(other, 1)) {
            byte[] large = Frames.pattern(9, 300_000);
            Task<byte[]> one = Task.start(() -> Frames.take(first));
            Task<byte[]> two = Task.start(() -> Frames.take(second));
            Frames.write(out, large);
            assertThat(one.join()).isEqualTo(large);
            assertThat(two.join()).isEqualTo(large);
        }
    }

    @Test
    void shouldEndAnUnfinishedMessageWithTheRing() {
        MemorySegment large = MemorySegment.ofArray(Frames.pattern(1, 20_000));
        assertThatThrownBy(() -> writer.write(1, large, 0, large.byteSize(), 0)).isInstanceOf(RingFullException.class);
        writer.close();
        assertThat(reader.poll((_, _, _, _) -> {}, 10)).isZero();
        assertThatThrownBy(() -> reader.await(Frames.SECOND)).isInstanceOf(RingClosedException.class);
    }
}
