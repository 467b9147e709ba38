package dev.rollcall.rpc;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.os.PidFd;

/**
 * Main class of a worker process. {@link ProcessLauncher} starts it with a {@link Worker} class name and
 * {@code name=value} arguments; group and rank stand in the environment.
 *
 * <p>The main thread is the loop. SIGTERM ends it after the current call, or after {@value #TERM_GRACE_MILLIS} ms. When
 * the driver dies, the process is gone within two seconds, whatever its loop does. Errors go to stderr, which the
 * launcher keeps.
 */
public final class WorkerProcess implements WorkerRun.Host {

    /** The group was closed, or SIGTERM came before it (the JVM then reports 143). */
    public static final int EXIT_OK = 0;
    /** Not started by a launcher, or bad arguments. */
    public static final int EXIT_USAGE = 64;
    /** The group's files could not be joined, or {@link Worker#open} threw. */
    public static final int EXIT_START = 70;
    /** The handler met an error after which a JVM cannot be trusted, such as OutOfMemoryError. */
    public static final int EXIT_FATAL = 71;
    /** The driver is dead. */
    public static final int EXIT_DRIVER_GONE = 72;
    /** Rollcall's own part broke: a ring or the board could not be used. */
    public static final int EXIT_BROKEN = 73;

    /** What the current call gets after SIGTERM. */
    static final long TERM_GRACE_MILLIS = 1_000;

    private final WorkerSettings settings;
    private final WorkerStop stop = new WorkerStop(Thread.currentThread());

    private WorkerProcess(WorkerSettings settings) {
        this.settings = settings;
    }

    /**
     * Runs one worker until its group ends.
     *
     * @param line handler class name, then any number of {@code name=value}
     */
    public static void main(String[] line) {
        WorkerSettings settings;
        try {
            settings = WorkerSettings.of(System.getenv(), line);
        } catch (IllegalArgumentException e) {
            say(e.getMessage() == null ? "bad arguments" : e.getMessage(), null);
            System.exit(EXIT_USAGE);
            return;
        }
        Thread.currentThread().setName("rollcall-loop-" + settings.rank());
        System.exit(new WorkerProcess(settings).run());
    }

    private int run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopOnSignal, "rollcall-stop"));
        WorkerRun worker = new WorkerRun(settings.identity(), this::make, stop, this);
        int exit = EXIT_BROKEN;
        try {
            // Neither is closed: the pulse thread uses the board until the process is gone.
            GroupDirectory directory = GroupDirectory.attach(settings.group());
            Board board = Board.open(directory.boardFile(), false);
            exit = worker.run(directory, board);
        } catch (Throwable t) {
            say("worker broke", t);
            exit = worker.broken();
        } finally {
            stop.done();
        }
        return stop.isDriverGone() ? EXIT_DRIVER_GONE : exit;
    }

    private void stopOnSignal() {
        if (!stop.isLoopExiting()) {
            stop.request();
            stop.awaitDone(TERM_GRACE_MILLIS * 1_000_000);
        }
    }

    private Worker make() throws Exception {
        ClassLoader loader = Objects.requireNonNullElse(Thread.currentThread().getContextClassLoader(),
                WorkerProcess.class.getClassLoader());
        return Class.forName(settings.handler(), true, loader).asSubclass(Worker.class).getConstructor().newInstance();
    }

    @Override
    public void startPulse(int rank, BoardWorker marks, PidFd driver) {
        WorkerPulse.ofProcess(marks, driver, stop).start(rank);
    }

    @Override
    public void print(String what, @Nullable Throwable error) {
        say(what, error);
    }

    /** The launcher keeps the last lines of stderr and shows them with the rank. */
    static void say(String what, @Nullable Throwable error) {
        System.err.println("rollcall: " + what);
        if (error != null) {
            error.printStackTrace();
        }
    }
}
