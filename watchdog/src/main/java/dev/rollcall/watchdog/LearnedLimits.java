package dev.rollcall.watchdog;

import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.RankStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Learns how long calls take, per (method, cost class). One thread: the watchdog's.
 *
 * <p>
 * A call is followed from the tick in which it is first seen, in the in-flight table or in a rank, until every rank has
 * finished it; its sample is the largest age any rank reached in it. A call shorter than a tick may never be seen: when
 * one of a class without a limit is under way, those that ended since this watchdog came, and did not fail, are looked up in
 * what driver and ranks have recorded. The first calls of a class are warm-up and teach nothing, neither does a call that
 * overlapped a suspicion: a hang must not raise the limit that is to find it. The scheme (factor x largest, warm-up excluded, unlimited until learned) is that of NVRx's sections.
 */
public final class LearnedLimits {
    /** Calls of a class that teach nothing. */
    static final int WARM_UP_CALLS = 2;

    private static final int FACTOR = 5;
    private static final int RECENT = 64;
    private static final int MAX_CLASSES = 1024;
    private static final int MAX_FOLLOWED = 1024;
    private static final long WARM_UP_NANOS = 300_000_000_000L;

    private final Map<ClassKey, Learned> classes = new LinkedHashMap<>();
    private final TreeMap<Long, Followed> followed = new TreeMap<>();
    private final NearMisses nearMisses = new NearMisses();
    private final PastCalls past;
    private long learnedUpTo = -1;
    /** Calls up to this one were looked up, or are not to be: nobody watched them, or they overlapped a suspicion. */
    private long recordedUpTo;
    private LimitTable table;

    /**
     * Knows nothing yet.
     *
     * @param floorNanos least limit; 1 s unless fixed times are to be scaled
     */
    public LearnedLimits(long floorNanos) {
        this(floorNanos, PastCalls.NONE);
    }

    LearnedLimits(long floorNanos, PastCalls past) {
        if (floorNanos <= 0) {
            throw new IllegalArgumentException("floor must be positive: floorNanos=" + floorNanos);
        }
        this.past = past;
        LimitTable unscaled = new LimitTable(floorNanos, 0, FACTOR, List.of());
        table = new LimitTable(floorNanos, unscaled.scaled(WARM_UP_NANOS), FACTOR, List.of());
    }

    /**
     * Takes in one tick.
     *
     * @param snapshot what was read
     * @param suspicious whether somebody was under suspicion: calls under way then teach nothing
     */
    public void observe(GroupSnapshot snapshot, boolean suspicious) {
        long finishedByAll = finishedByAll(snapshot);
        if (learnedUpTo < 0) {
            learnedUpTo = finishedByAll;
            recordedUpTo = finishedByAll;
        }
        for (InFlightCall call : snapshot.inFlight()) {
            follow(call.callId(), call.method(), call.costClass());
        }
        for (RankSnapshot rank : snapshot.ranks()) {
            RankStatus status = rank.board();
            Followed call = follow(status.started(), status.method(), status.costClass());
            if (call != null && GroupView.inCall(status)) {
                call.largestAge = Math.max(call.largestAge, rank.ages().callNanos());
            }
        }
        if (suspicious) {
            followed.values().forEach(call -> call.tainted = true);
        }
        learn(finishedByAll);
        if (suspicious) {
            recordedUpTo = Math.max(recordedUpTo, followed.isEmpty() ? finishedByAll : followed.lastKey());
        } else if (finishedByAll > recordedUpTo && isUnknownUnderWay()) {
            learnRecorded(finishedByAll);
        }
    }

    /**
     * The limits in force now.
     *
     * @return an immutable copy
     */
    public LimitTable table() {
        return table;
    }

    /**
     * How close healthy calls came to their limits. Any thread.
     *
     * @return a row per method and cost class with a learned limit, in the order they were met
     */
    public List<Headroom> headroom() {
        return nearMisses.rows();
    }

