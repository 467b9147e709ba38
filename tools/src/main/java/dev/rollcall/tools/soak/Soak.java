package dev.rollcall.tools.soak;

import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CallResult;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.rpc.GroupListener;
import dev.rollcall.rpc.MethodOptions;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.RestartPolicy;
import dev.rollcall.rpc.SentCall;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.tools.console.Progress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One soak, from the start of the group to the search for what it left. The calling thread makes the calls. */
final class Soak {
    private static final int IN_FLIGHT = 48;
    /** Between two calls: the faults are what this is about. */
    private static final long PACE_NANOS = 2_000_000L;
    private static final long LOOK_NANOS = 5_000_000L;
    private static final int SMALL = 200;
    private static final int LARGE = 20_000;
    private static final int LARGE_OF = 50;
    /** At what this process holds: early, half way, at the end. */
    private static final int LOOKS = 3;
    private static final int MOST_LOOKS = 5;
    private static final int SOON_MILLIS = 20;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(1);
    private static final long ALL_END_NANOS = 60_000_000_000L;
    private static final long GONE_NANOS = 10_000_000_000L;
    /** Workers fail all the time here, and that must not end it. */
    private static final RestartPolicy RESTARTS =
            new RestartPolicy(10_000, Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(300));

    private final long nanos;
    private final long seed;
    private final int workers;
    private final Path incidents;
    private final Progress progress;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final Ledger ledger;
    private final Random random;
    private final Roll roll;
    private final List<String> problems = new ArrayList<>();
    private final List<Vitals> vitals = new ArrayList<>();

    Soak(Duration howLong, long seed, int workers, Path incidents, Progress progress) {
        this.nanos = howLong.toNanos();
        this.seed = seed;
        this.workers = workers;
        this.incidents = incidents;
        this.progress = progress;
        this.ledger = new Ledger(workers, free);
        this.random = new Random(seed);
        this.roll = new Roll(ProcessLauncher.of(SoakWorker.class).output((rank, line) -> {
            // ranks that are killed say nothing of interest, and the others are judged by what they answer
        }).build());
    }

    SoakReport run() throws IOException, InterruptedException {
        long descriptorsBefore = Vitals.count(true);
        Overseer overseer = new Overseer(incidents);
        AtomicReference<@Nullable CollectiveExecutor> started = new AtomicReference<>();
        GroupListener listener = new GroupListener() {
            @Override
            public void stateChanged(State from, State to) {
                CollectiveExecutor group = started.get();
                if (to == State.READY && group != null) {
                    overseer.watch(group.directory());
                }
            }
        };
        CountDownLatch over = new CountDownLatch(1);
        CollectiveExecutor.Counters counters;
        Faults faults;
        try (CollectiveExecutor group = CollectiveExecutor.builder(roll, workers)
                .group("soak." + GroupDirectory.newName()).readyTimeout(READY_TIMEOUT).defaultTimeout(CALL_TIMEOUT)
                .stopTimeout(Duration.ofMillis(500)).restart(RESTARTS).listener(listener)
                .method(CallKind.ECHO_AGAIN.method(), MethodOptions.defaults().retried()).start()) {
            started.set(group);
            overseer.watch(group.directory());
            faults = new Faults(group, over, seed + 1);
            Thread striking = Thread.ofPlatform().daemon().name("soak-faults").start(faults);
            try {
                serve(group, overseer, faults);
            } finally {
                over.countDown();
                striking.join(Duration.ofNanos(ALL_END_NANOS));
            }
            require(!striking.isAlive(), "the faults did not end");
            look(group, overseer, nanos / 1_000_000_000L);
            counters = group.counters();
        }
        overseer.awaitEnd();
        checkLedger(counters);
        checkVerdicts(overseer, faults);
        checkFlatness();
        checkLeftovers(descriptorsBefore);
        progress.clear();
        return new SoakReport(nanos, seed, workers, ledger, counters, faults, overseer, roll.launched(),
                List.copyOf(vitals), List.copyOf(problems));
    }

    private void serve(CollectiveExecutor group, Overseer overseer, Faults faults)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long second = 0;
        while (System.nanoTime() - start < nanos) {
            if (!free.tryAcquire(2 * CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                problems.add("calls do not end: open=" + ledger.stillOpen());
                return;
            }
            call(group);
            LockSupport.parkNanos(PACE_NANOS);
            long now = System.nanoTime() - start;
            // The first look comes when the group has warmed up a little, the second half way.
            if (now > (vitals.isEmpty() ? nanos / 10 : nanos / 2) && vitals.size() < LOOKS - 1) {
                try (Faults.Pause _ = faults.pause()) {
                    look(group, overseer, now / 1_000_000_000L);
                }
            }
            second = now / 1_000_000_000L;
            long shown = second;
            progress.alive(() -> "soak " + shown + " s: " + ledger.ended() + " calls ended, group " + group.state()
                    + ", " + Durations.brief(Math.max(0, nanos - now)) + " to go, verdicts " + overseer.verdicts());
        }
    }

