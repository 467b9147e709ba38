package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.tools.Rollcall;
import dev.rollcall.tools.console.Json;
import dev.rollcall.watchdog.Replay;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user runs it, with small groups: real processes, a real hang, a real watchdog. */
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD)
class HangsimProcessTest {
    private static final long END_SECONDS = 90;

    @TempDir
    private Path temp;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldNameTheStoppedRankAndLeaveNothing() throws Exception {
        Run run = run("--workers", "3", "--rank", "1", "--after", "500ms", "--json");

        assertThat(run.exit()).as(run.all()).isZero();
        assertThat(run.lines()).as("standard output is for scripts").hasSize(1);
        JsonNode json = Json.parse(run.lines().getLast());
        assertThat(json.path("namedRank").asInt()).isEqualTo(1);
        assertThat(json.path("kind").asText()).isEqualTo("STOPPED");
        assertThat(json.path("lost").asInt() + json.path("duplicated").asInt() + json.path("leftovers").asInt())
                .isZero();
        assertThat(json.path("failed").asInt()).isEqualTo(json.path("inFlight").asInt()).isPositive();
        assertThat(run.all()).contains("INJECT   SIGSTOP rank 1", "VERDICT  rank 1 STOPPED", "STOP", "GONE", "PASS");
        assertThat(Path.of(json.path("incident").asText()).resolve("incident.json")).exists();
        assertThat(folder(run.words())).doesNotExist();
        assertThat(Replay.of(IncidentReader.read(Path.of(json.path("incident").asText()))).same()).isTrue();
    }

    @Test
    void shouldSayWhatItWouldHaveDoneAndLetAStoppedRankGoOn() throws Exception {
        Run run = run("--workers", "2", "--rank", "0", "--after", "300ms", "--mode", "observe", "--json");

        assertThat(run.exit()).as(run.all()).isZero();
        assertThat(run.all()).contains("WOULD    rank 0 STOPPED", "UNDONE   SIGCONT rank 0");
        assertThat(Json.parse(run.lines().getLast()).path("failed").asInt()).isZero();
    }

    @Test
    @Tag("stress")
    void shouldWaitUntilTheWatchdogCanFindWhatIsComing() throws Exception {
        Run run = run("--workers", "3", "--fault", "block", "--fault-in", "prefill", "--after", "100ms", "--for",
                "60s");

        assertThat(run.exit()).as(run.all()).isZero();
        assertThat(run.lines()).containsOnlyOnce("waiting for the limit of prefill to be learned ...");
        assertThat(run.all()).contains("VERDICT  rank 2 BLOCKED", "execute_model/prefill", "PASS");
    }

