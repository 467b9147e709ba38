package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.stress.SharedFolder;
import dev.rollcall.stress.support.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rollcall bench jmh}: the launcher builds this module and starts it here. */
@Command(name = "rollcall bench jmh", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measures, by JMH, what the paths cost that every message and every call goes: time, and bytes allocated.",
        "Each figure is saved when it is there, in place of its older one; --only measures some again."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:done", "1:a benchmark failed", "2:wrong arguments"})
public final class HotPaths implements Callable<Integer> {
    private static final String SAVED = "stress-tests/target/jmh";
    /** Compiled by C2 as a service would be, not as the launcher's own short-lived JVM. */
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-Xmx1g", "--enable-native-access=ALL-UNNAMED");
    private static final int WARM_SECONDS = 3;

    @Option(names = "--only", paramLabel = "REGEX", description = "such as Ring or Worker; all if not given, see --list")
    private Pattern only = Pattern.compile("");

    @Option(names = "--forks", paramLabel = "N", defaultValue = "3", description = "JVMs, one after the other (default 3)")
    private int forks;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "iterations of a second each, per JVM, after "
            + WARM_SECONDS + " to warm up (default 5)")
    private int seconds;

    @Option(names = "--report", description = "measure nothing: take what was saved to " + Compare.PUBLISHED
            + " and write stress-tests/RESULTS.md")
    private boolean report;

    @Option(names = "--show", description = "measure nothing: print what was saved")
    private boolean show;

    @Option(names = "--list", description = "show what is measured")
    private boolean list;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private HotPaths() {
    }

    /** Ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(Compare.run(new HotPaths(), args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException {
        List<HotPath> paths =
                Arrays.stream(HotPath.values()).filter(path -> only.matcher(path.method()).find()).toList();
        if (paths.isEmpty()) {
            throw wrong("--only names nothing that is measured: " + only);
        }
        if (forks < 1 || seconds < 1) {
            throw wrong("--forks and --seconds must be 1 or more: forks=" + forks + " seconds=" + seconds);
        }
        if (list) {
            paths.forEach(path -> System.out.println(path.method() + "  " + path.title()));
            return 0;
        }
        Path folder = Compare.home().resolve(SAVED);
        Path file = folder.resolve(HotFigures.FILE);
        if (!report && !show) {
            measure(paths, folder, file);
        }
        HotFigures figures = HotFigures.read(file);
        if (figures.isEmpty()) {
            throw wrong("nothing is saved there: file=" + file);
        }
        System.out.print("\n" + figures.text());
        if (report) {
            Files.copy(file, Compare.home().resolve(Compare.PUBLISHED).resolve(HotFigures.FILE),
                    StandardCopyOption.REPLACE_EXISTING);
            System.out.println("wrote " + Compare.writePage());
        }
        return 0;
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private void measure(List<HotPath> paths, Path folder, Path file)
            throws IOException, InterruptedException, RunnerException {
        Files.createDirectories(folder);
        ObjectNode machine = Machine.describe(Compare.home(), 1);
        machine.put("jmh", Version.getPlainVersion());
        machine.put("how", String.format(Locale.ROOT, "%d JVMs of %d x 1 s after %d s, flags %s", forks, seconds,
                WARM_SECONDS, String.join(" ", FLAGS)));
        try (SharedFolder shared = SharedFolder.create()) {
            for (HotPath path : paths) {
                HotFigures figures = HotFigures.read(file);
                figures.of(machine);
                double load = Machine.load();
                Path log = folder.resolve(path.method() + ".log");
                System.err.println(path.method() + " ... (" + log + ")");
                HotFigure figure = HotFigure.of(path, new Runner(options(path, shared, log)).run(), load);
                System.err.println(figure.nanosText() + " ns, " + figure.bytesText() + " B");
                figures.add(figure);
                figures.write(file);
            }
        }
    }

    private Options options(HotPath path, SharedFolder shared, Path log) {
        return new OptionsBuilder().output(log.toString()).include("\\." + Pattern.quote(path.method()) + "$")
                .forks(forks)
                .warmupIterations(WARM_SECONDS).warmupTime(TimeValue.seconds(1)).measurementIterations(seconds)
                .measurementTime(TimeValue.seconds(1)).addProfiler(GCProfiler.class).shouldFailOnError(true)
                .jvmArgs(FLAGS.toArray(String[]::new)).jvmArgsAppend("-D" + Scratch.FOLDER + "=" + shared.path())
                .build();
    }
}
