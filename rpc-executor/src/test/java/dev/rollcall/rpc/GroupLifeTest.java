package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;

class GroupLifeTest {

    // of a driver in a process of its own
    private final List<PidFd> workers = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();

    @Test
    void shouldDrainCallsInFlightWhenClosed() {
        CompletableFuture<CallResult> call;
        try (TestGroup group = TestGroup.of(2)) {
            call = group.executor.call("sleep", TestWorker.text("300"));
        }
        assertThat(call).isCompleted();
    }

    @Test
    void shouldFailWhatDoesNotDrainAndEndStuckWorkers() {
        TestGroup group = TestGroup.of(2,
                builder -> builder.drainTimeout(Duration.ofMillis(100)).stopTimeout(Duration.ofMillis(100)));
        CompletableFuture<CallResult> call = group.executor.call("sleep", TestWorker.text("30000"));
        long start = System.nanoTime();
        group.close();
        assertThat(System.nanoTime() - start).isLessThan(3_500_000_000L);
        assertThatThrownBy(() -> TestGroup.get(call)).isInstanceOf(GroupClosedException.class);
        assertThatThrownBy(() -> group.call("rank", "")).isInstanceOf(GroupClosedException.class);
    }

    @Test
    void shouldCloseOnceFromManyThreads() throws Exception {
        TestGroup group = TestGroup.of(2);
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            closers.add(Thread.ofVirtual().start(group.executor::close));
        }
        for (Thread closer : closers) {
            assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
        }
        group.close();
    }

    @Test
    void shouldTellProgressOfEveryRank() {
        List<String> events = new ArrayList<>();
        GroupListener listener = new GroupListener() {
            @Override
            public void rankStarting(int rank, Phase phase, Duration after) {
                events.add(rank + " " + phase);
            }
        };
        try (TestGroup group = TestGroup.of(3, builder -> builder.listener(listener))) {
            assertThat(events).contains("0 READY", "1 READY", "2 READY");
            assertThat(group.executor.state()).isEqualTo(CollectiveExecutor.State.READY);
        }
    }

    @Test
    void shouldReportTheRankWhoseOpenThrew() {
        GroupStartException error = startFault("throw", Duration.ofSeconds(20));
        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.reason()).isEqualTo("java.lang.IllegalStateException: no such model");
            assertThat(rank.exit()).isEqualTo(new WorkerLauncher.Exit(WorkerProcess.EXIT_START));
            assertThat(rank.stack()).contains("TestWorker.open");
        });
    }

    @Test
    void shouldReportTheRankThatEndedDuringStart() {
        GroupStartException error = startFault("exit", Duration.ofSeconds(20));
        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.exit()).isEqualTo(new WorkerLauncher.Exit(9));
            assertThat(rank.lastOutput()).contains("leaving early");
        });
        assertThat(error).hasMessageContaining("rank=1 exit=9").hasMessageContaining("leaving early");
    }

    /** A command, for a JVM turns a SIGSEGV into a page of its own. Rank 1 dies while the others still load. */
    @ParameterizedTest
    @CsvSource({"KILL, signal=9 (SIGKILL)", "SEGV, signal=11 (SIGSEGV)"})
    void shouldNameTheSignalThatEndedARankDuringStart(String signal, String said) {
        String name = GroupDirectory.newName();
        WorkerLauncher commands = CommandLauncher.of("sh", "-c", "ulimit -c 0; echo $TMPDIR; [ $ROLLCALL_RANK = 1 ] "
                + "&& echo loading layer 7 && kill -" + signal + " $$; exec sleep 60");
        List<WorkerLauncher.Handle> launched = new CopyOnWriteArrayList<>();
        WorkerLauncher launcher = spec -> {
            WorkerLauncher.Handle handle = commands.launch(spec);
            launched.add(handle);
            TestGroup.await(Duration.ofSeconds(20), () -> !handle.lastOutput().isEmpty()); // it has told its folder
            return handle;
        };

        GroupStartException error = catchThrowableOfType(GroupStartException.class, () -> CollectiveExecutor
                .builder(launcher, 3).group(name).readyTimeout(Duration.ofSeconds(30)).start().close());

        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.exit()).hasToString(said);
            assertThat(rank.lastOutput()).last().isEqualTo("loading layer 7");
        });
        assertThat(error).hasMessageContaining("rank=1 " + said).hasMessageContaining("| loading layer 7");
        assertThat(launched).hasSize(3).allMatch(WorkerLauncher.Handle::isDead);
        assertThat(launched).extracting(handle -> Path.of(handle.lastOutput().getFirst())).noneMatch(Files::exists);
        assertThat(GroupDirectory.root().resolve(name + "-1")).doesNotExist();
    }

    /** A JVM that loads a model, killed from outside; {@link CrashTest} has one that ends itself. */
    @Test
    @Tag("stress")
    void shouldNameTheSignalThatEndedAWorkerWhileItWasOpening() {
        ProcessLauncher processes =
                TestGroup.launcher().argument("openFault", "hang").argument("faultRank", "1").build();
        List<WorkerLauncher.Handle> launched = new ArrayList<>();
        WorkerLauncher launcher = spec -> {
            launched.add(processes.launch(spec));
            return launched.getLast();
        };
        GroupListener killer = new GroupListener() {
            @Override
            public void rankStarting(int rank, Phase phase, Duration after) {
                if (rank == 1 && phase == Phase.STARTING) {
                    WorkerLauncher.Handle worker = launched.get(1);
                    TestGroup.await(Duration.ofSeconds(20), () -> !worker.lastOutput().isEmpty());
                    worker.kill();
                }
            }
        };
        String name = GroupDirectory.newName();

        GroupStartException error = catchThrowableOfType(GroupStartException.class, () -> CollectiveExecutor
                .builder(launcher, 2).group(name).readyTimeout(Duration.ofSeconds(30)).listener(killer).start()
                .close());

        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.reason()).isEqualTo("ended in phase=STARTING");
            assertThat(rank.exit()).hasToString("signal=9 (SIGKILL)");
            assertThat(rank.lastOutput()).containsExactly("worker opened rank=1");
        });
        assertThat(error).hasMessageContaining("rank=1 signal=9 (SIGKILL)")
                .hasMessageContaining("| worker opened rank=1");
        assertThat(launched).hasSize(2).allMatch(WorkerLauncher.Handle::isDead);
        assertThat(GroupDirectory.root().resolve(name + "-1")).doesNotExist();
    }

    /** What ignores SIGTERM is killed. */
    @Test
    void shouldKillACommandThatDoesNotEndWhenAsked() {
        WorkerLauncher commands = CommandLauncher.of("sh", "-c", "trap '' TERM; echo deaf; exec sleep 60");
        List<WorkerLauncher.Handle> launched = new ArrayList<>();
        WorkerLauncher launcher = spec -> {
            WorkerLauncher.Handle handle = commands.launch(spec);
            launched.add(handle);
            TestGroup.await(Duration.ofSeconds(20), () -> !handle.lastOutput().isEmpty());
            return handle;
        };

        GroupStartException error = catchThrowableOfType(GroupStartException.class, () -> CollectiveExecutor
                .builder(launcher, 2).readyTimeout(Duration.ofMillis(1)).start().close());

        assertThat(error.ranks()).hasSize(2)
                .allSatisfy(rank -> assertThat(rank.reason()).isEqualTo("not ready phase=ABSENT"));
        assertThat(launched).hasSize(2).allMatch(WorkerLauncher.Handle::isDead).extracting(WorkerLauncher.Handle::exit)
                .allSatisfy(exit -> assertThat(exit).hasToString("signal=9 (SIGKILL)"));
    }

    @Test
    void shouldReportTheRankThatIsNotReadyInTime() {
        GroupStartException error = startFault("hang", Duration.ofSeconds(1));
        // on a busy machine others may be late too
        assertThat(error.ranks()).anySatisfy(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.reason()).startsWith("not ready phase=");
        });
    }

    @Test
    void shouldReportAMissingHandlerClass() {
        CollectiveExecutorBuilder builder =
                CollectiveExecutor.builder(ProcessLauncher.of("no.such.Handler").build(), 2);
        assertThatThrownBy(builder::start).isInstanceOf(GroupStartException.class)
                .hasMessageContaining("java.lang.ClassNotFoundException: no.such.Handler");
    }

    private static GroupStartException startFault(String fault, Duration readyTimeout) {
        String name = GroupDirectory.newName();
        ProcessLauncher launcher = TestGroup.launcher().argument("openFault", fault).argument("faultRank", "1").build();
        GroupStartException error = catchThrowableOfType(GroupStartException.class,
                () -> CollectiveExecutor.builder(launcher, 3).group(name).readyTimeout(readyTimeout).start().close());
        assertThat(Files.exists(GroupDirectory.root().resolve(name + "-1"))).isFalse();
        return error;
    }

    @Test
    void shouldEndAllWorkersWhenTheDriverIsKilled() throws Exception {
        withDriver((driver, lines) -> {
            expectEndOfWorkers(driver);
            assertThat(folders).hasSize(3).noneMatch(Files::exists);
        });
    }

    @Test
    @Tag("stress")
    void shouldEndWorkersThatAreNoJvmsWhenTheDriverIsKilled() throws Exception {
        CommandLauncherTest.needPython();
        withDriver((driver, lines) -> expectEndOfWorkers(driver), TestDriver.PYTHON);
    }

    private void expectEndOfWorkers(Process driver) {
        long start = System.nanoTime();
        driver.destroyForcibly();
        TestGroup.await(Duration.ofSeconds(2), () -> workers.stream().allMatch(PidFd::isDead));
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }

    @Test
    void shouldLetCallsEndWhenTheDriverIsAskedTo() throws Exception {
        withDriver((driver, lines) -> expectOrderlyEnd(driver, lines, "outcome completed"), "700", "30000");
    }

    @Test
    void shouldNotLetACallHoldTheDriverLongerThanItsGrace() throws Exception {
        withDriver((driver, lines) -> expectOrderlyEnd(driver, lines, "outcome GroupClosedException"), "60000", "200");
    }

    private void expectOrderlyEnd(Process driver, BufferedReader lines, String outcome) throws Exception {
        driver.toHandle().destroy(); // SIGTERM; that of Process closes our end of its output, too
        assertThat(lines.readLine()).isEqualTo(outcome);
        assertThat(driver.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(driver.exitValue()).isEqualTo(128 + 15);
        assertThat(workers).allMatch(PidFd::isDead);
        assertThat(folders).noneMatch(Files::exists);
    }

    private interface Scene {

        void play(Process driver, BufferedReader lines) throws Exception;
    }

    private void withDriver(Scene scene, String... arguments) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), TestDriver.class.getName()));
        command.addAll(List.of(arguments));
        Process driver = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
                if (line.startsWith("pid ")) {
                    workers.add(PidFd.open(ProcessIdentity.of(Integer.parseInt(line.substring(4)))));
                } else if (line.startsWith("tmp ")) {
                    folders.add(Path.of(line.substring(4)));
                }
            }
            assertThat(workers).hasSize(3).doesNotContainNull().noneMatch(PidFd::isDead);
            scene.play(driver, lines);
        } finally {
            driver.destroyForcibly();
            driver.waitFor(5, TimeUnit.SECONDS);
            workers.forEach(PidFd::close);
            GroupDirectory.sweep();
        }
    }
}