    @Test
    @Tag("stress")
    void shouldEndTheGroupThatItHungWithoutAVerdict() throws Exception {
        Run run = run("--workers", "2", "--after", "100ms", "--for", "1ms", "--json");

        assertThat(run.exit()).as(run.all()).isEqualTo(1);
        JsonNode json = Json.parse(run.lines().getLast());
        assertThat(json.path("leftovers").asInt() + json.path("lost").asInt()).as(run.all()).isZero();
        assertThat(run.all()).contains("UNDONE   SIGCONT rank 1", "FAIL  no verdict in").doesNotContain("left behind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "stop"})
    @Tag("stress")
    void shouldSayThatItsWatchdogDied(String fault) throws Exception {
        Process process = start("--workers", "2", "--fault", fault, "--after", "1s", "--for", "60s");
        List<String> lines = new ArrayList<>();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = reader.readLine()) != null) {
            lines.add(line);
            if (line.startsWith("pids")) {
                ProcessHandle.of(watchdogPid(lines)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        String all = String.join("\n", lines);
        assertThat(process.exitValue()).as(all).isEqualTo(1);
        assertThat(lines).as(all).filteredOn(each -> each.contains("FAIL")).singleElement().asString()
                .contains("the watchdog ended: watchdog exit=137");
        assertThat(all).contains(" 0 lost").doesNotContain("INJECT", "left behind");
        assertThat(folder(lines)).doesNotExist();
    }

    /** Nobody can tell a hung watchdog from one that has nothing to say, but by its tick. */
    @Test
    @Tag("stress")
    void shouldSayThatItsWatchdogDoesNotTick() throws Exception {
        Process process = start("--workers", "2", "--after", "1s", "--for", "5s");
        List<String> lines = new ArrayList<>();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = reader.readLine()) != null) {
            lines.add(line);
            if (line.startsWith("pids")) {
                try (PidFd watchdog = PidFd.open(ProcessIdentity.of((int) watchdogPid(lines)))) {
                    watchdog.signal(Signal.STOP);
                }
            }
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        String all = String.join("\n", lines);
        assertThat(process.exitValue()).as(all).isEqualTo(1);
        assertThat(all).containsPattern("FAIL  no verdict in .*: the watchdog does not tick pid=" + watchdogPid(lines)
                + " ticks=\\d+ silentMs=\\d+ limitMs=2000").contains(" 0 lost");
        assertThat(folder(lines)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"enforce", "observe"})
    @Tag("stress")
    void shouldNameADriverThatSomebodyElseKilled(String mode) throws Exception {
        Process process =
                start("--workers", "2", "--fault", "none", "--for", "60s", "--after", "500ms", "--mode", mode);
        List<String> lines = new ArrayList<>();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = reader.readLine()) != null) {
            lines.add(line);
            if (line.startsWith("healthy")) {
                ProcessHandle.of(pids(lines).getFirst()).ifPresent(ProcessHandle::destroyForcibly);
            }
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        String all = String.join("\n", lines);
        assertThat(process.exitValue()).as(all).isZero();
        assertThat(all).contains("OUTSIDE", "driver DEAD", "by the driver's owner", " 0 lost", "PASS");
        assertThat(folder(lines)).doesNotExist();
    }

    /** Beside other tests a watchdog may be late, and the row says so: all bars must hold in one of three attempts. */
    @Test
    void shouldPlayCasesOfTheMatrixAndPrintARowForEach() throws Exception {
        int exit = -1;
        for (int attempt = 0; attempt < 3 && exit != 0; attempt++) {
            Run run = run("matrix", "--workers", "3", "--only", "deadlock,unseen", "--json", "--incidents",
                    temp.resolve("incidents" + attempt).toString());
            exit = run.exit();
            assertThat(run.lines()).as(run.all()).hasSize(2);
            List<JsonNode> rows = run.lines().stream().map(Json::parse).toList();
            assertThat(rows).extracting(row -> row.path("kind").asText())
                    .containsExactly("DEADLOCKED", "REQUEST_UNSEEN");
            for (JsonNode row : rows) {
                assertThat(row.path("named").asText()).isEqualTo("rank 2");
                assertThat(row.path("falseActs").asInt()).isZero();
                assertThat(row.path("wrong")).as(run.all())
                        .allMatch(wrong -> wrong.asText().matches(".* ms.* allowed .*"));
            }
        }
        assertThat(exit).as("all bars held").isZero();
    }

    @Test
    void shouldLeaveNothingWhenItIsTerminated() throws Exception {
        Process process = start("--workers", "2", "--fault", "none", "--for", "60s");
        List<String> lines = new ArrayList<>();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        String line;
        while ((line = reader.readLine()) != null && !line.startsWith("healthy")) {
            lines.add(line);
        }
        List<Long> pids = pids(lines);
        assertThat(pids).as(lines.toString()).hasSize(3);

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(each -> each.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        }
        assertThat(folder(lines)).doesNotExist();
        assertThat(temp.resolve("incidents")).doesNotExist();
    }

    /** The driver's first. */
    private static List<Long> pids(List<String> lines) {
        return lines.stream().filter(each -> each.startsWith("pids")).findFirst().stream()
                .flatMap(each -> Pattern.compile("\\d+").matcher(each).results())
                .map(number -> Long.parseLong(number.group())).toList();
    }

    private static long watchdogPid(List<String> lines) {
        return lines.stream().map(Pattern.compile("watchdog.*?pid[ =](\\d+)")::matcher).filter(Matcher::find)
                .map(found -> Long.parseLong(found.group(1))).findFirst().orElseThrow();
    }

    private static Path folder(List<String> lines) {
        String group = lines.stream().filter(each -> each.startsWith("group ")).findFirst().orElseThrow();
        return GroupDirectory.root().resolve(group.replaceAll("group (\\w+):.*", "$1-1"));
    }

    private Run run(String... options) throws Exception {
        Process process = start(options);
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), lines, Files.readAllLines(temp.resolve("stderr")));
    }

    private Process start(String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"),
                        Rollcall.class.getName(), "hangsim", "--incidents", temp.resolve("incidents").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectError(temp.resolve("stderr").toFile()).start();
        started.add(process);
        return process;
    }

    private record Run(int exit, List<String> lines, List<String> words) {
        String all() {
            return String.join("\n", lines) + "\n" + String.join("\n", words);
        }
    }
}
