package dev.rollcall.tools.doctor;

import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollcall doctor}: whether this machine is fit. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false, description = "Says whether this machine is fit for Rollcall, and what to do where it is not.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:fit, perhaps with warnings", "1:not fit", "2:wrong arguments"}, footer = {"",
                "Creates a group for a moment to see that the machine allows it; leaves nothing."})
public final class DoctorCommand implements Callable<Integer> {
    private static final String FORM = "%s  %-18s %s";

    @Option(names = "--json", description = "One line of JSON: {\"fit\":true,\"checks\":[...]}")
    private boolean json;

    /** For picocli. */
    DoctorCommand() {
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(new MachineChecks(Machine.THIS).all());
        findings.addAll(new CgroupChecks(Machine.THIS).all());
        findings.addAll(KernelChecks.all());
        boolean fit = findings.stream().noneMatch(f -> f.level() == Finding.Level.FAIL);
        if (json) {
            System.out.println(Json.line(json(findings, fit)));
        } else {
            lines(findings, fit, Style.ofThisTerminal()).forEach(System.out::println);
        }
        return fit ? ExitCode.OK : ExitCode.FAILED;
    }

    static List<String> lines(List<Finding> findings, boolean fit, Style style) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            String level = String.format(Locale.ROOT, "%-4s", finding.level().name().toLowerCase(Locale.ROOT));
            String painted = switch (finding.level()) {
                case OK -> style.good(level);
                case WARN -> style.warn(level);
                case FAIL -> style.bad(level);
            };
            lines.add(String.format(Locale.ROOT, FORM, painted, finding.check(), finding.found()));
            if (!finding.hint().isEmpty()) {
                lines.add(String.format(Locale.ROOT, FORM, "    ", "", "-> " + finding.hint()));
            }
        }
        lines.add(fit ? style.good("fit") : style.bad("not fit"));
        return lines;
    }

    private static Map<String, @Nullable Object> json(List<Finding> findings, boolean fit) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("fit", fit);
        List<Object> checks = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, @Nullable Object> check = new LinkedHashMap<>();
            check.put("check", finding.check());
            check.put("level", finding.level().name().toLowerCase(Locale.ROOT));
            check.put("found", finding.found());
            check.put("hint", finding.hint().isEmpty() ? null : finding.hint());
            checks.add(check);
        }
        line.put("checks", checks);
        return line;
    }
}