    private @Nullable Followed follow(long callId, String method, String costClass) {
        if (callId <= learnedUpTo || method.isEmpty()) {
            return null;
        }
        if (followed.size() >= MAX_FOLLOWED && !followed.containsKey(callId)) {
            followed.pollFirstEntry();
        }
        return followed.computeIfAbsent(callId, id -> new Followed(new ClassKey(method, costClass)));
    }

    private boolean isUnknownUnderWay() {
        for (Followed call : followed.values()) {
            Learned known = classes.get(call.key);
            if (known == null || known.samples == 0) {
                return true;
            }
        }
        return false;
    }

    /** Of classes without a limit, seen in a tick or not. Garbage teaches nothing. */
    private void learnRecorded(long finishedByAll) {
        boolean changed = false;
        for (PastCalls.PastCall call : past.of(recordedUpTo, finishedByAll, table)) {
            if (call.longestNanos() >= 0 && call.longestNanos() <= WARM_UP_NANOS) {
                changed |= learn(call.callId(), new ClassKey(call.method(), call.costClass()), call.longestNanos());
            }
        }
        recordedUpTo = finishedByAll;
        publish(changed);
    }

    private void learn(long finishedByAll) {
        boolean changed = false;
        while (!followed.isEmpty() && followed.firstKey() <= finishedByAll) {
            Map.Entry<Long, Followed> first = followed.pollFirstEntry();
            Followed call = first.getValue();
            noteHeadroom(call);
            changed |= !call.tainted && learn(first.getKey(), call.key, call.largestAge);
        }
        learnedUpTo = Math.max(learnedUpTo, finishedByAll);
        publish(changed);
    }

    private boolean learn(long callId, ClassKey key, long age) {
        return (classes.containsKey(key) || classes.size() < MAX_CLASSES)
                && classes.computeIfAbsent(key, each -> new Learned()).add(callId, age);
    }

    private void publish(boolean changed) {
        if (changed) {
            table = new LimitTable(table.floorNanos(), table.warmUpNanos(), table.factor(), learned());
        }
    }

    /** Against the limit that was in force for it, which its own age may raise from the next call on. */
    private void noteHeadroom(Followed call) {
        if (!call.tainted && table.knows(call.key.method, call.key.costClass)) {
            nearMisses.record(call.key.method, call.key.costClass, call.largestAge,
                    table.limitFor(call.key.method, call.key.costClass, 0).suspectNanos());
        }
    }

    private List<LimitTable.LearnedClass> learned() {
        List<LimitTable.LearnedClass> result = new ArrayList<>(classes.size());
        classes.forEach((key, learned) -> {
            if (learned.samples > 0) {
                result.add(new LimitTable.LearnedClass(key.method, key.costClass, learned.samples, learned.largest));
            }
        });
        return result;
    }

    private static long finishedByAll(GroupSnapshot snapshot) {
        long lowest = Long.MAX_VALUE;
        for (RankSnapshot rank : snapshot.ranks()) {
            lowest = Math.min(lowest, rank.board().finished());
        }
        return snapshot.ranks().isEmpty() ? 0 : lowest;
    }

    private record ClassKey(String method, String costClass) {
    }

    private static final class Followed {
        private final ClassKey key;
        private long largestAge;
        private boolean tainted;

        private Followed(ClassKey key) {
            this.key = key;
        }
    }

    /** Samples of one class: the newest {@link #RECENT} ages and their largest. */
    private static final class Learned {
        private final long[] recent = new long[RECENT];
        /** Kept, so that a call that was followed is not looked up as another one. */
        private final Set<Long> warmUp = new HashSet<>(WARM_UP_CALLS);
        private long samples;
        private long largest;

        private boolean add(long callId, long age) {
            if (warmUp.contains(callId) || warmUp.size() < WARM_UP_CALLS) {
                warmUp.add(callId);
                return false;
            }
            recent[(int) (samples++ % RECENT)] = age;
            largest = 0;
            for (long each : recent) {
                largest = Math.max(largest, each);
            }
            return true;
        }
    }
}