    /** One call of a random kind; every other one by future. */
    private void call(CollectiveExecutor group) {
        CallKind kind = CallKind.any(random);
        int extra = random.nextInt(random.nextInt(LARGE_OF) == 0 ? LARGE : SMALL);
        int rank = random.nextInt(workers);
        int millis = 1 + random.nextInt(SOON_MILLIS);
        boolean one = kind == CallKind.ECHO_ONE || kind == CallKind.ECHO_AGAIN;
        CallOptions options = one ? CallOptions.fromRank(rank) : CallOptions.allRanks();
        if (kind == CallKind.DAWDLE) {
            options = options.within(Duration.ofMillis(millis));
        }
        Ledger.Entry entry = ledger.open(kind, extra, options.replyRank());
        boolean byFuture = random.nextBoolean();
        Runnable cancel = byFuture ? byFuture(group, kind, options, entry) : byHandler(group, kind, options, entry);
        if (kind == CallKind.UNTIL_CANCELLED) {
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(cancel);
        }
    }

    private static Runnable byHandler(CollectiveExecutor group, CallKind kind, CallOptions options,
            Ledger.Entry entry) {
        SentCall sent = group.call(kind.method(), entry.request(), options, entry);
        return () -> {
            boolean _ = sent.cancel();
        };
    }

    private Runnable byFuture(CollectiveExecutor group, CallKind kind, CallOptions options, Ledger.Entry entry) {
        CompletableFuture<CallResult> future = group.call(kind.method(), entry.request(), options);
        var _ = future.whenComplete((result, error) -> {
            for (int rank = 0; error == null && rank < workers; rank++) {
                if (result.has(rank)) {
                    MemorySegment reply = result.reply(rank);
                    entry.onReply(rank, reply, 0, reply.byteSize());
                }
            }
            entry.onEnd(error);
        });
        return () -> {
            boolean _ = future.cancel(true);
        };
    }

    /**
     * What this process holds when no call is open, the group is well and what belonged to earlier epochs has gone: so that one
     * look can be held against another. Nobody does anything to the group meanwhile, but what was done before may show late.
     */
    private void look(CollectiveExecutor group, Overseer overseer, long second)
            throws IOException, InterruptedException {
        Path epoch;
        Vitals seen;
        int looks = 0;
        do {
            settle(group);
            boolean _ = await(GONE_NANOS, overseer::watchesOneEpoch);
            epoch = group.directory();
            seen = Vitals.now(second);
        } while (!(group.state() == State.READY && epoch.equals(group.directory())) && ++looks < MOST_LOOKS);
        vitals.add(seen);
    }

    /** All calls end, and the group is well again. */
    private void settle(CollectiveExecutor group) throws InterruptedException {
        require(await(ALL_END_NANOS, () -> ledger.stillOpen() == 0),
                "calls did not end: open=" + ledger.stillOpen());
        if (!await(ALL_END_NANOS, () -> group.state() == State.READY || group.state() == State.FAILED)) {
            problems.add("the group did not get ready: state=" + group.state());
        }
        try {
            if (group.state() == State.FAILED) {
                group.restart();
            }
        } catch (RollcallException failed) {
            problems.add("the group does not start again: " + failed.getMessage());
        }
        require(await(ALL_END_NANOS, () -> group.state() == State.READY), "the group is not ready in the end");
    }

    private void checkLedger(CollectiveExecutor.Counters counters) {
        require(ledger.ended() == ledger.made(), "calls without an end: " + (ledger.made() - ledger.ended()));
        require(ledger.endedTwice() == 0, "calls that ended twice: " + ledger.endedTwice());
        require(ledger.wrong() == 0, "wrong replies: " + ledger.wrong());
        require(ledger.unexpected().isEmpty(), "unexpected failures: " + ledger.unexpected());
        long counted = counters.completed() + counters.failed() + counters.timedOut() + counters.cancelled();
        require(counted == ledger.made(), "the executor counted other ends: " + counters);
        require(counters.unknownReplies() == 0, "replies nobody asked for: " + counters.unknownReplies());
    }

    private void checkVerdicts(Overseer overseer, Faults faults) {
        for (Overseer.Said alarm : SoakReport.falseAlarms(overseer, faults)) {
            problems.add("false alarm: " + alarm.words());
        }
        require(faults.notEnded() == 0, "stopped for good and not ended: " + faults.notEnded());
        problems.addAll(overseer.troubles());
    }

    /** The second half added nothing. */
    private void checkFlatness() {
        if (vitals.size() > 1) {
            problems.addAll(vitals.getLast().growthSince(vitals.get(vitals.size() - 2), workers));
        }
    }

    private void checkLeftovers(long descriptorsBefore) throws IOException {
        require(await(GONE_NANOS, () -> roll.alive().isEmpty()), "processes left: " + roll.alive());
        require(roll.foldersLeft().isEmpty(), "folders left: " + roll.foldersLeft());
        long left = Vitals.count(true) - descriptorsBefore;
        require(left <= 0, "descriptors left: " + left);
    }

    private void require(boolean right, String problem) {
        if (!right) {
            problems.add(problem);
        }
    }

    private boolean await(long nanosAtMost, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > nanosAtMost) {
                return false;
            }
            progress.alive(() -> "soak: the last calls end ...");
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
