package dev.rollcall.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RollcallTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {
            "nosuchcommand",
            "hangsim --nosuchoption",
            "hangsim --fault freeze",
            "hangsim --rank 9 --workers 8",
            "hangsim --rank -1",
            "hangsim --rank five",
            "hangsim --workers 0",
            "hangsim --workers 65",
            "hangsim --workers many",
            "hangsim --requests 0",
            "hangsim --requests 65",
            "hangsim --after 3",
            "hangsim --after 0s",
            "hangsim --for 25h",
            "hangsim --floor 1ms",
            "hangsim --floor 1h",
            "hangsim --mode sometimes",
            "hangsim --seed x",
            "hangsim --rank driver --fault spin",
            "hangsim --fault spin --fault-in lunch",
            "hangsim --fault none --fault-in decode",
            "hangsim --fault none --rank 3",
            "hangsim --fault driver-spin --rank 3",
            "hangsim --fault lost-reply --rank 3",
            "hangsim --fault straggle",
            "hangsim --fault spin --workers 1",
            "hangsim matrix --floor 0s",
            "hangsim --incidents /proc/nowhere",
            "hangsim --respond STARVED=kill",
            "hangsim --fault driver-spin --respond DRIVER_HUNG=fail",
            "hangsim matrix --only stop --record matrix.txt",
            "hangsim matrix --only stop --record /nonexistent/x.md",
            "sidecar",
            "sidecar nosuchgroup",
            "sidecar /dev/shm/nosuchfolder",
            "sidecar x --mode sometimes",
            "sidecar x --keep-incidents 0",
            "sidecar x --respond STARVED=kill",
            "sidecar x --respond NOSUCHKIND=kill",
            "sidecar x --listen 0.0.0.0:80",
            "inspect --nosuchoption",
            "incident",
            "incident replay",
            "incident replay nosuchincident",
            "incident replay . --floor 2h",
            "incident show nosuchincident",
            "incident list --nosuchoption",
            "soak --for 0s",
            "soak --for long",
            "soak --seed x",
            "soak --workers 65",
            "soak --incidents /proc/nowhere",
            "hangsim --incidents=",
            "incident list --incidents nosuchfolder",
            "incident list --incidents=",
            "incident list --incidents /etc/passwd",
            "incident show /etc/passwd/x",
            "incident show .",
            "incident replay src",
            "bench w=W1 mod=spin",
            "bench w=W1 mode=fast",
            "bench mode=spin",
            "bench --nope",
            "doctor --nosuchoption"})
    void shouldAnswerWrongArgumentsWithOneLineAndTwo(String line) {
        int exit = run(line);

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("rollcall: ").doesNotContain("Exception:");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "hangsim --help", "inspect --help", "clean --help", "doctor --help",
            "sidecar --help", "soak --help", "check --help", "incident --help", "incident list --help",
            "incident show --help",
            "incident replay --help"})
    void shouldExplainEachCommandWithItsExitCodes(String line) {
        int exit = run(line);

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("Usage: rollcall", "Exit codes:", "  0 ", "  1 ", "  2 ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldSayItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("rollcall ").contains("Java ");
    }

    @Test
    void shouldNameTheOptionThatWasWrong() {
        assertThat(run("hangsim --rank 9")).isEqualTo(2);
        assertThat(err.toString()).contains("no rank 9 in a group of 8").contains("hangsim --help");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "nosuch                      | no command 'nosuch': hangsim, inspect, check, incident,",
            "hangsim stop                | one argument too many: 'stop' (",
            "hangsim --faul stop         | no option --faul; did you mean --fault or",
            "hangsim --nosuchoption      | no option --nosuchoption (",
            "bench --nope                | no option --nope (",
            "hangsim --workers           | --workers needs a value: --workers N (",
            "hangsim --for --json        | --for needs a value: --for TIME (",
            "hangsim --workers many      | --workers must be a whole number: 'many' (",
            "hangsim --seed 9999999999999999999 | --seed must be a smaller number: '9999999999999999999' (",
            "hangsim --json --json       | --json is given twice (",
            "hangsim --json=yes          | --json takes no value: 'yes' (",
            "hangsim --for 3             | --for: '3' is not a time (500ms, 2s,",
            "hangsim --respond STOPPED   | --respond must be KIND=HOW: 'STOPPED' (",
            "hangsim --respond STOPED=kill | --respond must have one of DEAD, STOPPED, ",
            "hangsim --respond STOPPED=no | --respond must have one of observe, fail, kill: 'no' (",
            "hangsim --floor 0s          | --floor must be 100ms to 5m: 0s (",
            "hangsim --rank driver --fault spin | the driver can be stopped or crashed, not told to spin; an endless loop in it is --fault driver-spin (",
            "incident list --incidents /etc/passwd | not a folder: /etc/passwd",
            "hangsim matrix --only stop --record /nonexistent/x.md | cannot record: path=/nonexistent/x.md (no such folder)",
            "soak --for 0s               | --for must be 1s to 168h: 0s",
            "sidecar                     | GROUP is missing (",
            "sidecar x --mode sometimes  | --mode must be one of observe, enforce: 'sometimes' ("})
    void shouldSayInPlainWordsWhatIsWrong(String line, String words) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(err.toString()).startsWith("rollcall: " + words);
    }

    private int run(String line) {
        CommandLine command =
                Rollcall.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(line.split(" ", -1));
    }
}
