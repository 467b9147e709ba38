package dev.rollcall.watchdog;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.ReaderState;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.LockCycleStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.SectionStatus;
import dev.rollcall.shm.board.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A group that exists as numbers only: the test says what its ranks do, each tick is 50 ms on a clock of its own. */
final class ModelGroup {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final long TICK = 50 * MILLI;
    static final String METHOD = "execute_model";

    final List<Rank> ranks = new ArrayList<>();
    final Driver driver = new Driver();
    final List<InFlightCall> inFlight = new ArrayList<>();
    final LearnedLimits learned;
    final Diagnoser diagnoser = new Diagnoser();
    final History history = new History();
    final List<Finding> everFound = new ArrayList<>();
    /** All that was read, without ages: for judging it again in another way. */
    final List<GroupSnapshot> recorded = new ArrayList<>();
    private final Aging aging = new Aging(TICK);
    private long tick;
    private long now = 1_000 * SECOND;
    private long lastCall;
    /** Whether the rings can be read; the reply rings only on ticks with suspicion, as the probe has it. */
    boolean rings;
    long unreadReplies;
    Diagnosis diagnosis = new Diagnosis(List.of(), false);

    ModelGroup(int workers) {
        this(workers, SECOND);
    }

    ModelGroup(int workers, long floorNanos) {
        learned = new LearnedLimits(floorNanos);
        for (int i = 0; i < workers; i++) {
            ranks.add(new Rank(i));
        }
    }

    /** What a rank does; each tick takes it from here. */
    static final class Rank {
        final int index;
        Phase phase = Phase.READY;
        long received;
        long started;
        long finished;
        String method = "";
        String costClass = "";
        long entered;
        long completed;
        String op = "all_reduce";
        long count = 1024;
        String dtype = "bf16";
        long unread;
        boolean neverInCollectives;
        char state = 'S';
        int tracer;
        boolean readable = true;
        boolean starved;
        String wchan = "futex_do_wait";
        boolean dead;
        boolean pulsing = true;
        boolean looping = true;
        @Nullable
        SectionStatus section;
        @Nullable
        LockCycleStatus lockCycle;
        boolean frozen;
        int awake = -1;
        private long runNanos;
        private long loopTicks = 1;
        private long pulses = 1;

        Rank(int index) {
            this.index = index;
        }

        boolean inCall() {
            return started > finished;
        }

        void spin() {
            state = 'R';
            wchan = "";
        }

        void stop() {
            state = 'T';
            wchan = "do_signal_stop";
            pulsing = false;
            looping = false;
        }

        void sleep(String where) {
            state = 'S';
            wchan = where;
        }

        private void tick(long number) {
            boolean beat = number % 4 == 0;
            pulses += pulsing && beat ? 1 : 0;
            loopTicks += looping && !inCall() && beat ? 1 : 0;
            runNanos += state == 'R' && !starved ? TICK * 9 / 10 : 0;
        }

        private RankSnapshot snapshot() {
            List<CollectiveStatus> collectives = neverInCollectives ? List.of()
                    : List.of(new CollectiveStatus(0, entered, entered, completed, op, count, dtype));
            RankStatus status = new RankStatus(index, null, 100 + index, 200 + index, phase, 3, received, started,
                    finished, finished, method, costClass, loopTicks, pulses, collectives, section, lockCycle);
            ThreadFacts loop = dead || !readable ? null
                    : new ThreadFacts(100 + index, state, runNanos, 0, runNanos / (10 * MILLI), wchan, "", tracer);
            return new RankSnapshot(status, new ProcessFacts(dead, frozen, awake, loop, null), Ages.ZERO);
        }
    }

    static final class Driver {
        Phase phase = Phase.READY;
        boolean ticking = true;
        boolean dead;
        boolean frozen;
        char state = 'S';
        private long ticks = 1;
        private long completed;

        private DriverSnapshot snapshot() {
            ticks += ticking ? 1 : 0;
            return new DriverSnapshot(new DriverStatus(null, 90, 91, phase, 2, ticks, ticks, 0, completed, 0),
                    new ProcessFacts(dead, frozen, -1, dead ? null : new ThreadFacts(90, state, 0, 0, 0, "", "", 0),
                            null),
                    Ages.ZERO);
        }
    }

    Rank rank(int index) {
        return ranks.get(index);
    }

    /** One tick in time. */
    Diagnosis tick() {
        return tick(0);
    }

