package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Steps;
import dev.rollcall.watchdog.incident.EvidenceSources;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the evidence of verdicts, one at a time, without ever holding up a tick. The watchdog's thread drives it with
 * {@link #work}; what may block runs on threads of its own, each stage with a deadline, and a stage that hangs never
 * holds up the next.
 */
final class EvidenceDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** Pulse threads look for requests every 200 ms. */
    private static final long STACKS_NANOS = 400_000_000L;
    /** A driver waits for its verdict's evidence for 2 s. */
    private static final long RELEASE_NANOS = 1_850_000_000L;
    private static final long LATE_NANOS = 6_000_000_000L;
    private static final long CLOSE_MILLIS = 500;
    private static final int MAX_THREADS = 2;
    private static final int MAX_WITNESSES = 16;
    private static final int MAX_WAITING = 4;

    private final Board board;
    private final BoardWatchdog boardWatchdog;
    private final @Nullable Saver saver;
    private final Deque<Case> waiting = new ArrayDeque<>();
    private final List<Case> late = new ArrayList<>();
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor witnessThreads;
    private @Nullable Case current;

    /** Writes an incident and says where; may block, may throw. */
    interface Saver {
        Path save(Incident incident, EvidenceSources sources);
    }

    /** A verdict on its way into an incident folder. */
    private static final class Case {
        private final Verdict verdict;
        private final long expected;
        private final List<Witness> witnesses;
        private final Function<Verdict, Incident> incident;
        private final Consumer<Verdict> release;
        private final Consumer<Verdict> saved;
        private long stackRequest;
        private long openedNanos;
        private @Nullable Hearing hearing;
        private boolean collected;
        private @Nullable FutureTask<String> writing;
        private boolean running;

        Case(Verdict verdict, long expected, List<Witness> witnesses, Function<Verdict, Incident> incident,
                Consumer<Verdict> release, Consumer<Verdict> saved) {
            this.verdict = verdict;
            this.expected = expected;
            this.witnesses = witnesses;
            this.incident = incident;
            this.release = release;
            this.saved = saved;
        }
    }

    EvidenceDesk(Board board, BoardWatchdog boardWatchdog, @Nullable Saver saver) {
        this.board = board;
        this.boardWatchdog = boardWatchdog;
        this.saver = saver;
        threads = new ThreadPoolExecutor(0, MAX_THREADS, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("rollcall-evidence-", 0).factory());
        witnessThreads = new ThreadPoolExecutor(0, MAX_WITNESSES, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("rollcall-witness-", 0).factory());
    }

    /**
     * Takes a verdict in.
     *
     * @param expected a bit per rank that may still answer a request for its stacks
     * @param witnesses who has something to add
     * @param incident makes the incident once the stacks are there; called on the watchdog's thread
     * @param release told when nobody need wait any longer, with the folder if it is there; on the watchdog's thread
     * @param saved told the end of it, with the folder, "" for none; on the watchdog's thread
     */
    void open(Verdict verdict, long expected, List<Witness> witnesses, Function<Verdict, Incident> incident,
            Consumer<Verdict> release, Consumer<Verdict> saved, long now) {
        if (waiting.size() < MAX_WAITING) {
            waiting.addLast(new Case(verdict, expected, witnesses, incident, release, saved));
            work(now);
        } else {
            LOG.error("evidence not saved, too many verdicts at once: verdict={} waiting={}", verdict.sequence(),
                    waiting.size());
        }
    }

    /** Runs something beside the ticks before there is a verdict. */
    void prepare(Runnable task) {
        if (!submit(task)) {
            LOG.warn("evidence not prepared: no thread");
        }
    }

    boolean isIdle() {
        return current == null && waiting.isEmpty() && late.isEmpty();
    }

    /** Moves on what can be moved on. Never blocks. */
    void work(long now) {
        late.removeIf(each -> isOver(each, now, LATE_NANOS) && end(each));
        Case open = current;
        if (open == null) {
            open = waiting.pollFirst();
            if (open == null) {
                return;
            }
            current = open;
            open.stackRequest = boardWatchdog.requestStacks();
            Steps.at("watchdog.evidence.stacks-asked");
            open.openedNanos = now;
            open.hearing = saver == null ? null : new Hearing(open.witnesses, witnessThreads, now);
        }
        boolean heard = open.hearing == null || open.hearing.isOver(now);
        if (!open.collected && heard && (answered(open) || now - open.openedNanos >= STACKS_NANOS)) {
            open.collected = true;
            startWriting(open);
        }
        FutureTask<String> writing = open.writing;
        if (writing != null && !open.running) {
            open.running = submit(writing);
        }
        if (open.collected && isOver(open, now, RELEASE_NANOS)) {
            current = null;
            boolean whole = writing == null || writing.isDone();
            open.release.accept(open.verdict.withIncident(whole ? outcome(writing) : ""));
            if (whole) {
                end(open);
            } else {
                LOG.warn("evidence not saved in time: verdict={} boundNanos={}", open.verdict.sequence(),
                        RELEASE_NANOS);
                late.add(open);
            }
        }
    }

    private static boolean isOver(Case open, long now, long boundNanos) {
        FutureTask<String> writing = open.writing;
        return writing == null || writing.isDone() || now - open.openedNanos >= boundNanos;
    }

    private static boolean end(Case open) {
        open.saved.accept(open.verdict.withIncident(outcome(open.writing)));
        return true;
    }

    /** A refusal is tried again in the next tick, until the deadline. */
    private boolean submit(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException stuck) {
            return false;
        }
    }

    private void startWriting(Case open) {
        Incident incident = open.incident.apply(open.verdict);
        Saver target = saver;
        if (target != null) {
            Hearing hearing = open.hearing;
            EvidenceSources sources = EvidenceSources.of(board, open.stackRequest,
                    hearing == null ? Map.of() : hearing.texts());
            open.writing = new FutureTask<>(() -> target.save(incident, sources).toString());
        }
    }

    private boolean answered(Case open) {
        for (int rank = 0; rank < board.workers(); rank++) {
            if ((open.expected >>> rank & 1) == 1 && board.stack(rank, open.stackRequest) == null) {
                return false;
            }
        }
        return true;
    }

    private static String outcome(@Nullable FutureTask<String> writing) {
        if (writing == null || !writing.isDone()) {
            return "";
        }
        try {
            return writing.get();
        } catch (ExecutionException e) {
            LOG.error("evidence not saved", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }

    @Override
    public void close() {
        witnessThreads.shutdownNow();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("evidence still being saved at close: waitedMillis={}", CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
