package dev.rollcall.watchdog;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ranks that are in the same collective of the same communicator and do not agree what it is. The majority is right, never
 * whoever comes first; where there is none, nobody is blamed. Two readings must agree, because a record may be read while
 * it is being written. Pure; one use per window.
 */
final class Mismatches {
    private final List<GroupSnapshot> window;
    private final GroupView view;

    /** What a rank thinks it takes part in. */
    private record Shape(String op, long count, String dtype) {
        @Override
        public String toString() {
            return op + '[' + count + ' ' + dtype + ']';
        }
    }

    private record Place(int communicator, long sequence) {
    }

    Mismatches(List<GroupSnapshot> window, GroupView view) {
        this.window = window;
        this.view = view;
    }

    List<Finding> judge() {
        List<Finding> findings = new ArrayList<>();
        if (window.size() < 2) {
            return findings;
        }
        Map<Place, Map<Integer, Shape>> before = null;
        for (Map.Entry<Place, Map<Integer, Shape>> now : shapes(window.getLast()).entrySet()) {
            if (now.getValue().values().stream().distinct().count() > 1) {
                before = before == null ? shapes(window.get(window.size() - 2)) : before;
                if (now.getValue().equals(before.get(now.getKey()))) {
                    blame(now.getKey(), now.getValue(), findings);
                }
            }
        }
        return findings;
    }

    /** Who is in which collective, and what they take it for; torn records are left out. */
    private static Map<Place, Map<Integer, Shape>> shapes(GroupSnapshot snapshot) {
        Map<Place, Map<Integer, Shape>> shapes = new LinkedHashMap<>();
        for (RankSnapshot rank : snapshot.ranks()) {
            if (!GroupView.takesPart(rank) || !GroupView.inCall(rank.board())) {
                continue;
            }
            for (CollectiveStatus collective : rank.board().collectives()) {
                if (collective.inside() && !collective.op().isEmpty()) {
                    shapes.computeIfAbsent(new Place(collective.communicator(), collective.entered()),
                            place -> new LinkedHashMap<>())
                            .put(rank.board().rank(),
                                    new Shape(collective.op(), collective.count(), collective.dtype()));
                }
            }
        }
        return shapes;
    }

    private void blame(Place place, Map<Integer, Shape> shapes, List<Finding> findings) {
        Shape usual = majority(shapes);
        long call = window.getLast().ranks().get(shapes.keySet().iterator().next()).board().started();
        String where = "collective " + place.sequence + " of communicator " + place.communicator + ": ";
        if (usual == null) {
            findings.add(new Finding(Tier.ACT, HangKind.COLLECTIVE_MISMATCH, Verdict.NOBODY, call, 0.6,
                    "cannot tell who: no majority in " + where + words(shapes), "", 0, 0, 0));
            return;
        }
        long odd = shapes.values().stream().filter(shape -> !shape.equals(usual)).count();
        shapes.forEach((rank, shape) -> {
            if (!shape.equals(usual)) {
                findings.add(new Finding(Tier.ACT, HangKind.COLLECTIVE_MISMATCH, rank, call, 0.97 / odd,
                        "entered " + shape + ", " + (shapes.size() - odd) + " others " + usual + " in " + where
                                + "read twice; " + Phrases.where(window.getLast().ranks().get(rank), view),
                        "", 0, 0, victims(shapes, usual)));
            }
        });
    }

    private static @Nullable Shape majority(Map<Integer, Shape> shapes) {
        for (Shape candidate : shapes.values()) {
            if (shapes.values().stream().filter(candidate::equals).count() * 2 > shapes.size()) {
                return candidate;
            }
        }
        return null;
    }

    private static long victims(Map<Integer, Shape> shapes, Shape usual) {
        return shapes.entrySet().stream().filter(each -> Objects.equals(each.getValue(), usual))
                .mapToLong(each -> 1L << each.getKey()).sum();
    }

    private static String words(Map<Integer, Shape> shapes) {
        Map<Shape, Long> ranks = new LinkedHashMap<>();
        shapes.forEach((rank, shape) -> ranks.merge(shape, 1L << rank, (one, other) -> one | other));
        List<String> words = new ArrayList<>();
        ranks.forEach((shape, bits) -> words.add(shape + " by rank " + Phrases.ranks(bits)));
        return String.join(", ", words);
    }
}
