package dev.rollcall.rpc;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;

/**
 * Main class of a worker process. {@link ProcessLauncher} starts it with a {@link Worker} class name and
 * {@code name=value} arguments; group and rank stand in the environment.
 *
 * <p>The main thread is the loop. SIGTERM ends it after the current call, or after {@value #TERM_GRACE_MILLIS} ms. When
 * the driver dies, the process is gone within two seconds, whatever its loop does. Errors go to stderr, which the
 * launcher keeps.
 */
public final class WorkerProcess {

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
            System.err.println("rollcall: " + e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        Thread.currentThread().setName("rollcall-loop-" + settings.rank());
        System.exit(new WorkerProcess(settings).run());
    }

    private int run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopOnSignal, "rollcall-stop"));
        int exit = EXIT_BROKEN;
        try {
            exit = join();
        } catch (Throwable t) {
            print("worker broke", t);
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

    /** The board stays mapped to the end: the pulse thread uses it until the process is gone. */
    private int join() {
        GroupDirectory directory = GroupDirectory.attach(settings.group());
        Board board = Board.open(directory.boardFile(), false);
        BoardWorker marks = board.asWorker(settings.rank());
        marks.loopThread(Linux.gettid());
        marks.phase(Phase.STARTING);
        PidFd driver = driver(board);
        if (driver == null) {
            System.err.println("rollcall: the driver is gone group=" + settings.group());
            return EXIT_DRIVER_GONE;
        }
        new WorkerPulse(marks, driver, stop, Thread.currentThread()).start(settings.rank());
        int exit = EXIT_BROKEN;
        try (ReplyOutbox replies = new ReplyOutbox(settings.rank(),
                RingWriter.own(directory.replyRingFile(settings.rank())).doorbell(marks.driverDoorbell()), marks,
                stop)) {
            exit = serve(directory, board, marks, replies);
            if (exit == EXIT_OK && driver.isDead()) {
                exit = EXIT_DRIVER_GONE;
            }
        } finally {
            marks.phase(exit == EXIT_OK || exit == EXIT_DRIVER_GONE ? Phase.CLOSED : Phase.FAILED);
        }
        return exit;
    }

    private static @Nullable PidFd driver(Board board) {
        ProcessIdentity identity = board.driver().process();
        if (identity == null) {
            throw new RollcallException("the board names no driver");
        }
        return PidFd.open(identity);
    }

    private int serve(GroupDirectory directory, Board board, BoardWorker marks, ReplyOutbox replies) {
        Worker worker;
        try {
            worker = open(new LoopContext(settings.rank(), board.workers(), settings.arguments(), directory, marks));
        } catch (Throwable t) {
            print("worker could not start", t);
            replies.startFailed(t);
            return EXIT_START;
        }
        int exit = EXIT_BROKEN;
        try (RingReader requests = RingReader.join(directory.requestRingFile(), settings.rank())) {
            LoopCall call = new LoopCall(board, marks, stop, SharedClock.isShared(settings.clock()));
            WorkerLoop loop = new WorkerLoop(settings.rank(), worker, requests, replies, call, marks, stop);
            marks.phase(Phase.READY);
            marks.driverDoorbell().signal();
            loop.run();
            exit = report(loop.fatal());
        } finally {
            close(worker);
        }
        return exit;
    }

    private static int report(@Nullable Throwable fatal) {
        if (fatal == null) {
            return EXIT_OK;
        }
        print("handler cannot go on", fatal);
        return EXIT_FATAL;
    }

    private Worker open(WorkerContext context) throws Exception {
        ClassLoader loader = Objects.requireNonNullElse(Thread.currentThread().getContextClassLoader(),
                WorkerProcess.class.getClassLoader());
        Worker worker =
                Class.forName(settings.handler(), true, loader).asSubclass(Worker.class).getConstructor().newInstance();
        worker.open(context);
        return worker;
    }

    private static void close(Worker worker) {
        try {
            worker.close();
        } catch (Throwable t) {
            // The process ends now in any case, with the exit status of what ended the loop.
            print("handler did not close", t);
        }
    }

    /** The launcher keeps the last lines of stderr and shows them with the rank. */
    static void print(String what, Throwable error) {
        System.err.println("rollcall: " + what);
        error.printStackTrace();
    }
}