    /** One tick that comes late by so much. */
    Diagnosis tick(long lateNanos) {
        tick++;
        now += TICK + lateNanos;
        ranks.forEach(rank -> rank.tick(tick));
        GroupSnapshot raw = new GroupSnapshot(tick, now, lateNanos, "model", 1, driver.snapshot(),
                ranks.stream().map(Rank::snapshot).toList(), inFlight, requests(), replies());
        recorded.add(raw);
        GroupSnapshot snapshot = aging.age(history.newest(), raw);
        history.add(snapshot);
        learned.observe(snapshot, diagnosis.findings().stream().anyMatch(Finding::teachesNothing));
        diagnosis = diagnoser.diagnose(history.window(), learned.table());
        everFound.addAll(diagnosis.findings());
        return diagnosis;
    }

    private @Nullable RingStatus requests() {
        return rings ? new RingStatus(65_536, 640, 10, false, ranks.stream()
                .map(rank -> new ReaderLag(rank.index, 1, ReaderState.ACTIVE, rank.unread, 64 * rank.unread)).toList())
                : null;
    }

    private List<RingStatus> replies() {
        List<ReaderLag> driverSlot = List.of(new ReaderLag(0, 1, ReaderState.ACTIVE, unreadReplies, 0));
        return rings && diagnosis.wantsDetail()
                ? ranks.stream().map(rank -> new RingStatus(65_536, 640, 10, false, driverSlot)).toList()
                : List.of();
    }

    void ticks(int count) {
        for (int i = 0; i < count; i++) {
            tick();
        }
    }

    /** Ticks until it holds; fails after the bound. Returns the time it took. */
    long until(BooleanSupplier condition, long boundNanos) {
        long from = now;
        while (!condition.getAsBoolean()) {
            if (now - from > boundNanos) {
                throw new AssertionError("not within " + boundNanos / MILLI + " ms: " + diagnosis);
            }
            tick();
        }
        return now - from;
    }

    long untilAct(long boundNanos) {
        return until(() -> diagnosis.act().isPresent(), boundNanos);
    }

    /** All ranks begin the next call; none is in its collective yet. */
    long begin(String method, String costClass, long timeoutNanos) {
        lastCall++;
        inFlight.add(new InFlightCall(lastCall, method, costClass, -1, timeoutNanos));
        for (Rank rank : ranks) {
            rank.received = lastCall;
            if (!rank.inCall() && !rank.dead) {
                rank.started = lastCall;
                rank.method = method;
                rank.costClass = costClass;
            }
        }
        return lastCall;
    }

    /** All but these wait in the collective of the call. */
    void allWaitExcept(int... late) {
        long next = ranks.stream().mapToLong(rank -> rank.completed).max().orElse(0) + 1;
        for (Rank rank : ranks) {
            boolean isLate = false;
            for (int index : late) {
                isLate |= index == rank.index;
            }
            if (!isLate) {
                rank.entered = next;
                rank.sleep("futex_do_wait");
            }
        }
    }

    /** The collective completes everywhere and the call ends. */
    void end() {
        long next = ranks.stream().mapToLong(rank -> rank.entered).max().orElse(0);
        for (Rank rank : ranks) {
            rank.entered = next;
            rank.completed = next;
            rank.finished = rank.started;
            rank.sleep("futex_do_wait");
        }
        inFlight.removeIf(call -> call.callId() <= lastCall);
        driver.completed++;
    }

    /** A healthy call of so many ticks; a fraction of a tick is 0. */
    void serve(String method, String costClass, int ticks) {
        begin(method, costClass, 60 * SECOND);
        ticks(ticks);
        allWaitExcept();
        end();
        ticks(ticks == 0 ? 1 : 0);
    }

    /** Three seconds of the load: decode 20 ms, every 20th a prefill of 400 ms. */
    void serveMixedLoad() {
        serve(METHOD, "decode", 40);
        for (int step = 1; step <= 75; step++) {
            if (step % 20 == 0) {
                serve(METHOD, "prefill", 8);
            } else {
                serve(METHOD, "decode", 0);
            }
        }
    }

    Finding only() {
        if (diagnosis.findings().size() != 1) {
            throw new AssertionError("expected one finding: " + diagnosis);
        }
        return diagnosis.findings().getFirst();
    }

    boolean acts(HangKind kind, int rank) {
        return diagnosis.findings().stream()
                .anyMatch(f -> f.tier() == Tier.ACT && f.kind() == kind && f.rank() == rank);
    }
}
