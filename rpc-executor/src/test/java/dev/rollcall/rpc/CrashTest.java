package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.rollcall.shm.GroupDirectory;

/** A worker's JVM that is ended by a SIGSEGV of its own: what is said, and what is left. */
class CrashTest {

    /** With a core dump the JVM aborts, without it exits: on this machine a dump may have no room, or a place elsewhere. */
    private static final String NO_CORE = "-XX:-CreateCoredumpOnCrash";
    private static final WorkerLauncher.Exit NO_CORE_EXIT = new WorkerLauncher.Exit(1);
    private static final WorkerLauncher.Exit ABORTED = new WorkerLauncher.Exit(128 + 6);

    private final List<WorkerLauncher.Handle> launched = new ArrayList<>();
    private List<String> before;

    /** Rank 1 of it does not get as far as its constructor. */
    public static final class Crashing implements Worker {

        static {
            if ("1".equals(System.getenv(WorkerSettings.RANK))) {
                System.out.println("loading layer 7");
                readAddressZero();
            }
        }

        /** As native code with a bug would. */
        private static int readAddressZero() {
            return MemorySegment.NULL.reinterpret(8).get(ValueLayout.JAVA_INT, 0);
        }

        @Override
        public MemorySegment call(CallContext call) {
            return MemorySegment.ofArray(new int[]{readAddressZero()});
        }
    }

    /** What a crash could leave: reports and dumps where the driver works, folders of workers. */
    private static List<String> lying() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : List.of(Path.of(""), Path.of(System.getProperty("java.io.tmpdir")))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> folder.resolve(file.getFileName()).toString())
                        .filter(name -> name.matches("(.*/)?(hs_err|core|replay_pid|rollcall-\\d+-"
                                + ProcessHandle.current().pid() + "-).*"))
                        .forEach(found::add);
            }
        }
        found.sort(null);
        return found;
    }

    @BeforeEach
    void look() throws IOException {
        before = lying();
    }

    @AfterEach
    void expectNothingLeft() throws IOException {
        assertThat(launched).allMatch(WorkerLauncher.Handle::isDead);
        assertThat(lying()).isEqualTo(before);
    }

    private WorkerLauncher launcher(String... flags) {
        ProcessLauncher.Builder builder = ProcessLauncher.of(Crashing.class).jvmFlag("-Xmx48m");
        List.of(flags).forEach(builder::jvmFlag);
        ProcessLauncher processes = builder.build();
        return spec -> {
            launched.add(processes.launch(spec));
            return launched.getLast();
        };
    }

    /** Its output is read by a thread of its own: on a busy machine the frames may be in only after the exception is made. */
    private void expectFrames(int rank, String method) {
        TestGroup.await(TestGroup.SECONDS_10,
                () -> String.join("\n", launched.get(rank).lastOutput()).contains("-XX:ErrorFile=<path>"));
        List<String> lines = launched.get(rank).lastOutput();
        int signal =
                lines.indexOf(lines.stream().filter(line -> line.startsWith("siginfo:")).findFirst().orElseThrow());
        assertThat(lines.get(signal)).contains("SIGSEGV", "si_addr: 0x0000000000000000");
        List<String> report = lines.subList(signal, lines.size());
        assertThat(report).hasSizeLessThan(35)
                .anySatisfy(line -> assertThat(line).contains("JavaThread \"rollcall-loop-"
                        + rank + "\""))
                .anySatisfy(line -> assertThat(line).startsWith("j  ").contains(method));
    }

    @Test
    void shouldReportAWorkerThatCrashesBeforeItIsReady() {
        String name = GroupDirectory.newName();
        GroupStartException error = catchThrowableOfType(GroupStartException.class,
                () -> CollectiveExecutor.builder(launcher(NO_CORE), 2).group(name).readyTimeout(Duration.ofSeconds(30))
                        .start().close());

        assertThat(error.ranks()).singleElement().satisfies(rank -> {
            assertThat(rank.rank()).isEqualTo(1);
            assertThat(rank.reason()).isEqualTo("ended in phase=STARTING");
            assertThat(rank.exit()).isEqualTo(NO_CORE_EXIT);
            assertThat(rank.lastOutput()).startsWith("loading layer 7")
                    .anySatisfy(line -> assertThat(line).contains("SIGSEGV (0xb) at pc="));
        });
        assertThat(error).hasMessageContaining("rank=1 exit=1 ended").hasMessageContaining("| loading layer 7")
                .hasMessageContaining("SIGSEGV (0xb) at pc=");
        expectFrames(1, "CrashTest$Crashing.readAddressZero");
        assertThat(launched).hasSize(2);
        assertThat(GroupDirectory.root().resolve(name + "-1")).doesNotExist();
    }

    /** As most JVMs run, where the machine allows no dumps; and the report stays where its owner wants it. */
    @Test
    @Tag("stress")
    void shouldReportAWorkerThatCrashesInACallAndLeaveTheReportItsOwnerWants(@TempDir Path folder) throws IOException {
        boolean noCore = Files.readString(Path.of("/proc/self/limits")).matches("(?s).*Max core file size +0 .*");
        Path report = folder.resolve("rank.log");
        try (TestGroup group =
                TestGroup.of(launcher("-XX:ErrorFile=" + report, noCore ? "-Xmx48m" : NO_CORE), 1, more -> more)) {
            WorkerDiedException error = catchThrowableOfType(WorkerDiedException.class, () -> group.call("any", ""));
            assertThat(error.rank()).isZero();
            assertThat(error.exit()).isEqualTo(noCore ? ABORTED : NO_CORE_EXIT);
            assertThat(error.lastOutput()).anySatisfy(line -> assertThat(line).contains("SIGSEGV (0xb) at pc="))
                    .anySatisfy(line -> assertThat(line).contains(report.toString()));
        }
        assertThat(report).content().contains("readAddressZero");
    }
}
