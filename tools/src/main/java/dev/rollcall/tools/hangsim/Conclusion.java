package dev.rollcall.tools.hangsim;

import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import java.util.List;

/** The last lines of a rehearsal, and its exit code. Stage hand's thread. */
final class Conclusion {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final SimOptions options;
    private final Report report;
    private final Screen screen;

    Conclusion(SimOptions options, Report report, Screen screen) {
        this.options = options;
        this.report = report;
        this.screen = screen;
    }

    int draw(Outcome outcome) {
        List<String> faults = Judge.faults(outcome);
        Long detect = outcome.detectMs();
        if (detect != null) {
            screen.say(report.comparison(detect * NANOS_PER_MILLI));
        }
        screen.say(report.account(outcome));
        String incident = outcome.incident();
        String next = (incident == null ? "" : "report: " + Report.shown(incident) + "  ")
                + "next: ./rollcall hangsim --help";
        screen.say(report.judgement(faults, next));
        if (options.json()) {
            screen.result(Json.line(outcome.toJson(faults.isEmpty())));
        }
        return faults.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
