package dev.rollcall.stress.kill;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CallTimeoutException;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.WorkerLauncher;
import dev.rollcall.shm.RollcallException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A group's life in a few seconds: start, calls, restart, calls, close. What fails on the way may fail, by its deadline; after one
 * more restart at most everything must work.
 */
final class GroupPlay {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofMillis(500);
    /** What ending a group may take besides. */
    private static final Duration ENDING = Duration.ofSeconds(4);
    private static final int CALLS = 6;
    private static final int LONG_CALL = 20;
    private static final int ROUND = 100;

    private final Ledger ledger;
    private final String group;
    private final int workers;
    private final WorkerLauncher launcher;
    private final Duration call;
    private Duration ready;
    private boolean timedOut;

    /**
     * For one life.
     *
     * @param call  deadline of each call
     * @param ready what the first start gets; others are waited for with patience
     */
    GroupPlay(Ledger ledger, String group, int workers, WorkerLauncher launcher, Duration call, Duration ready) {
        this.ledger = ledger;
        this.group = group;
        this.workers = workers;
        this.launcher = launcher;
        this.call = call;
        this.ready = ready;
    }

    static ProcessLauncher.Builder launcher() {
        return ProcessLauncher.of(EchoWorker.class).jvmFlag("-Xmx48m").output((_, _) -> {
        });
    }

    /** The next group of that name, by the same launcher's kind. */
    static GroupPlay next(Ledger ledger, String group) {
        return new GroupPlay(ledger, group, 1, launcher().build(), PATIENT, PATIENT);
    }

    /** Whether a call's deadline ended it. */
    boolean timedOut() {
        return timedOut;
    }

    boolean all() throws Exception {
        CollectiveExecutor executor = startTwice();
        try {
            int _ = round(executor, ROUND);
            restart(executor);
            int failed = round(executor, 2 * ROUND);
            if (failed > 0) {
                restart(executor);
                failed = round(executor, 3 * ROUND);
            }
            if (failed > 0) {
                ledger.trouble("calls fail after a restart: failed=" + failed);
            }
        } finally {
            close(executor);
        }
        return true;
    }

    /** Start, one call, close: all must go well. */
    boolean briefly() throws Exception {
        CollectiveExecutor executor = start();
        try {
            if (round(executor, ROUND) > 0) {
                ledger.trouble("calls of the next group fail");
            }
        } finally {
            close(executor);
        }
        return true;
    }

    private CollectiveExecutor startTwice() throws Exception {
        try {
            return start();
        } catch (RollcallException failed) {
            ledger.tell("start failed: " + failed.getClass().getSimpleName());
            ready = PATIENT;
            return start();
        }
    }

    private CollectiveExecutor start() throws Exception {
        return ledger.within("start", ready.plus(ENDING),
                () -> CollectiveExecutor.builder(launcher, workers).group(group).rings(1 << 13, 1 << 13)
                        .maxMessage(Messages.LONGEST).readyTimeout(ready).defaultTimeout(call).drainTimeout(DRAIN)
                        .stopTimeout(STOP).evidenceTimeout(Duration.ZERO).closeOnShutdown(false).start());
    }

    private void restart(CollectiveExecutor executor) throws Exception {
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                ledger.within("restart", STOP.plus(ready).plus(ENDING), () -> {
                    executor.restart();
                    return true;
                });
                return;
            } catch (RollcallException failed) {
                ledger.tell("restart failed: " + failed.getClass().getSimpleName());
            }
        }
        if (executor.state() != State.READY) {
            ledger.trouble("the second restart failed too");
        }
    }

    private void close(CollectiveExecutor executor) throws Exception {
        ledger.within("close", DRAIN.plus(STOP).plus(ENDING), () -> {
            executor.close();
            return true;
        });
        CollectiveExecutor.Counters counters = executor.counters();
        if (counters.inFlight() != 0 || counters.unknownReplies() != 0) {
            ledger.trouble("the books do not balance: " + counters);
        }
    }

    /** How many failed. */
    private int round(CollectiveExecutor executor, int first) {
        List<CompletableFuture<CallResult>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            CallOptions options = i == 1 ? CallOptions.fromRank(workers - 1) : CallOptions.allRanks();
            long start = System.nanoTime();
            calls.add(executor.call("echo", argument(first, i), options).whenComplete(
                    (_, _) -> ledger.late("call", System.nanoTime() - start - call.toNanos())));
        }
        int failed = 0;
        for (int i = 0; i < CALLS; i++) {
            failed += wentWell(calls.get(i), argument(first, i), i == 1) ? 0 : 1;
        }
        if (failed == 0) {
            ledger.tell("round ok");
        }
        return failed;
    }

    private static MemorySegment argument(int first, int call) {
        return Messages.message(call == 2 ? first + LONG_CALL : first + call);
    }

    private boolean wentWell(CompletableFuture<CallResult> future, MemorySegment expected, boolean ofLastRank) {
        try {
            CallResult result = future.join();
            for (int rank = ofLastRank ? workers - 1 : 0; rank < workers; rank++) {
                if (expected.mismatch(result.reply(rank)) >= 0) {
                    ledger.trouble("a wrong reply of rank=" + rank);
                }
            }
            return true;
        } catch (CompletionException failed) {
            Throwable why = failed.getCause();
            timedOut |= why instanceof CallTimeoutException;
            ledger.tell("call: " + (why == null ? failed : why).getClass().getSimpleName());
            return false;
        }
    }
}
