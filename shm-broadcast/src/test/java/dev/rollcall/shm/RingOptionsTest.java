package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.rollcall.shm.testing.ShmTempDir;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a ring can be created with, and what it must not cost. */
class RingOptionsTest {
    private static final int HUGE = 2 << 20;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    static Stream<RingConfig> shapes() {
        return Stream.of(
                RingConfig.of(PAGE, 1),
                RingConfig.builder(PAGE, 64).wakeups(false).build(),
                RingConfig.builder(PAGE, 2).copyOut(true).build(),
                RingConfig.builder(PAGE, 2).followers(true).build(),
                RingConfig.builder(4 * PAGE, 2).prefault(true).build(),
                RingConfig.builder(HUGE, 2).hugePages(true).build(),
                RingConfig.builder(HUGE, 2).hugePages(true).prefault(true).copyOut(true).followers(true).build());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void shouldCarryMessagesInEveryShape(RingConfig config) {
        Path file = folder.resolve("ring");
        try (RingWriter writer = RingWriter.create(file, config); RingReader reader = RingReader.join(file, 0)) {
            byte[] message = Frames.pattern(1, writer.maxPayload() / 3);
            for (int i = 0; i < 10; i++) {
                Frames.write(writer, message);
                assertThat(Frames.take(reader)).isEqualTo(message);
            }
        }
    }

    /** Measured on this thread after a warm-up: not one byte per message, in any shape. */
    @ParameterizedTest
    @MethodSource("shapes")
    void shouldAllocateNothingPerMessage(RingConfig config) {
        Path file = folder.resolve("ring");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RingWriter writer = RingWriter.create(file, config); RingReader reader = RingReader.join(file, 0)) {
            MemorySegment source = java.lang.foreign.Arena.ofAuto().allocate(64);
            long[] sum = new long[1];
            FrameHandler handler = (_, buffer, offset, _) -> sum[0] += buffer.get(ValueLayout.JAVA_LONG, offset);
            ControlledFrameHandler controlled = (_, _, _, _) -> ControlledFrameHandler.Action.COMMIT;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 20 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 2_000; i++) {
                    writer.offer(1, source, 0, 64);
                    try (var _ = writer.batch()) {
                        writer.write(1, source, 0, 32, 1);
                    }
                    if (reader.await(0)) {
                        reader.poll(handler, 1);
                        reader.controlledPoll(controlled, 10);
                    }
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes allocated by 4,000 messages").isZero();
            assertThat(reader.lag().messages()).isZero();
        }
    }

    /** The words that a wake moves before its system call stand still, on both sides. */
    @ParameterizedTest
    @MethodSource("shapes")
    void shouldWakeNobodyWhileNobodySleeps(RingConfig config) {
        Path file = folder.resolve("ring");
        try (RingWriter writer = RingWriter.create(file, config); RingReader reader = RingReader.join(file, 0)) {
            MemorySegment m = writer.buffer();
            int data = Words.intOpaque(m, RingLayout.DATA_CELL);
            int space = Words.intOpaque(m, RingLayout.SPACE_CELL);
            for (int i = 0; i < 1_000; i++) {
                assertThat(Frames.offer(writer, "message " + i)).isPositive();
                assertThat(Frames.drain(reader)).containsExactly("message " + i);
            }
            assertThat(Words.intOpaque(m, RingLayout.DATA_CELL)).isEqualTo(data);
            assertThat(Words.intOpaque(m, RingLayout.SPACE_CELL)).isEqualTo(space);
        }
    }

    @Test
    void shouldMapAllPagesAtOnceWhenAsked() throws Exception {
        for (boolean prefault : new boolean[]{true, false}) {
            Path file = folder.resolve("ring-" + prefault);
            RingWriter.createFile(file, RingConfig.builder(64 * PAGE, 1).prefault(prefault).build());
            try (RingObserver _ = RingObserver.open(file)) {
                long resident = residentKiB(file);
                assertThat(resident >= 2 * 256).as("prefault=%s residentKiB=%d", prefault, resident)
                        .isEqualTo(prefault);
            }
        }
    }

    private static long residentKiB(Path file) throws Exception {
        boolean inside = false;
        long sum = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                inside = line.endsWith(file.toString());
            } else if (inside && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }

    @Test
    void shouldRefuseImpossibleShapes() {
        assertThatThrownBy(() -> RingConfig.of(PAGE + 1, 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=4097");
        assertThatThrownBy(() -> RingConfig.of(PAGE / 2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.of(2L << 30, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.of(Long.MIN_VALUE, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.of(PAGE, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("readerSlots=0");
        assertThatThrownBy(() -> RingConfig.of(PAGE, 65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.builder(PAGE, 1).maxMessage(-1).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingConfig.builder(PAGE, 1).hugePages(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pageSize=" + HUGE);
    }

    @Test
    void shouldSayThatThereIsNoRoomBeforeAnythingIsTouched() throws Exception {
        Path file = folder.resolve("ring");
        Path full = Path.of("/dev/shm");
        long free = Files.getFileStore(full).getUsableSpace();
        org.junit.jupiter.api.Assumptions.assumeTrue(free < RingLayout.MAX_CAPACITY,
                "shared memory is larger than the largest ring");
        assertThatThrownBy(() -> RingWriter.createFile(file, RingConfig.of(RingLayout.MAX_CAPACITY, 1)))
                .isInstanceOf(NoSpaceException.class).hasMessageContaining("needed=").hasMessageContaining("free=");
    }
}
