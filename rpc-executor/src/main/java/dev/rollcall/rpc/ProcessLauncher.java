package dev.rollcall.rpc;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts each worker in a JVM of its own. Immutable, any thread; one launcher serves any number of groups.
 *
 * <p>The JVM is the one named by the environment variable {@code ROLLCALL_JAVA} (a path to {@code java}), or else the
 * one this process runs on. Each worker gets {@link #DEFAULT_FLAGS}, then the flags of the builder, a temporary folder
 * of its own, /dev/null as stdin, and a pipe for stdout and stderr together. When the JVM crashes, its report goes to that
 * folder and the frames of the thread that crashed to the worker's last output; a flag {@code -XX:ErrorFile=} of the
 * builder's keeps the whole report instead, and the frames are only there.
 */
public final class ProcessLauncher implements WorkerLauncher {

    /**
     * Small and quick to start; measured on two cores: 8 workers started at once take calls after about 1.2 s, from an AOT
     * cache after about 0.8 s.
     */
    public static final List<String> DEFAULT_FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED");

    /** System property: the folder of AOT caches when the builder names none. */
    static final String AOT_PROPERTY = "rollcall.aot.folder";

    private static final Logger WORKERS = LoggerFactory.getLogger("dev.rollcall.rpc.workers");

    private final String handler;
    private final Map<String, String> arguments;
    private final String classPath;
    private final List<String> jvmFlags;
    private final Map<String, String> environment;
    private final int tailLines;
    private final OutputSink output;
    private final @Nullable Path aotFolder;

    private ProcessLauncher(Builder builder) {
        this.handler = builder.handler;
        this.arguments = Map.copyOf(builder.arguments);
        this.classPath = builder.classPath;
        this.jvmFlags = List.copyOf(builder.jvmFlags);
        this.environment = Map.copyOf(builder.environment);
        this.tailLines = builder.tailLines;
        this.output = builder.output;
        this.aotFolder = builder.aotFolder;
    }

    /** Takes what workers print. */
    @FunctionalInterface
    public interface OutputSink {

        /**
         * One line of stdout or stderr. Called by one thread per rank; a slow sink holds the worker back.
         *
         * @param rank who printed it
         * @param line without its end
         */
        void line(int rank, String line);
    }

    /**
     * Begins a launcher.
     *
     * @param handler public, with a public constructor without parameters
     * @return a builder
     */
    public static Builder of(Class<? extends Worker> handler) {
        return new Builder(handler.getName());
    }

    /**
     * Begins a launcher for a class that only the workers have.
     *
     * @param handlerClass binary class name of a {@link Worker}
     * @return a builder
     */
    public static Builder of(String handlerClass) {
        return new Builder(handlerClass);
    }

    @Override
    public Handle launch(Spec spec) {
        if (spec.rank() == 0) {
            TemporaryFolder.sweep().forEach(WORKERS::warn);
        }
        Path temporary = TemporaryFolder.create(spec.rank());
        ProcessBuilder builder = new ProcessBuilder(command(temporary));
        builder.environment().putAll(environment);
        builder.environment().putAll(spec.environment());
        builder.environment().put(TemporaryFolder.VARIABLE, temporary.toString());
        builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
        OutputTail tail = new OutputTail(tailLines, line -> output.line(spec.rank(), line));
        return ProcessWorker.start("rollcall-" + spec.directory().group() + "-out-" + spec.rank(), spec.rank(), builder,
                temporary, tail);
    }

    private List<String> command(Path temporary) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(DEFAULT_FLAGS);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add(CrashReport.flag(temporary));
        command.addAll(jvmFlags);
        if (aotFolder != null) {
            command.addAll(AotCache.flags(aotFolder, java(), classPath, jvmFlags));
        }
        command.add("-cp");
        command.add(classPath);
        command.add(WorkerProcess.class.getName());
        command.add(handler);
        arguments.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    @Override
    public String toString() {
        return "ProcessLauncher handler=" + handler + " jvmFlags=" + jvmFlags + " aotFolder=" + aotFolder;
    }

    private static String java() {
        String named = System.getenv("ROLLCALL_JAVA");
        return named != null && !named.isEmpty()
                ? named
                : Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** What is to be started. One thread. */
    public static final class Builder {

        private final String handler;
        private final Map<String, String> arguments = new LinkedHashMap<>();
        private final List<String> jvmFlags = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String classPath = System.getProperty("java.class.path");
        private @Nullable Path aotFolder = folderProperty();
        private int tailLines = 40;
        private OutputSink output = (rank, line) -> WORKERS.info("rank={} | {}", rank, line);

        private Builder(String handler) {
            this.handler = handler;
        }

        /**
         * A string for {@link WorkerContext#arguments()}. Stands on the command line, where other processes of the host
         * can read it: no secrets.
         *
         * @param name  without an equals sign
         * @param value any
         * @return this
         */
        public Builder argument(String name, String value) {
            if (name.isEmpty() || name.contains("=")) {
                throw new IllegalArgumentException("bad argument name=" + name);
            }
            arguments.put(name, value);
            return this;
        }

        /**
         * Instead of this process's own class path.
         *
         * @param path as java -cp takes it
         * @return this
         */
        public Builder classPath(String path) {
            classPath = Objects.requireNonNull(path, "path");
            return this;
        }

        /**
         * A flag after {@link #DEFAULT_FLAGS}; the later one wins.
         *
         * @param flag for instance {@code -Xmx8g}
         * @return this
         */
        public Builder jvmFlag(String flag) {
            jvmFlags.add(flag);
            return this;
        }

        /**
         * A variable beside those inherited from this process.
         *
         * @param name  its name
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Where the workers' output goes, instead of the logger {@code dev.rollcall.rpc.workers}.
         *
         * @param sink takes each line
         * @return this
         */
        public Builder output(OutputSink sink) {
            output = sink;
            return this;
        }

        private static @Nullable Path folderProperty() {
            String folder = System.getProperty(AOT_PROPERTY);
            return folder == null || folder.isEmpty() ? null : Path.of(folder);
        }

        /**
         * Has workers start from an ahead-of-time cache, which the first launch makes (a few seconds, once per JVM,
         * class path and flags) and all later ones use, also those of other drivers. Needs a class path of jars.
         *
         * @param folder this user's own, mode 0700; created if its parent exists
         * @return this
         */
        public Builder aotCache(Path folder) {
            aotFolder = folder;
            return this;
        }

        /**
         * How many last lines are kept per rank for error reports.
         *
         * @param lines at least 1, 40 if not set
         * @return this
         */
        public Builder tailLines(int lines) {
            if (lines < 1) {
                throw new IllegalArgumentException("tailLines=" + lines + " min=1");
            }
            tailLines = lines;
            return this;
        }

        /**
         * The launcher.
         *
         * @return immutable
         */
        public ProcessLauncher build() {
            return new ProcessLauncher(this);
        }
    }
}
