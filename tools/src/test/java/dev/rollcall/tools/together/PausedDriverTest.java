package dev.rollcall.tools.together;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingObserver;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.watchdog.Response;
import dev.rollcall.watchdog.Watchdog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** 64 MiB through rings of 4 and 1 MiB while the driver stands still in the midst: late, whole, and no rank's fault. */
@Tag("stress")
@Timeout(240)
@Execution(ExecutionMode.SAME_THREAD)
class PausedDriverTest {
    private static final int ATTEMPTS = 8;

    @TempDir
    private Path temp;

    private Process process;
    private PidFd driver;
    private BufferedReader lines;
    private Board board;
    private Watching watching;
    private RingObserver requests;

    /** With half the floor all patience is half as long: more than any rank gets. */
    @Test
    void shouldBlameNoRankWhileTheDriverIsStopped() throws Exception {
        play(Duration.ofMillis(500), Duration.ofMillis(1200));
    }

    @Test
    void shouldBlameNoRankWhileTheDriverIsStoppedForLong() throws Exception {
        play(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    private void play(Duration floor, Duration pause) throws Exception {
        start();
        Path folder = Path.of(lines.readLine());
        // The driver's own pause is not what is asked about, and however long it takes here, nobody is to fail for it.
        try (Board opened = Board.open(folder.resolve("board"), true);
                RingObserver ring = RingObserver.open(folder.resolve("requests"));
                Watching watched = new Watching(
                        Watchdog.builder(folder).floor(floor).respond(HangKind.DRIVER_HUNG, Response.OBSERVE))) {
            board = opened;
            requests = ring;
            watching = watched;
            carry("300", pause, this::argumentsAreHalfWay);
            carry("0", pause, this::repliesAreHalfWay);
            process.getOutputStream().close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(temp.resolve("stderr"))).isZero();
            assertThat(watching.decided).noneMatch(verdict -> verdict.rank() >= 0);
            assertThat(opened.verdictSequence()).as("verdicts on the board").isZero();
            assertThat(folder).doesNotExist();
        } finally {
            process.destroyForcibly().waitFor();
            driver.close();
            GroupDirectory.sweep();
        }
    }

    private void start() throws IOException {
        process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                PausedDriver.class.getName()).redirectError(temp.resolve("stderr").toFile()).start();
        driver = PidFd.open(ProcessIdentity.of((int) process.pid()));
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Until the driver was caught in the midst: what it waits for there may be over before it stands still. */
    private void carry(String holdMillis, Duration pause, Midst midst) throws IOException {
        boolean caught = false;
        for (int i = 0; i < ATTEMPTS && !caught; i++) {
            long call = board.driver().lastIssued() + 2;
            long tail = requests.status().tail();
            process.getOutputStream().write((holdMillis + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            BooleanSupplier now = () -> midst.is(call, tail);
            Watching.await(() -> now.getAsBoolean() || board.driver().completed() >= call);
            driver.signal(Signal.STOP);
            Watching.await(this::isStopped);
            if (now.getAsBoolean()) {
                watching.look(pause);
                caught = now.getAsBoolean();
            }
            driver.signal(Signal.CONT);
            assertThat(lines.readLine()).as("%s", watching.decided).isEqualTo("equal");
        }
        assertThat(caught).as("the driver was stopped in the midst of a call").isTrue();
    }

    private interface Midst {
        boolean is(long call, long tailBefore);
    }

    private boolean argumentsAreHalfWay(long call, long tailBefore) {
        long carried = requests.status().tail() - tailBefore;
        return carried > 1 << 20 && carried < PausedDriver.BYTES / 2;
    }

    private boolean repliesAreHalfWay(long call, long tailBefore) {
        for (RankStatus rank : List.of(board.rank(0), board.rank(1))) {
            if (rank.finished() < call || rank.replied() >= call) {
                return false;
            }
        }
        return true;
    }

    private boolean isStopped() {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException gone) {
            return true; // what is asked next says so
        }
    }
}
