package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.ReaderState;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.FlightKind;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.LimitTable;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Incidents as a mixed load makes them: decode steps of 20 ms, some prefill steps of 400 ms, one all-reduce per step,
 * read every 50 ms; from the fault on the culprit's words stand still and the others wait for it.
 */
final class Sample {
    static final long MS = 1_000_000L;
    private static final long START = 7_000_000 * MS;
    private static final long TICK = 50 * MS;
    private static final long FAULT = START + 6_013 * MS;
    private static final int DRIVER_PID = 4100;

    HangKind kind = HangKind.STOPPED;
    int rank = 5;
    int workers = 8;
    long verdictAfterMs = 548;
    long limitMs;
    String reason = "state T in two readings; started call 331, all-reduce 165 of 166";
    String runnerUp = "";
    char state = 'T';
    String wchan = "do_signal_stop";
    boolean failed = true;
    String method = "execute_model";
    Tier tier = Tier.ACT;
    double confidence = 0.99;

    private final Random random = new Random(42);
    private final List<long[]> calls = new ArrayList<>(); // id, start, end, prefill

    static Sample stopped() {
        return new Sample();
    }

    static Sample spinning() {
        Sample s = new Sample();
        s.kind = HangKind.SPINNING;
        s.rank = 0;
        s.state = 'R';
        s.wchan = "";
        s.limitMs = 1200;
        s.verdictAfterMs = 1_262;
        s.confidence = 0.95;
        s.reason = "in call 331 for 1.21 s, limit 1.20 s; state R and 1.20 s of CPU in that time";
        s.runnerUp = "rank 0 is a straggler: its slowest recent call took 0.41 s";
        return s;
    }

    static Sample blocked() {
        Sample s = spinning();
        s.kind = HangKind.BLOCKED;
        s.rank = 7;
        s.state = 'S';
        s.wchan = "pipe_read";
        s.reason = "in call 331 for 1.21 s, limit 1.20 s; state S in pipe_read, no CPU used";
        return s;
    }

    static Sample missing() {
        Sample s = blocked();
        s.kind = HangKind.MISSING_FROM_COLLECTIVE;
        s.rank = 2;
        s.wchan = "futex_do_wait";
        s.reason = "seven ranks entered all-reduce 166, this one is at 165 and neither computes nor does I/O";
        return s;
    }

    static Sample dead() {
        Sample s = new Sample();
        s.kind = HangKind.DEAD;
        s.rank = 7;
        s.verdictAfterMs = 61;
        s.confidence = 1;
        s.reason = "its pidfd became readable: the process has ended";
        return s;
    }

    static Sample driver() {
        Sample s = new Sample();
        s.kind = HangKind.DRIVER_HUNG;
        s.rank = Verdict.DRIVER;
        s.verdictAfterMs = 5_040;
        s.limitMs = 5_000;
        s.failed = false;
        s.confidence = 0.97;
        s.reason = "collector silent for 5.00 s, limit 5.00 s; state T; the workers are idle and tick";
        return s;
    }

    static Sample nobody(HangKind kind) {
        Sample s = new Sample();
        s.kind = kind;
        s.rank = kind == HangKind.SELF_STALLED ? Verdict.NOBODY : 3;
        s.state = kind == HangKind.TRACED ? 't' : 'R';
        s.wchan = kind == HangKind.TRACED ? "ptrace_stop" : "";
        s.tier = Tier.SUSPECT;
        s.failed = false;
        s.confidence = 0.6;
        s.reason = "abstained: kind=" + kind;
        return s;
    }

    /** As small as a group gets. */
    static Sample pair() {
        Sample s = dead();
        s.workers = 2;
        s.rank = 1;
        return s;
    }

    static Sample many() {
        Sample s = new Sample();
        s.workers = 64;
        s.rank = 41;
        return s;
    }

    static Sample late() {
        Sample s = blocked();
        s.limitMs = 60_000;
        s.verdictAfterMs = 60_040;
        s.reason = "in call 331 for 60.0 s, limit 60.0 s; state S in pipe_read";
        return s;
    }

    @Override
    public String toString() {
        return kind + " rank " + rank + " of " + workers;
    }

