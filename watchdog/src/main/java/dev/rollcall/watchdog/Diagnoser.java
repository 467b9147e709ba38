package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says who hangs and why, from a window of snapshots and the limits: a pure, deterministic function. Any thread.
 *
 * <p>
 * Facts the watchdog's own lateness cannot fake (a readable pidfd, state T read twice, a cycle of locks) are judged always; everything that
 * is counted in time only while its own ticks came in time.
 */
public final class Diagnoser {
    private static final long MILLI = 1_000_000L;
    private static final long STOPPED_ACT_NANOS = 500 * MILLI;
    private static final long DRIVER_SUSPECT_NANOS = 1_000 * MILLI;
    private static final long DRIVER_ACT_NANOS = 5_000 * MILLI;
    private static final long STARVED_WARN_NANOS = 1_000 * MILLI;
    /** Idle loops and pulses tick each 200 ms; two misses are silence. Not scaled, as their owners do not scale. */
    static final long SILENT_NANOS = 450 * MILLI;
    private static final long LEAST_LATENESS_NANOS = 100 * MILLI;
    private static final int CLEAN_TICKS = 10;

    /** Nothing to configure: limits come with each call. */
    public Diagnoser() {
    }

    /**
     * Judges the newest snapshot in the light of those before it.
     *
     * @param window snapshots with ages, oldest first
     * @param limits limits in force
     * @return what is found; nothing for an empty window, or while the group is not at work
     */
    public Diagnosis diagnose(List<GroupSnapshot> window, LimitTable limits) {
        if (window.isEmpty()) {
            return new Diagnosis(List.of(), false);
        }
        GroupSnapshot now = window.getLast();
        Phase phase = now.driver().board().phase();
        if (phase == Phase.FAILED || phase == Phase.CLOSED) {
            return phase == Phase.FAILED ? afterFailure(window, limits) : new Diagnosis(List.of(), false);
        }
        GroupView view = new GroupView(now);
        boolean selfStalled = isSelfStalled(window, limits);
        List<Finding> findings = new ArrayList<>();
        if (now.driver().facts().dead()) {
            // Workers follow a dead driver: their end is its doing.
            findings.add(new Finding(Tier.ACT, HangKind.DEAD, Verdict.DRIVER, 0, 0.99,
                    "driver process ended (pidfd readable) in phase " + phase, "", 0, 0, 0));
            return new Diagnosis(findings, true);
        }
        driver(now, limits, selfStalled).ifPresent(findings::add);
        List<Finding> mismatches = new Mismatches(window, view).judge();
        findings.addAll(mismatches);
        LateRanks late = new LateRanks(window, view, limits);
        PausedRanks paused = new PausedRanks(window, view, limits);
        LostCalls lost = new LostCalls(window, limits);
        for (RankSnapshot rank : now.ranks()) {
            Optional<Finding> plain = plainFacts(now, rank, view, limits).or(() -> paused.frozen(rank))
                    .or(() -> late.deadlocked(rank));
            if (plain.isPresent()) {
                findings.add(plain.get());
            } else if (!selfStalled && !isHeld(rank) && mismatches.isEmpty()) {
                if (paused.isPaused(rank)) {
                    paused.judge(rank).ifPresent(findings::add);
                } else {
                    Optional<Finding> missing = lost.judge(rank);
                    (missing.isPresent() || lost.explains(rank) ? missing : late.judge(rank)).ifPresent(findings::add);
                }
            }
        }
        if (selfStalled) {
            findings.add(selfStalled(window));
        } else if (findings.stream().allMatch(Finding::excuses) && !paused.any()) {
            late.judgeAlike().or(lost::reply).ifPresent(findings::add);
        }
        if (!selfStalled && findings.isEmpty()) {
            Stragglers.judge(window, view).ifPresent(findings::add);
        }
        if (findings.isEmpty()) {
            return new Diagnosis(findings, late.wantsDetail() || lost.wantsDetail() || isUnusual(now));
        }
        findings.sort(Comparator.comparing(Finding::tier, Comparator.reverseOrder())
                .thenComparing(Finding::confidence, Comparator.reverseOrder()));
        return new Diagnosis(findings, true);
    }

    /**
     * The causes; and a driver that hangs while it has something left to end. One that waits for our evidence ticks. A
     * start that was given up is no case: the driver ends what it has started.
     */
    private static Diagnosis afterFailure(List<GroupSnapshot> window, LimitTable limits) {
        if (isGivenUpStart(window)) {
            return new Diagnosis(List.of(), false);
        }
        GroupSnapshot now = window.getLast();
        List<Finding> findings = new ArrayList<>(causesOfFailure(window, limits));
        boolean owes = !now.inFlight().isEmpty() || now.ranks().stream().anyMatch(rank -> !rank.facts().dead()
                && rank.board().phase() != Phase.ABSENT && rank.board().phase() != Phase.CLOSED);
        Optional<Finding> driver = owes && !now.driver().facts().dead()
                ? driver(now, limits, isSelfStalled(window, limits))
                : Optional.empty();
        driver.ifPresent(findings::add);
        return new Diagnosis(findings, driver.isPresent());
    }

