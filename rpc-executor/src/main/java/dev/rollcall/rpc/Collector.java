package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.Steps;

/**
 * The one thread that gathers: replies, the watchdog's verdict, deaths of workers, deadlines. One thread at a time
 * drives it, an Agrona runner's or the embedder's own. It copies replies out, never waits for ring space, never blocks
 * and runs no user code.
 */
final class Collector implements Agent, ReplyPort.Sink {

    /** A sleeping collector looks at pidfds and the board this often; a death is noticed within it. */
    static final long LOOK_NANOS = 40_000_000;
    /** How long a dead worker's exit status and last lines are waited for before its calls fail without them. */
    private static final long OBITUARY_NANOS = 30_000_000;
    /** How long ranks get to answer what came before a fatal error. */
    private static final long FATAL_GRACE_NANOS = 200_000_000;
    private static final long OBITUARY_LOOK_NANOS = 1_000_000;

    /** Told of every reason why the epoch cannot go on; the first one counts. */
    interface FailureSink {

        void failed(FailureCause cause, long noticedNanos);
    }

    private final String role;
    private final Board board;
    private final BoardDriver marks;
    private final WaitCell bell;
    private final List<ReplyPort> ports;
    private final List<WorkerLauncher.Handle> workers;
    private final CallRegistry registry;
    private final RequestSender sender;
    private final FailureSink failures;
    private final CallTimers timers = new CallTimers(this::timeOut);
    // calls that were sent, and calls that were ended by others: either way their timer is due for a look
    private final Queue<PendingCall> arrivals = new ConcurrentLinkedQueue<>();
    private @Nullable Thread driver;
    private final long[] deathSeen;
    private final boolean[] buried;
    private boolean obituaryPending;
    private FailureCause.@Nullable Fatal fatal;
    private long fatalSeen;
    private long lastLook = System.nanoTime() - LOOK_NANOS;
    private long verdictSeen;
    private volatile long sleepsUntil;
    private volatile boolean blindToDeath;
    private volatile boolean sleepless;
    // an error of our own: the tick stops, so that observers see it too
    private boolean broken;

    Collector(String role, Board board, BoardDriver marks, List<ReplyPort> ports, List<WorkerLauncher.Handle> workers,
            CallRegistry registry, RequestSender sender, FailureSink failures) {
        this.role = role;
        this.board = board;
        this.marks = marks;
        this.bell = marks.doorbell();
        this.ports = ports;
        this.workers = workers;
        this.registry = registry;
        this.sender = sender;
        this.failures = failures;
        this.deathSeen = new long[workers.size()];
        this.buried = new boolean[workers.size()];
    }

    /** Any thread: this call was sent, or ended by other than the collector. */
    void arrived(PendingCall call) {
        if (!call.hasDeadline()) {
            return;
        }
        arrivals.add(call);
        // The collector publishes until when it sleeps and then looks at the queue; here the other way round.
        if (call.deadlineNanos() - sleepsUntil < 0 && !call.isDecided()) {
            bell.signal();
        }
    }

    /** Any thread: from now on workers end because they were told to. */
    void expectDeaths() {
        blindToDeath = true;
    }

    /** Any thread: the group is about to stop its collector and does not want to wait for it to wake up. */
    void stayAwake() {
        sleepless = true;
        bell.signal();
    }

    @Override
    public String roleName() {
        return role;
    }

    @Override
    public int doWork() {
        if (broken) {
            return 0;
        }
        if (Thread.currentThread() != driver) {
            driver = Thread.currentThread();
            marks.loopThread(Linux.gettid());
        }
        marks.tick();
        long now = System.nanoTime();
        int work = takeArrivals() + pollReplies();
        if (fatal != null && isFatalDue(fatal, now)) {
            fail(fatal, fatalSeen);
            fatal = null;
        }
        work += timers.expire(now) + lookForVerdict(now);
        if (obituaryPending || now - lastLook >= LOOK_NANOS) {
            lastLook = now;
            lookForDeaths(now);
            lookForGarbage(now);
        }
        return work;
    }

    /** Collector thread: for an idle strategy, whether there is something to do. Takes replies while it looks. */
    boolean hasWork() {
        return !broken && (pollReplies() > 0 || !arrivals.isEmpty() || board.verdictSequence() != verdictSeen);
    }

    /** Collector thread: how long it may sleep if nobody rings. */
    long idleNanos() {
        if (sleepless) {
            return 0;
        }
        if (broken) {
            return LOOK_NANOS; // timers are overdue and will not fire any more
        }
        long now = System.nanoTime();
        boolean soon = obituaryPending || fatal != null;
        long idle = Math.min(soon ? OBITUARY_LOOK_NANOS : LOOK_NANOS, timers.nanosToNext(now));
        sleepsUntil = now + idle;
        return idle;
    }

    private int takeArrivals() {
        int count = 0;
        for (PendingCall call = arrivals.poll(); call != null; call = arrivals.poll()) {
            if (call.isDecided()) {
                timers.remove(call);
            } else {
                timers.add(call);
            }
            count++;
        }
        return count;
    }

