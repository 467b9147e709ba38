package dev.rollcall.rpc;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts each worker as a command of any kind. It finds the group in its environment ({@link WorkerLauncher.Spec#environment()})
 * and joins it as the layout pages say; {@code src/main/python/rollcall_worker.py} is one that does. Immutable, any
 * thread.
 *
 * <p>Each worker gets a temporary folder of its own as {@code TMPDIR}, /dev/null as stdin, and a pipe for stdout and
 * stderr together. The environment names the group's folder, which is no secret: who may not read the folder gains
 * nothing by its name.
 */
public final class CommandLauncher implements WorkerLauncher {

    private static final Logger WORKERS = LoggerFactory.getLogger("dev.rollcall.rpc.workers");

    private final List<String> command;
    private final Map<String, String> environment;

    private CommandLauncher(List<String> command, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
    }

    /**
     * Makes a launcher.
     *
     * @param command program and arguments, the same for every rank
     * @return a launcher that adds nothing to the environment but the group
     */
    public static CommandLauncher of(String... command) {
        if (command.length == 0) {
            throw new IllegalArgumentException("no command");
        }
        return new CommandLauncher(List.of(command), Map.of());
    }

    /**
     * The same with a variable beside those inherited from this process.
     *
     * @param name  its name
     * @param value its value
     * @return a new launcher
     */
    public CommandLauncher environment(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new CommandLauncher(command, more);
    }

    @Override
    public Handle launch(Spec spec) {
        if (spec.rank() == 0) {
            TemporaryFolder.sweep().forEach(WORKERS::warn);
        }
        Path temporary = TemporaryFolder.create(spec.rank());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TMPDIR", temporary.toString());
        builder.environment().putAll(environment);
        builder.environment().putAll(spec.environment());
        builder.environment().put(TemporaryFolder.VARIABLE, temporary.toString());
        builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
        OutputTail tail = new OutputTail(40, line -> WORKERS.info("rank={} | {}", spec.rank(), line));
        return ProcessWorker.start("rollcall-" + spec.directory().group() + "-out-" + spec.rank(), spec.rank(), builder,
                temporary, tail);
    }

    @Override
    public String toString() {
        return "CommandLauncher command=" + command.getFirst();
    }
}