    Incident build() {
        plan();
        long verdictAt = FAULT + verdictAfterMs * MS;
        long end = verdictAt + 180 * MS;
        List<GroupSnapshot> window = new ArrayList<>();
        long tick = 0;
        long verdictTick = 0;
        long firstSign = 0;
        long lastProgress = 0;
        long failedNanos = 0;
        for (long at = START + 2_500 * MS; at <= end; at += TICK) {
            tick++;
            boolean after = failed && at > verdictAt;
            window.add(snapshot(tick, at + random.nextLong(2 * MS), after));
            long read = window.getLast().atNanos();
            if (read <= FAULT) {
                lastProgress = read;
            } else if (firstSign == 0) {
                firstSign = read;
            }
            if (read <= verdictAt) {
                verdictTick = tick;
            } else if (failedNanos == 0 && failed) {
                failedNanos = verdictAt + 9 * MS;
            }
        }
        boolean nobody = rank == Verdict.NOBODY;
        long victims = 0;
        for (int r = 0; r < workers && !nobody && rank >= 0; r++) {
            victims |= r == rank ? 0 : 1L << r;
        }
        long culpritCall = rank >= 0 ? window.getLast().ranks().get(rank).board().started() : 0;
        Verdict verdict = new Verdict(1, tier, kind, rank, culpritCall, confidence, victims, reason, "");
        LimitTable limits = new LimitTable(1_000 * MS, 300_000 * MS, 3,
                List.of(new LimitTable.LearnedClass("execute_model", "decode", 211, 24 * MS),
                        new LimitTable.LearnedClass("execute_model", "prefill", 11, 402 * MS),
                        new LimitTable.LearnedClass("sample_tokens", "", 222, 2 * MS)));
        WatchdogHealth self = new WatchdogHealth(4242, 1812 + tick, TICK,
                kind == HangKind.SELF_STALLED ? 3_100 * MS : 4 * MS, kind == HangKind.SELF_STALLED ? 1 : 0,
                2_100_000L, 410_000L);
        Timeline timeline = new Timeline(1_795_224_612_345L, lastProgress, firstSign, limitMs > 0 && rank == -2
                ? FAULT + 1_040 * MS : 0, verdictAt, failedNanos);
        return new Incident(Incident.SCHEMA, "rollcall 0.1.0-SNAPSHOT", verdict, limitMs * MS, runnerUp, limits, window,
                verdictTick, self, timeline, List.of("syscall not read: ptrace_scope=1"));
    }