    private int pollReplies() {
        int count = 0;
        for (int i = 0; i < ports.size(); i++) {
            count += ports.get(i).poll();
        }
        return count;
    }

    @Override
    public void reply(int rank, long callId, MemorySegment buffer, long offset, long length) {
        PendingCall call = find(callId);
        if (call == null) {
            return;
        }
        if (!call.gather(rank, buffer, offset, length)) {
            registry.countUnknown();
            return;
        }
        Steps.at("driver.reply.gathered");
        Object result = call.result();
        if (result != null) {
            end(call, result);
        }
    }

    @Override
    public void error(int rank, long callId, boolean endsNow, String type, String message, String stack) {
        PendingCall call = find(callId);
        if (endsNow && fatal == null) {
            // Not here: this is inside the poll of one ring, and what others have replied by now counts.
            fatal = new FailureCause.Fatal(rank, type, message, callId,
                    call == null ? "call=" + callId : call.toString());
            fatalSeen = System.nanoTime();
        }
        if (call != null) {
            end(call, new RemoteCallException(rank, type, message, stack, call.toString()));
        } else {
            registry.reportLateError(rank, callId, type, message);
        }
    }

    @Override
    public void garbage(int rank, String what) {
        fail(new FailureCause.Broken(rank, what, null), System.nanoTime());
    }

    /** In order: calls before the fatal one get a moment to end as they would have. */
    private boolean isFatalDue(FailureCause.Fatal cause, long now) {
        return !registry.hasBefore(cause.callId()) || now - fatalSeen > FATAL_GRACE_NANOS;
    }

    private @Nullable PendingCall find(long callId) {
        PendingCall call = registry.find(callId);
        if (call == null) {
            if (callId > 0 && callId <= sender.lastIssued()) {
                registry.countLate();
            } else {
                registry.countUnknown();
            }
        }
        return call;
    }

    private void end(PendingCall call, Object outcome) {
        timers.remove(call);
        if (!registry.end(call, outcome)) {
            registry.countLate();
        }
    }

    private void timeOut(PendingCall call) {
        if (!call.isDecided()) {
            registry.end(call, new CallTimeoutException(
                    "timed out " + call + " timeout=" + call.timeoutNanos / 1_000_000 + " ms", call.id,
                    Ranks.lines(board), missing(call)));
        }
    }

    private List<Integer> missing(PendingCall call) {
        int asked = call.options.replyRank();
        return IntStream.range(0, workers.size())
                .filter(rank -> (asked == CallContext.ALL_RANKS || asked == rank) && !call.hasReply(rank)).boxed()
                .toList();
    }

    private int lookForVerdict(long now) {
        long sequence = board.verdictSequence();
        if (sequence == verdictSeen) {
            return 0;
        }
        Verdict verdict = board.verdict();
        if (verdict != null) {
            verdictSeen = verdict.sequence();
            fail(new FailureCause.Hung(verdict), now);
        }
        return 1;
    }

    private void lookForDeaths(long now) {
        obituaryPending = false;
        for (int rank = 0; rank < workers.size() && !blindToDeath; rank++) {
            if (!buried[rank]) {
                look(rank, workers.get(rank), now);
            }
        }
    }

    /** What a rank wrote over its own marks. Once is enough: whoever does that, does not do it on purpose. */
    private void lookForGarbage(long now) {
        for (int rank = 0; rank < workers.size() && !blindToDeath; rank++) {
            String garbage = board.garbage(rank);
            if (garbage != null) {
                blindToDeath = true; // the group ends: what is found after this is a consequence
                fail(new FailureCause.Broken(rank, "board block broken: " + garbage, null), now);
            }
        }
    }

    private void look(int rank, WorkerLauncher.Handle worker, long now) {
        if (deathSeen[rank] == 0) {
            if (!worker.isDead()) {
                return;
            }
            deathSeen[rank] = now;
        }
        WorkerLauncher.Exit exit = worker.exit();
        if (exit == null && now - deathSeen[rank] < OBITUARY_NANOS) {
            obituaryPending = true;
            return;
        }
        buried[rank] = true;
        int lastWords;
        do { // what it replied before it died counts
            lastWords = ports.get(rank).poll();
        } while (lastWords > 0);
        if (fatal == null) {
            fail(new FailureCause.Died(rank, exit, worker.lastOutput()), deathSeen[rank]);
        } else if (fatal.rank() != rank) {
            fatalSeen = now - FATAL_GRACE_NANOS - 1; // nothing more will come of waiting
        }
    }

    /** Collector thread: an error came out of {@link #doWork()}; what it was in the middle of is unknown. */
    void breakDown(Throwable error) {
        broken = true;
        fail(new FailureCause.Broken(-1, "collector failed", error), System.nanoTime());
    }

    private void fail(FailureCause cause, long noticedNanos) {
        failures.failed(cause, noticedNanos);
    }
}
