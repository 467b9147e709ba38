package dev.rollcall.watchdog;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.CollectiveMarks;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;

/**
 * A group on a real board. This process plays the driver and all ranks but the last, which is a child process; the
 * driver may be one as well. A watchdog runs over it on a thread of its own.
 */
final class WatchedGroup implements AutoCloseable {
    static final String METHOD = "execute_model";
    private static final long BEAT_MILLIS = 100;

    final GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 0);
    final Board board;
    final RecordingListener heard = new RecordingListener();
    private Child victim;
    final int victimRank;
    private final BoardDriver driver;
    private final List<BoardWorker> workers = new ArrayList<>();
    private final List<CollectiveMarks> marks = new ArrayList<>();
    private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final RingWriter requests;
    private volatile boolean driverBeats = true;
    private Watchdog watchdog;
    private Thread watching;
    private long lastCall;

    WatchedGroup(int ranks) {
        victimRank = ranks - 1;
        requests = RingWriter.create(directory.requestRingFile(), RingConfig.of(65_536, ranks));
        board = Board.create(directory.boardFile(), ranks);
        driver = board.asDriver();
        int tid = threadOfBeat();
        driver.loopThread(tid);
        driver.phase(Phase.READY);
        for (int rank = 0; rank < victimRank; rank++) {
            BoardWorker worker = board.asWorker(rank);
            worker.loopThread(tid);
            worker.pulseThread(tid);
            worker.phase(Phase.READY);
            workers.add(worker);
            marks.add(worker.collective(0));
        }
        var ignored = beat.scheduleAtFixedRate(this::beatOnce, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The last rank: a process of its own from the first time somebody asks for it. */
    Child victim() {
        if (victim == null) {
            victim = Child.ofGroup(directory.boardFile(), Integer.toString(victimRank));
        }
        return victim;
    }

    private int threadOfBeat() {
        try {
            return beat.submit(Linux::gettid).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void beatOnce() {
        if (driverBeats) {
            driver.tick();
            driver.pulse();
        }
        for (BoardWorker worker : workers) {
            worker.pulse();
            worker.tick();
            worker.serveStackRequest(() -> "stack of a played rank");
        }
    }

    /** From here on the driver is another process. */
    void leaveDrivingToAnother() {
        driverBeats = false;
    }

    WatchedGroup watch(WatchdogBuilder options) {
        watchdog = options.listener(heard).build();
        watching = Thread.ofPlatform().daemon().start(watchdog::run);
        return this;
    }

    WatchdogBuilder options() {
        return Watchdog.builder(directory.path());
    }

    Watchdog watchdog() {
        return watchdog;
    }

    void phase(Phase phase) {
        driver.phase(phase);
    }

    /** All ranks begin the next call; those played here wait in its collective. */
    long begin(String costClass) {
        lastCall++;
        int method = driver.intern(METHOD);
        int cost = driver.intern(costClass);
        driver.issued(lastCall, method, cost, -1, 60_000_000_000L);
        victim().tell("start " + lastCall + ' ' + method + ' ' + cost);
        for (int rank = 0; rank < victimRank; rank++) {
            workers.get(rank).received(lastCall);
            workers.get(rank).started(lastCall, method, cost);
            marks.get(rank).entered(lastCall, "all_reduce", 1024, "bf16");
        }
        return lastCall;
    }

    void end() {
        victim().tell("enter " + lastCall);
        victim().tell("complete " + lastCall);
        endOfPlayedRanks();
        victim().tell("finish " + lastCall);
        driver.ended(lastCall, true);
    }

    private void endOfPlayedRanks() {
        for (int rank = 0; rank < victimRank; rank++) {
            marks.get(rank).completed(lastCall);
            workers.get(rank).finished(lastCall);
            workers.get(rank).replied(lastCall);
        }
    }

    /** What a driver does upon a verdict. */
    void failInFlight() {
        driver.phase(Phase.FAILED);
        driver.ended(lastCall, false);
    }

    /** Healthy calls, each seen by the watchdog while it is under way. */
    void serve(String costClass, int calls) {
        awaitTick();
        for (int i = 0; i < calls; i++) {
            begin(costClass);
            awaitTick();
            end();
        }
        awaitTick();
    }

    private void awaitTick() {
        long ticks = watchdog.health().ticks();
        await(() -> watchdog.health().ticks() > ticks + 1, "a tick");
    }

    static void await(BooleanSupplier condition, String what) {
        long from = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - from > TimeUnit.SECONDS.toNanos(20)) {
                throw new AssertionError("not within 20 s: " + what);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (watching != null) {
            watching.interrupt();
            await(() -> !watching.isAlive(), "end of the watchdog");
        }
        beat.shutdown();
        await(beat::isTerminated, "end of the beat");
        CloseHelper.closeAll(victim, watchdog, requests, board, directory);
    }
}
