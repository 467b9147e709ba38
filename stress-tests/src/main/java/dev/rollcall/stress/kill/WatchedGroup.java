package dev.rollcall.stress.kill;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CallTimeoutException;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * A group of one rank that a watchdog in another process watches, this process is its driver: a call, then its rank stands still in
 * the middle of a call until the watchdog says so or is itself struck, then a restart if need be, and the end.
 */
final class WatchedGroup implements AutoCloseable {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(15);
    private static final Duration STOP = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofMillis(500);
    /** What it may wait for a watchdog that does not go on. */
    private static final Duration EVIDENCE = Duration.ofSeconds(2);
    /** What ending a group may take besides. */
    private static final Duration ENDING = Duration.ofSeconds(4);
    private static final int LOOKED_AT = 3;

    private final Ledger ledger;
    private final CollectiveExecutor executor;
    private final Board board;
    private boolean struck;
    private volatile boolean inspected;
    private int calls;

    private WatchedGroup(Ledger ledger, CollectiveExecutor executor) {
        this.ledger = ledger;
        this.executor = executor;
        try (GroupDirectory directory = GroupDirectory.attach(executor.directory())) {
            this.board = Board.open(directory.boardFile(), true);
        }
    }

    static WatchedGroup start(Ledger ledger, String group) throws Exception {
        return ledger.within("start", PATIENT.plus(ENDING),
                () -> new WatchedGroup(ledger, CollectiveExecutor.builder(GroupPlay.launcher().build(), 1).group(group)
                        .rings(1 << 13, 1 << 13).readyTimeout(PATIENT).defaultTimeout(CALL).drainTimeout(DRAIN)
                        .stopTimeout(STOP).evidenceTimeout(EVIDENCE).closeOnShutdown(false).start()));
    }

    /** Of the epoch there is now. */
    Path directory() {
        return executor.directory();
    }

    /** Its first epoch's. */
    boolean isConvicted() {
        return board.verdictSequence() > 0;
    }

    /** Something was saved of what the watchdog has seen, and the driver told so. */
    boolean isEvidenceThere() {
        Verdict verdict = board.verdict();
        return verdict != null && !verdict.incident().isEmpty();
    }

    /**
     * From first to last.
     *
     * @param goesOn once the evidence is there, whether or not the watchdog has been looked after
     */
    boolean all(Jvm watchdog, boolean goesOn) throws Exception {
        boolean _ = Stage.until(PATIENT,
                () -> board.watchdog().ticks() >= LOOKED_AT || isStruck() || watchdog.isDead());
        call(true);
        if (holdRank()) {
            call(false);
        }
        boolean _ = Stage.until(PATIENT, () -> inspected || (goesOn && isEvidenceThere()));
        if (!inRound()) {
            restart();
            if (!inRound()) {
                ledger.trouble("calls fail after a restart");
            }
        }
        end();
        return true;
    }

    /** The watchdog stands still or is gone: the rank goes on, unless it is too late for that; whether it is. */
    synchronized boolean struck() {
        struck = true;
        boolean convicted = isConvicted();
        if (!convicted) {
            signalRank(Signal.CONT);
        }
        return convicted;
    }

    private synchronized boolean isStruck() {
        return struck;
    }

    /** Nobody is interested in this epoch any more. */
    void inspected() {
        inspected = true;
    }

    /** Stands still when this returns: it could still answer until then. */
    private synchronized boolean holdRank() {
        if (!struck) {
            signalRank(Signal.STOP);
            int pid = (int) executor.pid(0);
            if (!Stage.until(PATIENT, () -> Stage.isStopped(pid))) {
                ledger.trouble("the rank does not stop pid=" + pid);
            }
        }
        return !struck;
    }

    private void signalRank(Signal signal) {
        ProcessIdentity identity = executor.state() == State.READY ? ProcessIdentity.of((int) executor.pid(0)) : null;
        try (PidFd rank = identity == null ? null : PidFd.open(identity)) {
            boolean _ = rank != null && rank.signal(signal);
        }
    }

    private boolean inRound() {
        return executor.state() == State.READY && call(false);
    }

    private boolean call(boolean mustSucceed) {
        MemorySegment argument = Messages.message(++calls);
        long start = System.nanoTime();
        try {
            CallResult result = executor.call("echo", argument, CallOptions.allRanks()).join();
            if (argument.mismatch(result.reply(0)) >= 0) {
                ledger.trouble("a wrong reply");
            }
            ledger.tell("call ok");
            return true;
        } catch (CompletionException failed) {
            Throwable why = failed.getCause();
            ledger.tell("call: " + (why == null ? failed : why).getClass().getSimpleName());
            if (mustSucceed || why instanceof CallTimeoutException) {
                ledger.trouble("a call of a living rank failed: " + why);
            }
            return false;
        } finally {
            ledger.late("call", System.nanoTime() - start - CALL.toNanos());
        }
    }

    private void restart() throws Exception {
        ledger.within("restart", EVIDENCE.plus(STOP).plus(ENDING).plus(PATIENT), () -> {
            executor.restart();
            return true;
        });
    }

    private void end() throws Exception {
        ledger.within("close", DRAIN.plus(STOP).plus(ENDING), () -> {
            executor.close();
            return true;
        });
    }

    @Override
    public void close() {
        executor.close();
        board.close();
    }
}
