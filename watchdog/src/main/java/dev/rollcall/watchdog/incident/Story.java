package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the two reports tell of an incident, read out of it once. Immutable, one thread. */
final class Story {
    private static final GroupSnapshot[] NONE = {};

    private final Incident incident;
    private final GroupSnapshot[] window;
    private final @Nullable GroupSnapshot atVerdict;
    private final List<Integer> victims;
    private final @Nullable Gathering gathering;
    private final long zero;
    private final long savedNanos;

    /**
     * A collective that ranks wait in and another has not reached.
     *
     * @param communicator of the collective
     * @param sequence     its number there
     * @param op           its operation
     * @param inside       ranks that have entered and cannot leave
     */
    record Gathering(int communicator, long sequence, String op, List<Integer> inside) {
        /** "all-reduce #298". */
        String name() {
            return op + " #" + sequence;
        }
    }

    Story(Incident incident, long savedNanos) {
        this.incident = incident;
        this.savedNanos = savedNanos;
        window = incident.window().toArray(NONE);
        atVerdict = find(window, incident.verdictTick());
        victims = bits(incident.verdict().victims(), atVerdict == null ? Long.SIZE : atVerdict.ranks().size());
        gathering = atVerdict == null ? null : gathering(atVerdict, incident.verdict().rank());
        zero = firstKnown(incident.timeline(), atVerdict);
    }

    Incident incident() {
        return incident;
    }

    Verdict verdict() {
        return incident.verdict();
    }

    /** Oldest first; empty when nothing was saved. */
    GroupSnapshot[] window() {
        return window;
    }

    /** The snapshot the verdict was reached at, or the nearest one before it; null when the window is empty. */
    @Nullable
    GroupSnapshot atVerdict() {
        return atVerdict;
    }

    @Nullable
    Gathering gathering() {
        return gathering;
    }

    List<Integer> victims() {
        return victims;
    }

    /** The fault, as near as a watchdog can know it: the last reading at which the culprit was seen to move. */
    long zero() {
        return zero;
    }

    /** When the verdict was published, or reached where it was not published. */
    long verdictNanos() {
        long published = incident.timeline().verdictNanos();
        return published != 0 || atVerdict == null ? published : atVerdict.atNanos();
    }

    /** 0 while not saved, or not known on the clock of the timeline. */
    long savedNanos() {
        return savedNanos;
    }

    boolean blamesSomebody() {
        return verdict().rank() != Verdict.NOBODY && isBlame(verdict().kind());
    }

    boolean blames(int rank) {
        return blamesSomebody() && verdict().rank() == rank;
    }

    /** Kinds that say why nobody can be blamed at present. */
    static boolean isBlame(HangKind kind) {
        return !Finding.excuses(kind);
    }

    String group() {
        return window.length == 0 ? "" : window[0].group();
    }

    int epoch() {
        return window.length == 0 ? 0 : window[0].epoch();
    }

    /** The rank as read at the verdict, or null. */
    @Nullable
    RankSnapshot rank(int rank) {
        return atVerdict == null || rank < 0 || rank >= atVerdict.ranks().size() ? null : atVerdict.ranks().get(rank);
    }

    /** "rank 5", "the driver", "nobody". */
    static String who(int rank) {
        return switch (rank) {
            case Verdict.DRIVER -> "the driver";
            case Verdict.NOBODY -> "nobody";
            default -> "rank " + rank;
        };
    }

    /** Calls the driver counted as failed between the verdict and the end of the window. */
    long failed() {
        if (atVerdict == null || incident.timeline().failedNanos() == 0) {
            return 0;
        }
        return Math.max(0, window[window.length - 1].driver().board().failed() - atVerdict.driver().board().failed());
    }

    /** Nobody says when they failed, only at which reading that was seen. */
    boolean failedBeforeSeen() {
        long failedNanos = incident.timeline().failedNanos();
        return Arrays.stream(window).anyMatch(snapshot -> snapshot.atNanos() == failedNanos);
    }

    private static @Nullable GroupSnapshot find(GroupSnapshot[] window, long tick) {
        GroupSnapshot best = null;
        for (GroupSnapshot s : window) {
            if (best == null || s.tick() <= tick) {
                best = s;
            }
        }
        return best;
    }

    private static long firstKnown(Timeline t, @Nullable GroupSnapshot atVerdict) {
        for (long candidate : new long[]{t.lastProgressNanos(), t.firstSignNanos(), t.suspectNanos(),
                t.verdictNanos()}) {
            if (candidate != 0) {
                return candidate;
            }
        }
        return atVerdict == null ? 0 : atVerdict.atNanos();
    }

    static List<Integer> bits(long mask, int limit) {
        List<Integer> ranks = new ArrayList<>();
        for (int r = 0; r < Math.min(limit, Long.SIZE); r++) {
            if ((mask >>> r & 1) != 0) {
                ranks.add(r);
            }
        }
        return List.copyOf(ranks);
    }

    /** The collective most ranks are in, have not left, and the culprit has not entered. */
    private static @Nullable Gathering gathering(GroupSnapshot snapshot, int culprit) {
        Map<List<Long>, List<Integer>> inside = new HashMap<>();
        Map<List<Long>, String> ops = new HashMap<>();
        for (RankSnapshot rank : snapshot.ranks()) {
            for (CollectiveStatus c : rank.board().collectives()) {
                if (c.entered() > c.completed() && rank.board().rank() != culprit) {
                    List<Long> key = List.of((long) c.communicator(), c.entered());
                    inside.computeIfAbsent(key, k -> new ArrayList<>()).add(rank.board().rank());
                    ops.putIfAbsent(key, operation(c.op()));
                }
            }
        }
        Gathering best = null;
        for (Map.Entry<List<Long>, List<Integer>> e : inside.entrySet()) {
            List<Long> key = e.getKey();
            boolean larger = best == null || e.getValue().size() > best.inside().size()
                    || (e.getValue().size() == best.inside().size() && key.get(1) < best.sequence());
            if (larger) {
                best = new Gathering(key.get(0).intValue(), key.get(1), Objects.requireNonNull(ops.get(key)),
                        List.copyOf(e.getValue()));
            }
        }
        return best;
    }

    private static String operation(String op) {
        String name = op.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        return switch (name) {
            case "" -> "collective";
            case "allreduce" -> "all-reduce";
            case "allgather" -> "all-gather";
            case "reducescatter" -> "reduce-scatter";
            default -> name;
        };
    }
}