    EvidenceSources sources() {
        return new EvidenceSources() {
            @Override
            public List<FlightEvent> flight(int r) {
                List<FlightEvent> events = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    FlightKind[] cycle = r == Verdict.DRIVER ? new FlightKind[]{FlightKind.ISSUED, FlightKind.COMPLETED}
                            : new FlightKind[]{FlightKind.RECEIVED, FlightKind.STARTED,
                                    FlightKind.COLLECTIVE_ENTERED, FlightKind.COLLECTIVE_COMPLETED,
                                    FlightKind.FINISHED, FlightKind.REPLIED};
                    events.add(new FlightEvent(2000 + i, 900_000 * MS + i * 3_412_345L, cycle[i % cycle.length],
                            400 + i / cycle.length, 0));
                }
                return events;
            }

            @Override
            public @Nullable String stack(int r) {
                return r == rank && (kind == HangKind.STOPPED || kind == HangKind.DEAD) ? null
                        : """
                                "rollcall-loop" #31 RUNNABLE
                                    at java.base/jdk.internal.misc.Unsafe.park(Native Method)
                                    at dev.rollcall.tools.sim.SimulatedAllReduce.await(SimulatedAllReduce.java:88)
                                    at dev.rollcall.rpc.WorkerLoop.run(WorkerLoop.java:142)
                                """;
            }

            @Override
            public long nowNanos() {
                return FAULT + (verdictAfterMs + 162) * MS;
            }
        };
    }

    /** Every call of the group: id, start, end, prefill. The one running at the fault never ends. */
    private void plan() {
        long at = START;
        long id = 1;
        while (at < FAULT + 1) {
            boolean prefill = random.nextInt(100) < 5;
            long length = prefill ? 400 * MS : 18 * MS + random.nextLong(3 * MS);
            boolean last = at + length >= FAULT;
            calls.add(new long[]{id++, at, last ? Long.MAX_VALUE : at + length, prefill ? 1 : 0});
            at += length + MS;
            if (last) {
                break;
            }
            calls.add(new long[]{id++, at, at + MS, 0});
            at += 2 * MS;
        }
    }

    private GroupSnapshot snapshot(long tick, long at, boolean ended) {
        List<RankSnapshot> ranks = new ArrayList<>();
        for (int r = 0; r < workers; r++) {
            ranks.add(rank(r, at));
        }
        long[] current = current(at);
        long issued = current[0];
        boolean hungDriver = rank == Verdict.DRIVER && at > FAULT;
        List<InFlightCall> inFlight = new ArrayList<>();
        for (int i = 0; i < 4 && !ended; i++) {
            inFlight.add(new InFlightCall(issued + i, "execute_model", i == 2 ? "prefill" : "decode", i == 3 ? 0 : -1,
                    30_000 * MS));
        }
        DriverStatus driver = new DriverStatus(identity(DRIVER_PID), DRIVER_PID + 11, DRIVER_PID + 12,
                ended ? Phase.FAILED : Phase.READY, ended ? 3 : 2, hungDriver ? FAULT / TICK : at / TICK,
                hungDriver ? FAULT / (200 * MS) : at / (200 * MS), issued + 3, issued - 1, ended ? 4 : 0);
        long silent = hungDriver ? at - FAULT : 0;
        ThreadFacts driverLoop = new ThreadFacts(DRIVER_PID + 11, hungDriver ? 'T' : 'S', 900 * MS, MS, 90,
                hungDriver ? "do_signal_stop" : "futex_do_wait", "", 0);
        List<ReaderLag> lags = new ArrayList<>();
        for (int r = 0; r < workers; r++) {
            boolean behind = r == rank && at > FAULT;
            lags.add(new ReaderLag(r, pid(r), ReaderState.ACTIVE, behind ? 3 : 0, behind ? 1_744 : 0));
        }
        List<RingStatus> replies = new ArrayList<>();
        for (int r = 0; r < workers && at > FAULT; r++) {
            replies.add(new RingStatus(1 << 18, 71_424, 446, false,
                    List.of(new ReaderLag(0, DRIVER_PID, ReaderState.ACTIVE, 0, 0))));
        }
        return new GroupSnapshot(tick, at, 0, "7f3a", 1,
                new DriverSnapshot(driver, ProcessFacts.of(false, driverLoop, null),
                        new Ages(0, 0, 0, silent, silent, silent, 0, 0, 0, 0)),
                ranks, inFlight, new RingStatus(1 << 20, 258_944, issued + 3, false, lags), replies);
    }

    private RankSnapshot rank(int r, long at) {
        boolean culprit = r == rank && at > FAULT && rank >= 0;
        boolean frozen = culprit && (kind == HangKind.STOPPED || kind == HangKind.DEAD);
        long seen = culprit ? FAULT : at;
        long[] call = current(seen);
        boolean driverHung = rank == Verdict.DRIVER;
        boolean busy = seen < call[2] && !(driverHung && at > FAULT);
        long collective = (call[0] + 1) / 2;
        boolean inCollective = busy && !culprit && at > FAULT;
        String costClass = call[0] % 2 == 0 ? "" : call[3] == 1 ? "prefill" : "decode";
        RankStatus board = new RankStatus(r, identity(pid(r)), pid(r) + 9, pid(r) + 10, Phase.READY, 2, call[0],
                call[0], busy ? call[0] - 1 : call[0], busy ? call[0] - 1 : call[0],
                call[0] % 2 == 0 ? "sample_tokens" : method, costClass, frozen ? FAULT / TICK : at / TICK,
                frozen ? FAULT / (200 * MS) : at / (200 * MS),
                List.of(new CollectiveStatus(0, inCollective ? collective : collective - 1,
                        inCollective ? collective : collective - 1, collective - 1, "all_reduce", 4096, "bf16")),
                null, null);
        long standing = culprit ? at - FAULT : 0;
        Ages ages = new Ages(busy ? at - Math.min(call[1], at) : 0, 0, 0, frozen ? standing : 11 * MS,
                frozen ? standing : 120 * MS, 0, 0, 0, 0, 0);
        boolean dead = culprit && kind == HangKind.DEAD;
        ThreadFacts loop = dead ? null
                : new ThreadFacts(pid(r) + 9, culprit ? state : 'S', 3_100 * MS, 40 * MS, 310,
                        culprit ? wchan : "futex_do_wait", "", 0);
        return new RankSnapshot(board, ProcessFacts.of(dead, loop, null), ages);
    }

    private long[] current(long at) {
        long[] best = calls.getFirst();
        for (long[] call : calls) {
            if (call[1] <= at) {
                best = call;
            }
        }
        return best;
    }

    private static int pid(int rank) {
        return 4101 + rank * 23;
    }

    private static ProcessIdentity identity(int pid) {
        return new ProcessIdentity(pid, 81_234L + pid, 0x5fb2_1a77_90ce_4c11L, 0x8c11_09ab_33aa_0102L, 4_026_531_836L);
    }
}
