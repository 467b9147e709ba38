package dev.rollcall.tools.together;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CommandLauncher;
import dev.rollcall.rpc.WorkerHungException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.watchdog.Watchdog;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers that are no JVMs, a driver and a watchdog, all as they are: what Python marks on the board convicts it. */
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD)
class PythonWorkerTest {
    private static final String WORKER =
            Path.of("").toAbsolutePath().resolveSibling("rpc-executor/src/test/python/test_worker.py").toString();

    @TempDir
    private Path incidents;

    private final List<PidFd> workers = new ArrayList<>();
    private CollectiveExecutor group;
    private Board board;
    private Watching watching;

    @BeforeAll
    static void needPython() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the Python worker is for x86-64");
        assumeTrue(new ProcessBuilder("python3", "-c", "import os; os.pidfd_open").start().waitFor() == 0,
                "needs Python 3.9");
    }

    @BeforeEach
    void start() {
        group = CollectiveExecutor.builder(CommandLauncher.of("python3", WORKER), 2)
                .readyTimeout(Duration.ofSeconds(30)).defaultTimeout(Duration.ofSeconds(60)).start();
        for (int rank = 0; rank < 2; rank++) {
            workers.add(PidFd.open(ProcessIdentity.of((int) group.pid(rank))));
        }
        board = Board.open(group.directory().resolve("board"), true);
        watching = new Watching(
                Watchdog.builder(group.directory()).floor(Duration.ofMillis(500)).incidents(incidents));
    }

    @AfterEach
    void end() throws Exception {
        group.close();
        watching.close();
        board.close();
        assertThat(workers).allMatch(PidFd::isDead);
        workers.forEach(PidFd::close);
        assertThat(group.directory()).doesNotExist();
    }

    @Test
    void shouldConvictTheRankThatIsStopped() throws Exception {
        CompletableFuture<CallResult> hung = call("sleep", "60000", "");
        CompletableFuture<CallResult> behind = call("rank", "", "");
        Watching.await(() -> inCall(0) && inCall(1));
        workers.get(1).signal(Signal.STOP);

        expectVerdict(HangKind.STOPPED, hung, behind);
    }

    /** The interpreter's lock goes round, so the pulse beats on, and writes down where the loop is. */
    @Test
    void shouldConvictTheRankThatLoopsForEverAndShowWhere() throws Exception {
        for (int i = 0; watching.watchdog.limits().classes().isEmpty(); i++) {
            assertThat(i).as("calls that taught nothing").isLessThan(100);
            call("spin", "none", "decode").get(20, TimeUnit.SECONDS);
        }
        CompletableFuture<CallResult> hung = call("spin", "1", "decode");
        CompletableFuture<CallResult> behind = call("rank", "", "");

        Path incident = expectVerdict(HangKind.SPINNING, hung, behind);
        assertThat(incident.resolve("stacks/rank-1.txt")).content().contains("test_worker.py", "in spin");
    }

    private CompletableFuture<CallResult> call(String method, String arguments, String costClass) {
        return group.call(method, MemorySegment.ofArray(arguments.getBytes(StandardCharsets.UTF_8)),
                costClass.isEmpty() ? CallOptions.allRanks() : CallOptions.allRanks().inClass(costClass));
    }

    private boolean inCall(int rank) {
        return board.rank(rank).started() > board.rank(rank).finished();
    }

    /** Of rank 1 alone; its calls fail with it, the evidence is there, and both processes go. Returns the incident. */
    private Path expectVerdict(HangKind kind, CompletableFuture<CallResult> hung, CompletableFuture<CallResult> behind)
            throws IOException {
        WorkerHungException error = catchThrowableOfType(WorkerHungException.class, () -> causeOf(hung));
        assertThat(error.verdict().kind()).as(error.getMessage()).isEqualTo(kind);
        assertThat(error.verdict().rank()).isEqualTo(1);
        assertThat(error).hasMessageContaining("rank=1 kind=" + kind);
        assertThat(catchThrowableOfType(WorkerHungException.class, () -> causeOf(behind)).verdict().rank())
                .isEqualTo(1);

        Watching.await(() -> workers.stream().allMatch(PidFd::isDead));
        assertThat(group.state()).isEqualTo(CollectiveExecutor.State.FAILED);
        Watching.await(() -> !watching.sealed.isEmpty());
        Verdict sealed = watching.sealed.getFirst();
        assertThat(sealed.rank()).isEqualTo(1);
        Path incident = Path.of(sealed.incident());
        assertThat(Files.readString(incident.resolve("report.txt"))).contains(kind.name());
        return incident;
    }

    private static void causeOf(CompletableFuture<CallResult> call) throws Throwable {
        try {
            call.get(40, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