    /** The newest turn to FAILED that the window shows came before the group was ready. */
    private static boolean isGivenUpStart(List<GroupSnapshot> window) {
        for (GroupSnapshot snapshot : window.reversed()) {
            Phase phase = snapshot.driver().board().phase();
            if (phase != Phase.FAILED) {
                return phase == Phase.STARTING || phase == Phase.ABSENT;
            }
        }
        return false;
    }

    /**
     * The driver may see a death first, fail its calls by itself and then wait for our word. Whoever was dead when the group
     * failed is the cause; whoever dies later is ended with it.
     */
    private static List<Finding> causesOfFailure(List<GroupSnapshot> window, LimitTable limits) {
        for (int i = 1; i < window.size(); i++) {
            GroupSnapshot first = window.get(i);
            boolean turn = first.driver().board().phase() == Phase.FAILED
                    && window.get(i - 1).driver().board().phase() != Phase.FAILED;
            if (turn && first.tick() == window.get(i - 1).tick() + 1) {
                GroupView view = new GroupView(first);
                return first.ranks().stream().filter(rank -> rank.facts().dead())
                        .flatMap(rank -> plainFacts(first, rank, view, limits).stream()).toList();
            }
        }
        return List.of();
    }

    /** What is seen at one look, or at two: death, a stop, a debugger, starvation. */
    private static Optional<Finding> plainFacts(GroupSnapshot now, RankSnapshot rank, GroupView view,
            LimitTable limits) {
        RankStatus status = rank.board();
        Ages ages = rank.ages();
        if (rank.facts().dead()) {
            return hasLeft(now, status) ? Optional.empty()
                    : Optional.of(new Finding(Tier.ACT, HangKind.DEAD, status.rank(), Phrases.callOf(status), 0.99,
                            "process ended (pidfd readable) in phase " + status.phase() + "; "
                                    + Phrases.where(rank, view),
                            "", 0, 0, Phrases.victims(view, status.rank())));
        }
        if (isTraced(rank)) {
            return Optional.of(new Finding(Tier.SUSPECT, HangKind.TRACED, status.rank(), Phrases.callOf(status), 0.95,
                    "held by a debugger for " + Phrases.time(ages.tracedNanos()) + Phrases.tracer(rank) + "; "
                            + Phrases.where(rank, view),
                    "", 0, ages.tracedNanos(), Phrases.victims(view, status.rank())));
        }
        if (ages.stoppedReadings() >= 2 && !rank.facts().frozen()) {
            boolean owes = owesSomething(rank, view);
            boolean due = ages.stoppedNanos() >= limits.scaled(STOPPED_ACT_NANOS);
            return owes && due ? Optional.of(stopped(rank, view, limits)) : Optional.empty();
        }
        if (ages.starvedNanos() >= limits.scaled(STARVED_WARN_NANOS)) {
            return Optional.of(new Finding(Tier.SUSPECT, HangKind.STARVED, status.rank(), Phrases.callOf(status), 0.9,
                    "runnable but given no CPU for " + Phrases.time(ages.starvedNanos()) + "; "
                            + Phrases.where(rank, view),
                    "", 0, ages.starvedNanos(), Phrases.victims(view, status.rank())));
        }
        return Optional.empty();
    }

    private static Finding stopped(RankSnapshot rank, GroupView view, LimitTable limits) {
        Ages ages = rank.ages();
        String reason = "state T " + (ages.stoppedReadings() == 2 ? "twice" : ages.stoppedReadings() + " times")
                + " in " + Phrases.time(ages.stoppedNanos()) + "; " + Phrases.where(rank, view);
        return new Finding(Tier.ACT, HangKind.STOPPED, rank.board().rank(), Phrases.callOf(rank.board()), 0.99, reason,
                "TRACED: a debugger holds it, but none is attached that can be seen",
                limits.scaled(STOPPED_ACT_NANOS), ages.stoppedNanos(), Phrases.victims(view, rank.board().rank()));
    }

