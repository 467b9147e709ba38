package dev.rollcall.rpc;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts each worker on a thread of this process: for tests, for workers that call into native code which brings its own
 * processes, and wherever a JVM per rank is too much. Same files, same rings, same board. Immutable, any thread.
 *
 * <p>A thread cannot be killed. One that does not come back from its handler is left behind when its group ends: it has
 * its own mapping of files that are no longer anybody's, and does no harm beyond the memory it holds. A handler that
 * calls {@link System#exit} ends the driver too.
 */
public final class ThreadLauncher implements WorkerLauncher {

    private static final Logger WORKERS = LoggerFactory.getLogger("dev.rollcall.rpc.workers");

    private final Supplier<? extends Worker> workers;
    private final Map<String, String> arguments;

    private ThreadLauncher(Supplier<? extends Worker> workers, Map<String, String> arguments) {
        this.workers = workers;
        this.arguments = Map.copyOf(arguments);
    }

    /**
     * Makes a launcher.
     *
     * @param workers makes one handler per rank, on the rank's thread
     * @return a launcher without arguments
     */
    public static ThreadLauncher of(Supplier<? extends Worker> workers) {
        return new ThreadLauncher(Objects.requireNonNull(workers, "workers"), Map.of());
    }

    /**
     * The same with a string for {@link WorkerContext#arguments()}.
     *
     * @param name  its name
     * @param value its value
     * @return a new launcher
     */
    public ThreadLauncher argument(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(arguments);
        more.put(name, value);
        return new ThreadLauncher(workers, more);
    }

    @Override
    public Handle launch(Spec spec) {
        OutputTail tail = new OutputTail(40, line -> WORKERS.info("rank={} | {}", spec.rank(), line));
        WorkerRun.Identity who = new WorkerRun.Identity(spec.directory().path(), spec.rank(), SharedClock.stamp(),
                arguments);
        return ThreadWorker.start("rollcall-" + spec.directory().group() + "-loop-" + spec.rank(), who, workers::get,
                (what, error) -> {
                    StringWriter text = new StringWriter();
                    if (error != null) {
                        error.printStackTrace(new PrintWriter(text));
                    }
                    tail.add("rollcall: " + what);
                    text.toString().lines().forEach(tail::add);
                }, tail);
    }

    @Override
    public String toString() {
        return "ThreadLauncher arguments=" + arguments;
    }
}
