package dev.rollcall.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
    private final GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 2);
    private final Board board = Board.create(directory.boardFile(), 2);

    @TempDir
    private Path temp;

    @BeforeEach
    void ready() {
        board.asDriver().phase(Phase.READY);
    }

    @AfterEach
    void removeGroup() {
        board.close();
        directory.close();
    }

    private static Verdict verdict() {
        return new Verdict(0, Tier.ACT, HangKind.STOPPED, 1, 7, 0.99, 1, "state T twice in 0.55 s", "");
    }

    @Test
    void shouldAnswerByItsExitCode() {
        String name = directory.group();
        assertThat(check(name)).isZero();
        try (BoardWatchdog watchdog = board.asWatchdog(true);
                ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor()) {
            var _ = beat.scheduleAtFixedRate(() -> watchdog.tick(0), 0, 20, TimeUnit.MILLISECONDS);
            assertThat(check(name)).isZero();
            watchdog.suspect(verdict());
            assertThat(check(name + "-2")).isEqualTo(1);
            watchdog.verdict(verdict());
            assertThat(check(directory.path().toString())).isEqualTo(2);
            beat.shutdownNow();
        }
        assertThat(check("nosuchgroup")).isEqualTo(3);
        assertThat(check("/dev/shm/nosuchfolder")).isEqualTo(3);
        board.asDriver().phase(Phase.CLOSED);
        assertThat(CheckCommand.check(name).reason()).contains("STOPPED");
    }

    @Test
    void shouldNotFindAGroupThatWasClosedInOrder() {
        board.asDriver().phase(Phase.CLOSED);
        assertThat(check(directory.group())).isEqualTo(3);
    }

    @Test
    void shouldNotTakeAWrongLineForAHang() {
        assertThat(check("--nosuchoption")).isEqualTo(3);
        assertThat(check(directory.group(), "--termination-log")).isEqualTo(3);
    }

    @Test
    void shouldWriteOneLineToATerminationLog() {
        Path log = temp.resolve("termination-log");
        assertThat(check(directory.group(), "--termination-log", log.toString())).isZero();
        assertThat(log).doesNotExist();
        try (BoardWatchdog watchdog = board.asWatchdog(true)) {
            watchdog.verdict(verdict());
        }
        assertThat(check(directory.group(), "--termination-log", log.toString())).isEqualTo(2);
        assertThat(log).content().isEqualTo("hung group=" + directory.group()
                + " rank 1 STOPPED: state T twice in 0.55 s\n");
        assertThat(check(directory.group(), "--termination-log", temp.toString())).isEqualTo(2);
    }

    private static int check(String... line) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return new CommandLine(new CheckCommand()).setOut(nowhere).setErr(nowhere).execute(line);
    }
}
