package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Onlookers: hold nobody back, lose what they are too slow for, never see a torn frame. */
class RingFollowerTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private RingWriter writer;

    @BeforeEach
    void create() {
        file = folder.resolve("ring");
        writer = RingWriter.create(file, RingConfig.builder(PAGE, 1).followers(true).build());
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private static List<String> drain(RingFollower follower) {
        List<String> seen = new ArrayList<>();
        follower.poll((_, b, o, l) -> seen.add(Frames.string(b, o, l)), 1000);
        return seen;
    }

    @Test
    void shouldFollowFromTheTailAndPassOverPadding() {
        Frames.write(writer, "early");
        try (RingFollower follower = RingFollower.open(file)) {
            assertThat(drain(follower)).isEmpty();
            Frames.write(writer, "one");
            writer.tryClaim(100);
            writer.abort();
            Frames.write(writer, "");
            assertThat(follower.await(0)).isTrue();
            assertThat(drain(follower)).containsExactly("one", "");
            assertThat(follower.position()).isEqualTo(writer.position());
            assertThat(follower.lostBytes()).isZero();
            assertThat(follower.await(1_000_000)).isFalse();
            assertThat(writer.isConnected()).as("it is no reader").isFalse();
        }
    }

    @Test
    void shouldGoOnAtTheTailWhenOvertaken() {
        try (RingFollower follower = RingFollower.open(file)) {
            for (int i = 0; i < 1000; i++) {
                Frames.write(writer, "lost " + i);
            }
            assertThat(follower.await(0)).isTrue();
            assertThat(drain(follower)).isEmpty();
            assertThat(follower.lostBytes()).isEqualTo(writer.position());
            Frames.write(writer, "found");
            assertThat(drain(follower)).containsExactly("found");
        }
    }

    /** The reader moves only when the follower has seen what fits, so nothing is overwritten under it. */
    @Test
    void shouldPutFragmentsTogether() throws Exception {
        try (RingFollower follower = RingFollower.open(file); RingReader reader = RingReader.join(file, 0)) {
            byte[] large = Frames.pattern(1, 5_000);
            Task<Void> writing = Task.start(() -> {
                writer.write(4711, MemorySegment.ofArray(large), 0, large.length, 10 * Frames.SECOND);
                return null;
            });
            List<byte[]> seen = new ArrayList<>();
            FrameHandler keep = (type, b, o, l) -> {
                assertThat(type).isEqualTo(4711);
                seen.add(Frames.bytes(b, o, l));
            };
            Await.until("follower has what fits", () -> {
                assertThat(follower.poll(keep, 10)).as("parts are no message").isZero();
                return follower.position() == 3 * PAGE / 4;
            });
            assertThat(Frames.take(reader)).isEqualTo(large);
            writing.join();
            assertThat(follower.poll(keep, 10)).isEqualTo(1);
            assertThat(seen).singleElement().isEqualTo(large);
            assertThat(follower.lostBytes()).isZero();
            assertThat(follower.position()).isEqualTo(writer.position());
        }
    }

    @Test
    void shouldBeSentAwayWhenClosedByAnotherThread() throws Exception {
        for (int i = 0; i < 50; i++) {
            RingFollower follower = RingFollower.open(file);
            boolean polls = i % 2 == 0;
            Task<Void> busy = Task.start(() -> {
                while (polls) {
                    follower.poll((_, _, _, _) -> {}, 1);
                }
                follower.await(20 * Frames.SECOND);
                return null;
            });
            Await.until("running", () -> busy.tid() != 0);
            follower.close();
            assertThatThrownBy(busy::join).isInstanceOf(RingClosedException.class)
                    .hasMessageContaining("follower is closed");
            follower.close();
        }
    }

    @Test
    void shouldLetAHandlerCloseIt() {
        RingFollower follower = RingFollower.open(file);
        Frames.write(writer, "one");
        Frames.write(writer, "two");
        assertThat(follower.poll((_, b, o, l) -> {
            follower.close();
            assertThat(Frames.string(b, o, l)).isEqualTo("one");
        }, 10)).isEqualTo(1);
        assertThatThrownBy(() -> drain(follower)).isInstanceOf(RingClosedException.class);
        assertThatThrownBy(() -> follower.await(0)).isInstanceOf(RingClosedException.class);
    }

    @Test
    void shouldNeverSeeATornFrame() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Task<Void> writing = Task.start(() -> {
            for (long i = 0; !stop.get(); i++) {
                int words = (int) (i % 60) + 1;
                long at = writer.tryClaim(8 * words);
                for (int w = 0; w < words; w++) {
                    writer.buffer().set(ValueLayout.JAVA_LONG, at + 8L * w, i);
                }
                writer.commit(1);
            }
            return null;
        });
        long[] seen = {0, -1};
        try (RingFollower follower = RingFollower.open(file)) {
            long start = System.nanoTime();
            // On one core with its writer it is always overtaken, until the scheduler parts them.
            while (seen[0] < 100_000 && System.nanoTime() - start < (seen[0] == 0 ? 60 : 1) * Frames.SECOND) {
                follower.poll((_, b, o, l) -> {
                    long first = b.get(ValueLayout.JAVA_LONG, o);
                    assertThat(first).isGreaterThan(seen[1]);
                    seen[1] = first;
                    seen[0]++;
                    for (long at = 0; at < l; at += 8) {
                        if (l != 8 * (first % 60 + 1) || b.get(ValueLayout.JAVA_LONG, o + at) != first) {
                            throw new AssertionError("torn: first=" + first + " length=" + l);
                        }
                    }
                }, 100);
            }
        }
        stop.set(true);
        writing.join();
        assertThat(seen[0]).isPositive();
    }

    @Test
    void shouldLearnTheEnd() {
        try (RingFollower follower = RingFollower.open(file)) {
            Frames.write(writer, "last");
            writer.close();
            assertThat(follower.await(Frames.SECOND)).isTrue();
            assertThat(drain(follower)).containsExactly("last");
            assertThatThrownBy(() -> follower.await(Frames.SECOND)).isInstanceOf(RingClosedException.class)
                    .hasMessageContaining("state=closed");
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldNotGoRoundForEverInARingOfNothingButPadding() {
        MemorySegment m = writer.buffer();
        long data = RingShape.of(m).data();
        for (long at = 0; at < PAGE; at += 8) {
            Words.longRelease(m, data + at, RingLayout.header(0, RingLayout.FLAG_PADDING, 8));
        }
        try (RingFollower follower = RingFollower.open(file)) {
            assertThat(follower.poll((_, _, _, _) -> {}, 10)).isZero();
            assertThat(follower.position()).isEqualTo(PAGE);
        }
    }

    @Test
    void shouldRefuseARingThatWasNotMadeForIt() {
        Path plain = folder.resolve("plain");
        RingWriter.createFile(plain, RingConfig.of(PAGE, 1));
        assertThatThrownBy(() -> RingFollower.open(plain)).isInstanceOf(IncompatibleSegmentException.class)
                .hasMessageContaining("not created for followers");
    }
}
