package dev.rollcall.watchdog;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.incident.IncidentStore;
import dev.rollcall.watchdog.incident.IncidentWriter;
import dev.rollcall.watchdog.probe.GroupProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one group: on each tick snapshot, diagnose, respond; then evidence, beside the ticks. One thread at a time calls
 * {@link #doWork()} or {@link #run()}: that thread is the watchdog's. {@link #limits()}, {@link #health()},
 * {@link #healthCheck()}, {@link #headroom()}, {@link #counters()}, {@link #snapshot()} and {@link #isEnded()} may be asked
 * from any thread.
 *
 * <p>
 * A verdict goes on the board first, which fails the calls in flight, then its evidence is saved and the driver told so;
 * then a driver that hangs itself is killed. Workers are the driver's to kill. It ends by itself when the group was closed,
 * when its files are gone, or when driver and workers are dead. An {@link Error} out of a tick ends it too: it lets go of
 * the group at once, so that nobody takes the group for watched, and says so in the log, to its listeners and in
 * {@link #healthCheck()}.
 */
public final class Watchdog implements Agent, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** Time a tick takes. */
    static final long TICK_NANOS = 50_000_000L;

    private static final int FILES_TICKS = 4;
    private static final long PULSE_SILENT_NANOS = 450_000_000L;

    private final WatchdogMode mode;
    private final int workers;
    private final Listeners listeners;
    private final GroupDirectory directory;
    private final Board board;
    private final BoardWatchdog boardWatchdog;
    private final GroupProbe probe;
    private final EvidenceDesk evidence;
    private final Suspects suspects;
    private final Verdicts verdicts;
    private final FailureTimes failures;
    private final VetoDesk vetoes;
    private final Map<HangKind, Response> responses;
    private final List<Witness> contributors;
    private final boolean tools;
    private final Aging aging;
    private final TickMeter meter;
    private final WatchdogCounters counters = new WatchdogCounters();
    private final NewClasses newClasses = new NewClasses();
    private final WatchdogEvents events;
    private final History history = new History();
    private final Diagnoser diagnoser = new Diagnoser();
    private final LearnedLimits learned;
    private volatile LimitTable limits;
    private volatile WatchdogHealth health;
    private volatile @Nullable GroupSnapshot newest;
    private volatile HealthCheck check = new HealthCheck(HealthCheck.Status.HEALTHY, "nobody has been looked at yet");
    private volatile long checkedNanos = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable Error failure;
    private @Nullable DriverKill killing;
    private boolean wantsDetail;
    private boolean driverDeathSaid;
    private boolean closed;

    Watchdog(WatchdogBuilder options) {
        mode = options.mode;
        listeners = new Listeners(options.listeners);
        directory = GroupDirectory.attach(options.directory);
        board = Board.open(directory.boardFile(), false);
        learned = new LearnedLimits(options.floorNanos, new FlightCalls(board));
        limits = learned.table();
        try {
            boardWatchdog = board.asWatchdog(mode == WatchdogMode.ENFORCE);
        } catch (RollcallException e) {
            board.close();
            throw e;
        }
        workers = board.workers();
        probe = new GroupProbe(directory, board);
        Path incidents = options.incidents;
        IncidentWriter writer = incidents == null ? null : new IncidentWriter(incidents);
        evidence = new EvidenceDesk(board, boardWatchdog, writer == null || incidents == null ? null
                : new KeepingSaver(writer, new IncidentStore(incidents), options.keepCount, options.keepBytes));
        if (writer != null) {
            evidence.prepare(writer::warmUp);
        }
        events = new WatchdogEvents(directory.group());
        suspects = new Suspects(boardWatchdog, listeners, counters, events);
        verdicts = new Verdicts();
        failures = new FailureTimes(board);
        vetoes = new VetoDesk(options.veto);
        responses = new EnumMap<>(HangKind.class);
        responses.putAll(options.responses);
        contributors = List.copyOf(options.contributors);
        tools = options.tools;
        aging = new Aging(TICK_NANOS);
        meter = new TickMeter(TICK_NANOS, Diagnoser.lateness(limits), System.nanoTime());
        health = meter.health();
    }

    /**
     * A watchdog for a group that is already there.
     *
     * @param directory the group's folder
     * @return its options
     */
    public static WatchdogBuilder builder(Path directory) {
        return new WatchdogBuilder(directory);
    }

    /**
     * Does one tick if it is due, otherwise nothing. Never blocks.
     *
     * @return 1 for a tick, 0 for none
     * @throws AgentTerminationException once there is nothing left to watch, or an error has ended it
     */
    @Override
    public int doWork() {
        if (ended) {
            throw new AgentTerminationException("watchdog has ended: group=" + directory.group());
        }
        long now = System.nanoTime();
        if (meter.untilDue(now) > 0) {
            return 0;
        }
        long late = meter.begin(now);
        try {
            tick(now, late);
        } catch (Error e) {
            fail(e);
            throw e;
        }
        long after = System.nanoTime();
        meter.end(after);
        counters.tick(late > Diagnoser.lateness(limits), meter.worstEverNanos(), after - now);
        health = meter.health();
        return 1;
    }

    /** Ticks until there is nothing left to watch or the thread is interrupted. An exception out of a tick is logged. */
    public void run() {
        while (!ended && !Thread.currentThread().isInterrupted()) {
            try {
                doWork();
            } catch (RuntimeException e) {
                LOG.error("watchdog tick failed: tick={}", meter.ticks(), e);
            }
            LockSupport.parkNanos(this, Math.max(0, nanosUntilTick()));
        }
    }

    /**
     * For callers with a loop of their own.
     *
     * @return time until the next tick is due, not more than 0 when it is
     */
    public long nanosUntilTick() {
        return meter.untilDue(System.nanoTime());
    }

    @Override
    public String roleName() {
        return "rollcall-watchdog-" + directory.group();
    }

    /**
     * The limits in force now.
     *
     * @return an immutable copy
     */
    public LimitTable limits() {
        return limits;
    }

    /**
     * How close healthy calls came to their limits so far: the evidence for the floor that was chosen.
     *
     * @return a row per method and cost class with a learned limit
     */
    public List<Headroom> headroom() {
        return learned.headroom();
    }

    /**
     * What was counted so far.
     *
     * @return always the same object
     */
    public WatchdogCounters counters() {
        return counters;
    }

    /**
     * What was read in the last tick.
     *
     * @return null before the first
     */
    public @Nullable GroupSnapshot snapshot() {
        return newest;
    }

    /**
     * How far it goes.
     *
     * @return as built
     */
    public WatchdogMode mode() {
        return mode;
    }

    /**
     * How far it goes against one kind of hang.
     *
     * @param kind which
     * @return as built; {@link Response#OBSERVE} for all of them in observe mode
     */
    public Response responseTo(HangKind kind) {
        return mode == WatchdogMode.OBSERVE ? Response.OBSERVE : responses.getOrDefault(kind, Response.KILL);
    }

    /**
     * How many ranks the group has.
     *
     * @return at least 1
     */
    public int workers() {
        return workers;
    }

    /**
     * Tells of every method and cost class with a limit of its own: of those there are at once, of each new one on the
     * watchdog's thread. What it throws is logged.
     *
     * @param told given method and cost class, "" for undeclared, once
     */
    public void onLearnedClass(BiConsumer<String, String> told) {
        newClasses.add(told);
    }

    /**
     * The watchdog's own state over the last ticks.
     *
     * @return a value
     */
    public WatchdogHealth health() {
        return health;
    }

    /**
     * Whether the group is healthy, as of the last tick. A verdict stays: the group it was reached on is over. A watchdog
     * that has not ticked for 2 s, or that an error has ended, knows nothing, and says so as a suspicion.
     *
     * @return a value for a liveness probe
     */
    public HealthCheck healthCheck() {
        HealthCheck last = check;
        Error broken = failure;
        if (broken != null && last.isUp()) {
            return new HealthCheck(HealthCheck.Status.SUSPECT,
                    "nobody is watching: the watchdog has failed: " + broken);
        }
        long age = System.nanoTime() - checkedNanos;
        return ended || age < WatchdogSilence.LIMIT_NANOS || !last.isUp() ? last
                : new HealthCheck(HealthCheck.Status.SUSPECT, "nobody is watching: the watchdog has not ticked for "
                        + Phrases.time(age));
    }

    /**
     * Whether it is over.
     *
     * @return true once there was nothing left to watch, or an error has ended it
     */
    public boolean isEnded() {
        return ended;
    }

    private void tick(long now, long late) {
        GroupSnapshot snapshot = aging.age(history.newest(), probe.read(meter.ticks(), now, late, wantsDetail));
        history.add(snapshot);
        newest = snapshot;
        learned.observe(snapshot, suspects.teachNothing() || verdicts.any());
        limits = learned.table();
        newClasses.update(limits);
        List<GroupSnapshot> window = history.window();
        Diagnosis diagnosis = diagnoser.diagnose(window, limits);
        wantsDetail = diagnosis.wantsDetail();
        boardWatchdog.tick(meter.worstEverNanos());
        verdicts.forget(diagnosis);
        for (Finding finding : diagnosis.findings()) {
            if (finding.tier() == Tier.ACT && !respond(finding, window, diagnosis, now)) {
                break;
            }
        }
        suspects.update(diagnosis, now);
        check(diagnosis, snapshot);
        verdicts.noteFailed(snapshot, failures);
        evidence.work(now);
        noteKilled();
        endIfOver(snapshot);
    }

    private void check(Diagnosis diagnosis, GroupSnapshot snapshot) {
        boolean convicted = verdicts.anyEnforced() && check.status() == HealthCheck.Status.HUNG;
        if (!convicted) {
            check = HealthCheck.of(diagnosis, snapshot.driver().board().phase());
        }
        checkedNanos = System.nanoTime();
    }

    /** False while the veto is being asked: whatever else was found waits for that, too. */
    private boolean respond(Finding finding, List<GroupSnapshot> window, Diagnosis diagnosis, long now) {
        boolean wanted = responseTo(finding.kind()) != Response.OBSERVE;
        if (!verdicts.isNew(finding, wanted)) {
            return true;
        }
        VetoDesk.Answer answer = wanted ? vetoes.ask(finding, now) : VetoDesk.Answer.ALLOWED;
        if (answer != VetoDesk.Answer.PENDING) {
            decide(finding, window, diagnosis, wanted && answer == VetoDesk.Answer.ALLOWED);
        }
        return answer != VetoDesk.Answer.PENDING;
    }

    /** Why a verdict was not acted on; "" when it was. */
    private String restraint(HangKind kind, boolean enforce) {
        if (enforce) {
            return "";
        }
        if (mode == WatchdogMode.OBSERVE) {
            return "mode=observe";
        }
        return responseTo(kind) == Response.OBSERVE ? "response to " + kind + "=observe" : "vetoed";
    }

    private List<Witness> witnesses(Verdict verdict, GroupSnapshot at) {
        List<Witness> all = new ArrayList<>(contributors);
        ProcessIdentity culprit = verdict.rank() == Verdict.NOBODY ? null
                : verdict.rank() == Verdict.DRIVER ? at.driver().board().process()
                        : at.ranks().get(verdict.rank()).board().process();
        ProcessFacts facts = verdict.rank() < 0 ? at.driver().facts() : at.ranks().get(verdict.rank()).facts();
        if (tools && culprit != null && !facts.dead()) {
            ThreadFacts loop = facts.loop();
            all.add(ExternalTools.about(Phrases.who(verdict.rank()).replace(' ', '-'), culprit,
                    loop == null ? '?' : loop.state()));
        }
        return all;
    }

    private void decide(Finding finding, List<GroupSnapshot> window, Diagnosis diagnosis, boolean enforce) {
        GroupSnapshot at = window.getLast();
        Verdict wanted = Suspects.verdict(finding, Tier.ACT);
        Verdict verdict = wanted.withSequence(enforce ? boardWatchdog.verdict(wanted) : verdicts.count() + 1);
        Timeline timeline = new Timeline(System.currentTimeMillis(), Timelines.lastProgress(window, finding),
                at.atNanos() - finding.ageNanos(), suspects.sinceNanos(finding), System.nanoTime(), 0);
        verdicts.add(finding, enforce, at.atNanos(), timeline);
        counters.verdict(finding.kind(), enforce, finding.ageNanos());
        events.decided(finding, enforce);
        LOG.error("{} {}{}: {} confidence={} victims={}", Phrases.who(finding.rank()),
                enforce ? "" : "would be convicted, ", finding.kind(), finding.reason(), finding.confidence(),
                Phrases.ranks(finding.victims()));
        listeners.tell(told -> told.decided(verdict, finding, enforce, timeline));
        LimitTable inForce = limits;
        WatchdogHealth self = meter.health();
        String restraint = restraint(finding.kind(), enforce);
        evidence.open(verdict, expectedStacks(at, finding), witnesses(verdict, at),
                sealedVerdict -> new Incident(Incident.SCHEMA, product(), sealedVerdict, finding.limitNanos(),
                        finding.runnerUp(), inForce, history.window(), at.tick(), self,
                        verdicts.timeline(finding, timeline),
                        Notes.of(restraint, diagnosis, finding, probe.notes())),
                released -> release(released, enforce, at),
                saved -> saved(saved, enforce, verdicts.timeline(finding, timeline)),
                at.atNanos());
    }

    /** Nobody need wait for the evidence any longer. */
    private void release(Verdict verdict, boolean enforce, GroupSnapshot at) {
        ProcessIdentity driver = at.driver().board().process();
        if (enforce) {
            boardWatchdog.sealed(verdict.sequence(), verdict.incident());
            boolean mayKill = verdict.rank() == Verdict.DRIVER && responseTo(verdict.kind()) == Response.KILL;
            if (mayKill && driver != null && !at.driver().facts().dead()) {
                killing = new DriverKill(verdict, driver);
            }
        }
    }

    private void saved(Verdict verdict, boolean enforce, Timeline timeline) {
        if (enforce && !verdict.incident().isEmpty()) {
            boardWatchdog.sealed(verdict.sequence(), verdict.incident());
        }
        LOG.info("{} {}: evidence saved incident={}", Phrases.who(verdict.rank()), verdict.kind(), verdict.incident());
        long now = System.nanoTime();
        listeners.tell(told -> told.sealed(verdict, timeline, now));
    }

    private void noteKilled() {
        DriverKill kill = killing;
        if (kill != null && kill.isDone()) {
            killing = null;
            listeners.tell(told -> told.driverKilled(kill.verdict(), kill.isDead()));
        }
    }

    /** Ranks whose pulse thread is alive enough to answer. */
    private static long expectedStacks(GroupSnapshot at, Finding finding) {
        long expected = 0;
        for (RankSnapshot rank : at.ranks()) {
            boolean held = rank.ages().stoppedReadings() > 0 || rank.ages().tracedReadings() > 0;
            boolean pulsing = rank.board().pulses() > 0 && rank.ages().pulseNanos() < PULSE_SILENT_NANOS;
            if (!rank.facts().dead() && !held && pulsing) {
                expected |= 1L << rank.board().rank();
            }
        }
        return finding.rank() == Verdict.DRIVER && at.driver().facts().dead() ? 0 : expected;
    }

    private void endIfOver(GroupSnapshot snapshot) {
        boolean driverDead = snapshot.driver().facts().dead();
        boolean closedInOrder = snapshot.driver().board().phase() == Phase.CLOSED;
        if (driverDead && !closedInOrder && !driverDeathSaid) {
            driverDeathSaid = true;
            LOG.warn("driver is dead, its workers are watched on: group={}", directory.group());
        }
        if (!evidence.isIdle() || killing != null) {
            return;
        }
        boolean allDead = driverDead && snapshot.ranks().stream()
                .allMatch(rank -> rank.facts().dead() || rank.board().process() == null);
        if (closedInOrder) {
            end("the group was closed");
        } else if (allDead) {
            end("driver and workers are dead");
        } else if (snapshot.tick() % FILES_TICKS == 0 && !Files.exists(directory.boardFile())) {
            end("the group's files are gone");
        }
    }

    private void end(String reason) {
        LOG.info("watchdog ends: reason={} group={} ticks={} suspects={} cleared={} worstStall={}", reason,
                directory.group(), meter.ticks(), counters.suspects(), counters.cleared(),
                Phrases.time(meter.worstEverNanos()));
        for (Headroom row : learned.headroom()) {
            LOG.info("headroom: method={} class={} calls={} medianPercent={} p99Percent={} maxPercent={}", row.method(),
                    row.costClass(), row.calls(), row.medianPercent(), row.p99Percent(), row.maxPercent());
        }
        listeners.tell(told -> told.ended(reason));
        ended = true;
    }

    /** Lets go first: whatever else goes wrong now, the group must not look watched. */
    private void fail(Error cause) {
        failure = cause;
        try {
            close();
        } finally {
            ended = true;
            LOG.error("watchdog has failed, nobody watches the group now: group={} tick={}", directory.group(),
                    meter.ticks(), cause);
            listeners.tell(told -> told.failed(cause));
        }
    }

    private static String product() {
        String version = Watchdog.class.getPackage().getImplementationVersion();
        return version == null ? "rollcall" : "rollcall " + version;
    }

    @Override
    public void onClose() {
        close();
    }

    /** Lets go of the group; its files are untouched. The watchdog's thread, or any when that has ended. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            CloseHelper.closeAll(vetoes, evidence, probe, boardWatchdog, board, directory);
        }
    }
}
