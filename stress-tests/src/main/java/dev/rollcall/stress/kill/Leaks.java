package dev.rollcall.stress.kill;

import dev.rollcall.shm.GroupDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a case left behind: in this process, in shared memory, among the temporary folders, among the processes. */
final class Leaks {
    private static final String TEMPORARY = "rollcall-";

    private final int descriptorsBefore = descriptors().size();
    private final List<Path> temporaryBefore = temporary();

    /** Whatever takes a moment to go has it. */
    List<String> after(Stage stage, Duration settle) {
        boolean _ = Stage.until(settle, () -> found(stage).isEmpty());
        return found(stage);
    }

    private List<String> found(Stage stage) {
        List<String> found = new ArrayList<>();
        List<String> descriptors = descriptors();
        if (descriptors.size() > descriptorsBefore) {
            found.add("descriptors before=" + descriptorsBefore + " now=" + descriptors);
        }
        long mappings = mappings(line -> line.contains(stage.group()) || line.contains(stage.folder().toString()));
        if (mappings > 0) {
            found.add(mappings + " mappings");
        }
        list(GroupDirectory.root()).stream().filter(path -> name(path).startsWith(stage.group() + "-"))
                .forEach(path -> found.add(path.toString()));
        temporary().stream().filter(path -> !temporaryBefore.contains(path))
                .forEach(path -> found.add(path.toString()));
        workersOf(stage.group()).forEach(pid -> found.add("worker process " + pid));
        ProcessHandle.current().children().forEach(child -> found.add("process " + child.pid()));
        Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().contains(stage.group()))
                .forEach(thread -> found.add("thread " + thread.getName()));
        return found;
    }

    /** Processes that were started for a group, by whomever. */
    static List<Integer> workersOf(String group) {
        List<Integer> found = new ArrayList<>();
        for (Path process : list(Path.of("/proc"))) {
            if (name(process).chars().allMatch(Character::isDigit) && isWorkerOf(process, group)) {
                found.add(Integer.parseInt(name(process)));
            }
        }
        return found;
    }

    private static boolean isWorkerOf(Path process, String group) {
        try {
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return environment.contains("ROLLCALL_GROUP=" + GroupDirectory.root().resolve(group) + "-");
        } catch (IOException othersOrGone) {
            return false;
        }
    }

    /** Ours; the JVM opens the jars of the class path when it first needs them. */
    private static List<String> descriptors() {
        return list(Path.of("/proc/self/fd")).stream().map(Leaks::target).filter(target -> !target.endsWith(".jar"))
                .filter(target -> target.contains(TEMPORARY) || target.contains("pidfd")).toList();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static long mappings(Predicate<String> ours) {
        try {
            return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).lines().filter(ours)
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> temporary() {
        return list(Path.of(System.getProperty("java.io.tmpdir"))).stream()
                .filter(path -> name(path).startsWith(TEMPORARY)).toList();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
