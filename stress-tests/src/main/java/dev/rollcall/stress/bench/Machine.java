package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the figures are of. Any thread. */
final class Machine {
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final Pattern JAR =
            Pattern.compile("(aeron-driver|agrona|grpc-netty|netty-transport)-([0-9].*)\\.jar");

    private Machine() {
    }

    /** Everything that belongs on top of a table. */
    static ObjectNode describe(Path home, double scale) throws InterruptedException {
        String cpu = read(Path.of("/proc/cpuinfo"));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("cpu", first(cpu, "model name\\s*: (.*)"));
        json.put("cores", Runtime.getRuntime().availableProcessors());
        json.put("virtual", first(cpu, "flags\\s*:.*\\b(hypervisor)\\b").isEmpty() ? "no" : "yes");
        json.put("caches", caches());
        json.put("memory", first(read(Path.of("/proc/meminfo")), "MemTotal:\\s*(.*)"));
        json.put("kernel", read(Path.of("/proc/sys/kernel/osrelease")));
        json.put("clock", read(Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
        json.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        json.put("gcc", output("gcc", "--version").lines().findFirst().orElse(""));
        json.put("build", build(home));
        json.put("libraries", libraries());
        json.put("scale", scale);
        return json;
    }

    static double load() {
        String load = read(Path.of("/proc/loadavg"));
        return load.isEmpty() ? -1 : Double.parseDouble(load.split(" ", -1)[0]);
    }

    private static String build(Path home) throws InterruptedException {
        String commit = output("git", "-C", home.toString(), "rev-parse", "--short=10", "HEAD").strip();
        // What has been measured before it is no part of the build.
        String changes =
                output("git", "-C", home.toString(), "status", "--porcelain", "--untracked-files=no", "--", ".",
                        ":(exclude)" + Compare.PUBLISHED);
        return commit.isEmpty() ? "unknown" : commit + (changes.isBlank() ? "" : " with changes");
    }

    private static String output(String... command) throws InterruptedException {
        Execution done = Execution.of(List.of(command), Map.of("LC_ALL", "C"), 10);
        return done.status() == 0 ? done.out() : "";
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> JAR.matcher(Path.of(entry).getFileName().toString())).filter(Matcher::matches)
                .map(jar -> jar.group(1) + " " + jar.group(2)).sorted().collect(Collectors.joining(", "));
    }

    private static String caches() {
        if (!Files.isDirectory(CACHES)) {
            return "";
        }
        try (Stream<Path> levels = Files.list(CACHES)) {
            return levels.filter(level -> level.getFileName().toString().startsWith("index")).sorted()
                    .map(level -> "L" + read(level.resolve("level")) + " " + read(level.resolve("type")) + " "
                            + read(level.resolve("size")))
                    .collect(Collectors.joining(", "));
        } catch (IOException e) {
            return "";
        }
    }

    private static String first(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /** Empty where there is no such file. */
    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
