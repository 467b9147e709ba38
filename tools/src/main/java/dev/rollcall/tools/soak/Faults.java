package dev.rollcall.tools.soak;

import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Does things to a group, one after another, on a thread of its own, and remembers to whom, so that a verdict can be
 * judged. What it asks of the group is bounded, so it ends within seconds when told.
 */
final class Faults implements Runnable {
    private static final int LEAST_PAUSE_MILLIS = 300;
    private static final int PAUSES_MILLIS = 900;
    private static final int LONGEST_STOP_MILLIS = 200;
    /** A stop that took longer than intended, on a busy machine, may rightly have been named. */
    private static final long RIGHTLY_NAMED_NANOS = 450_000_000L;
    private static final long ENDED_NANOS = 20_000_000_000L;

    private final CollectiveExecutor group;
    private final CountDownLatch over;
    private final Random random;
    private final int workers;
    private final Map<Deed, Integer> done = new EnumMap<>(Deed.class);
    /** By process: what a verdict may call it. */
    private final Map<ProcessIdentity, HangKind> victims = new ConcurrentHashMap<>();
    private final ReentrantLock acting = new ReentrantLock();
    private final AtomicInteger overdue = new AtomicInteger();
    private final AtomicInteger notEnded = new AtomicInteger();
    private final AtomicInteger refusedRestarts = new AtomicInteger();

    Faults(CollectiveExecutor group, CountDownLatch over, long seed) {
        this.group = group;
        this.over = over;
        this.random = new Random(seed);
        this.workers = group.workers();
    }

    /** Whether that process was made to deserve this. */
    boolean deserved(@Nullable ProcessIdentity process, HangKind kind) {
        return process != null && victims.get(process) == kind;
    }

    /** Nothing is done to the group until this is closed, by the same thread. */
    Pause pause() {
        acting.lock();
        return acting::unlock;
    }

    /** The end of it. */
    interface Pause extends AutoCloseable {
        @Override
        void close();
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        synchronized (done) {
            done.forEach((deed, count) -> counts.put(deed.word(), count.longValue()));
        }
        return counts;
    }

    /** Short stops that the machine made long. */
    int overdue() {
        return overdue.get();
    }

    /** Stopped for good, and still there long after. */
    int notEnded() {
        return notEnded.get();
    }

    /** Restarts that came to nothing because the group failed meanwhile. */
    int refusedRestarts() {
        return refusedRestarts.get();
    }

    @Override
    public void run() {
        try {
            while (!over.await(LEAST_PAUSE_MILLIS + random.nextInt(PAUSES_MILLIS), TimeUnit.MILLISECONDS)) {
                Deed deed = Deed.any(random);
                int rank = random.nextInt(workers);
                int millis = random.nextInt(LONGEST_STOP_MILLIS);
                act(deed, rank, millis);
            }
        } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
        }
    }

    private void act(Deed deed, int rank, int millis) throws InterruptedException {
        acting.lockInterruptibly();
        try {
            if (deed == Deed.RESTART) {
                restart();
            } else if (group.state() == State.READY) {
                strike(deed, rank, millis);
            }
        } finally {
            acting.unlock();
        }
    }

    private void restart() throws InterruptedException {
        count(Deed.RESTART);
        try {
            group.restart();
        } catch (RollcallException failedMeanwhile) {
            refusedRestarts.incrementAndGet();
        }
    }

    private void strike(Deed deed, int rank, int millis) throws InterruptedException {
        ProcessIdentity process = ProcessIdentity.of((int) group.pid(rank));
        try (PidFd handle = process == null ? null : PidFd.open(process)) {
            if (process == null || handle == null) {
                return; // it has just gone with its epoch
            }
            switch (deed) {
                case KILL -> {
                    victims.put(process, HangKind.DEAD);
                    boolean _ = handle.signal(Signal.KILL);
                }
                case STOP -> stop(process, handle);
                default -> pause(process, handle, millis);
            }
            count(deed);
        }
    }

    private void stop(ProcessIdentity process, PidFd handle) {
        victims.put(process, HangKind.STOPPED);
        if (handle.signal(Signal.STOP) && !handle.awaitDeath(ENDED_NANOS)) {
            notEnded.incrementAndGet();
            boolean _ = handle.signal(Signal.CONT);
        }
    }

    private void pause(ProcessIdentity process, PidFd handle, int millis) throws InterruptedException {
        long start = System.nanoTime();
        boolean stopped = handle.signal(Signal.STOP);
        try {
            boolean _ = stopped && over.await(millis, TimeUnit.MILLISECONDS);
        } finally {
            if (System.nanoTime() - start > RIGHTLY_NAMED_NANOS) {
                victims.put(process, HangKind.STOPPED);
                overdue.incrementAndGet();
            }
            boolean _ = handle.signal(Signal.CONT);
        }
    }

    private void count(Deed deed) {
        synchronized (done) {
            done.merge(deed, 1, Integer::sum);
        }
    }
}