    private static Optional<Finding> driver(GroupSnapshot now, LimitTable limits, boolean selfStalled) {
        DriverSnapshot driver = now.driver();
        Ages ages = driver.ages();
        Phase phase = driver.board().phase();
        boolean atWork = phase == Phase.READY || phase == Phase.DRAINING || phase == Phase.FAILED;
        boolean stopped = ages.stoppedReadings() >= 2;
        if (ages.tracedReadings() >= 2) {
            return Optional.of(new Finding(Tier.SUSPECT, HangKind.TRACED, Verdict.DRIVER, 0, 0.95,
                    "driver held by a debugger for " + Phrases.time(ages.tracedNanos()), "", 0, ages.tracedNanos(),
                    0));
        }
        if (driver.facts().frozen()) {
            return Optional.of(new Finding(Tier.SUSPECT, HangKind.PAUSED_CGROUP, Verdict.DRIVER, 0, 0.95,
                    "the driver's control group is frozen", "", 0, 0, 0));
        }
        boolean silent = ages.loopNanos() >= limits.scaled(DRIVER_SUSPECT_NANOS) && ages.loopNanos() >= SILENT_NANOS;
        if (!atWork || driver.board().loopTicks() == 0 || !silent || (selfStalled && !stopped)) {
            return Optional.empty();
        }
        long limit = limits.scaled(DRIVER_ACT_NANOS);
        Tier tier = ages.loopNanos() >= limit ? Tier.ACT : Tier.SUSPECT;
        String reason = "driver's loop silent for " + Phrases.time(ages.loopNanos()) + ", pulse "
                + (ages.pulseNanos() >= SILENT_NANOS ? "silent for " + Phrases.time(ages.pulseNanos()) : "alive") + "; "
                + (stopped ? "state T " + ages.stoppedReadings() + " times" : Phrases.thread(driver.facts().loop()))
                + "; " + now.inFlight().size() + " calls in flight";
        return Optional.of(new Finding(tier, HangKind.DRIVER_HUNG, Verdict.DRIVER, 0, stopped ? 0.99 : 0.9, reason, "",
                limit, ages.loopNanos(), 0));
    }

    /** Its end needs no explanation: it said so, or the group closes, no call is left, and the driver ends who stays. */
    private static boolean hasLeft(GroupSnapshot now, RankStatus status) {
        boolean closing = now.driver().board().phase() == Phase.DRAINING && now.inFlight().isEmpty();
        return status.phase() == Phase.CLOSED || closing;
    }

    private static boolean owesSomething(RankSnapshot rank, GroupView view) {
        RankStatus status = rank.board();
        return GroupView.inCall(status) || status.received() > status.finished() || view.missedBy(rank) != null
                || isSilent(status.loopTicks(), rank.ages().loopNanos())
                || isSilent(status.pulses(), rank.ages().pulseNanos());
    }

    private static boolean isSilent(long ticks, long age) {
        return ticks > 0 && age >= SILENT_NANOS;
    }

    private static boolean isTraced(RankSnapshot rank) {
        ThreadFacts loop = rank.facts().loop();
        return rank.ages().tracedReadings() >= 2
                || (loop != null && rank.ages().stoppedReadings() >= 2 && loop.tracerPid() > 0);
    }

    /** One reading of T or t is no verdict, but no time to count anything else against it either. */
    private static boolean isHeld(RankSnapshot rank) {
        return rank.ages().stoppedReadings() > 0 || rank.ages().tracedReadings() > 0;
    }

    private static boolean isSelfStalled(List<GroupSnapshot> window, LimitTable limits) {
        return worstLateness(window) > lateness(limits);
    }

    private static long worstLateness(List<GroupSnapshot> window) {
        long worst = 0;
        for (int i = Math.max(0, window.size() - CLEAN_TICKS); i < window.size(); i++) {
            worst = Math.max(worst, window.get(i).lateNanos());
        }
        return worst;
    }

    /** A quarter of the least limit, as far as a machine at work can keep it. */
    static long lateness(LimitTable limits) {
        return Math.max(LEAST_LATENESS_NANOS, limits.floorNanos() / 4);
    }

    private static Finding selfStalled(List<GroupSnapshot> window) {
        long worst = worstLateness(window);
        return new Finding(Tier.SUSPECT, HangKind.SELF_STALLED, Verdict.NOBODY, 0, 0.99,
                "the watchdog itself was late by " + Phrases.time(worst) + ": no verdict by the clock for "
                        + CLEAN_TICKS + " clean ticks",
                "", 0, worst, 0);
    }

    private static boolean isUnusual(GroupSnapshot now) {
        Ages driver = now.driver().ages();
        boolean driverSilent = driver.loopNanos() >= SILENT_NANOS || driver.pulseNanos() >= SILENT_NANOS;
        if (driverSilent) {
            return true;
        }
        for (RankSnapshot rank : now.ranks()) {
            RankStatus status = rank.board();
            boolean idleSilent = !GroupView.inCall(status) && isSilent(status.loopTicks(), rank.ages().loopNanos());
            if (isHeld(rank) || idleSilent || isSilent(status.pulses(), rank.ages().pulseNanos())) {
                return true;
            }
        }
        return false;
    }
}
