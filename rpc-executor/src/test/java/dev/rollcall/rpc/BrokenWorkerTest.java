package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.RollcallException;

/** As {@link GarbageTest}, and the other way round, with processes: the driver says who and what, and lives on. */
class BrokenWorkerTest {

    private static final long DATA_AT = 32;
    private static final long TAIL = 128;
    private static final long VERSION_AT = 8;
    private static final long REQUEST_VERSION = 52;

    private interface Change {

        void make(MemorySegment file);
    }

    private static void change(Path file, Change change) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                Arena arena = Arena.ofConfined()) {
            change.make(channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldBlameTheProcessThatWritesGarbageIntoItsReplyRing() {
        scribble("1 replies-1 4096", "reply");
    }

    @Test
    @Tag("stress")
    void shouldBlameTheProcessThatWritesGarbageOverItsMarks() {
        scribble("1 board 98304", "board block broken");
    }

    private static void scribble(String where, String what) {
        try (TestGroup group = TestGroup.of(2)) {
            CompletableFuture<CallResult> call = group.executor.call("scribble", TestWorker.text(where));
            assertThatThrownBy(() -> TestGroup.get(call)).isInstanceOf(RollcallException.class)
                    .hasMessageContaining("rank=1").hasMessageContaining(what);
            assertThat(group.executor.state()).isEqualTo(State.FAILED);
            assertThatThrownBy(() -> group.call("rank", "")).hasMessageContaining("rank=1");
        }
    }

    /** As a driver of another version would write it. */
    @Test
    void shouldTellThatAWorkerCannotReadItsRequests() {
        try (TestGroup group = TestGroup.of(1)) {
            change(group.directory.resolve("requests"), ring -> {
                long frame = ring.get(ValueLayout.JAVA_LONG, DATA_AT) + ring.get(ValueLayout.JAVA_LONG, TAIL);
                CallLayout.request(ring, frame + 8, 1, CallLayout.NO_DEADLINE, 0, 0, 0, 0, -1, 0);
                ring.set(ValueLayout.JAVA_INT, frame + 8 + REQUEST_VERSION, CallLayout.VERSION + 1);
                ring.set(ValueLayout.JAVA_LONG, frame, (long) CallLayout.CALL << 40 | 8 + CallLayout.REQUEST_HEADER);
            });
            TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.state() == State.FAILED);
            WorkerDiedException error = catchThrowableOfType(WorkerDiedException.class, () -> group.call("rank", ""));
            assertThat(error.rank()).isZero();
            assertThat(error.exit()).isEqualTo(new WorkerLauncher.Exit(WorkerProcess.EXIT_BROKEN));
            assertThat(error.lastOutput()).anySatisfy(line -> assertThat(line)
                    .contains("malformed request type=1", "layoutVersion=" + CallLayout.VERSION));
        }
    }

    @Test
    void shouldTellThatAWorkerCannotReadTheFilesOfItsGroup() {
        ProcessLauncher processes = TestGroup.launcher().build();
        WorkerLauncher launcher = spec -> {
            change(spec.directory().boardFile(), board -> board.set(ValueLayout.JAVA_INT, VERSION_AT, 9 << 16));
            return processes.launch(spec);
        };
        GroupStartException error = catchThrowableOfType(GroupStartException.class,
                () -> CollectiveExecutor.builder(launcher, 1).start().close());
        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.exit()).isEqualTo(new WorkerLauncher.Exit(WorkerProcess.EXIT_START));
            assertThat(rank.lastOutput())
                    .anySatisfy(line -> assertThat(line).contains("IncompatibleSegmentException", "found", "expected"));
        });
    }
}
