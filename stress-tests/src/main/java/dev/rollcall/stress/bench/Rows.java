package dev.rollcall.stress.bench;

import dev.rollcall.stress.bench.Case.Bar;
import dev.rollcall.stress.bench.Case.Ceiling;
import dev.rollcall.stress.bench.Case.Rival;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Makes the table's rows of saved runs. A pair is a rival's run and the product's of the same round, both without an error. */
final class Rows {
    private final List<RunLine> runs;

    Rows(List<RunLine> runs) {
        this.runs = runs;
    }

    /** In the order of the plan; cases that were not run are left out. */
    List<Row> all(List<Case> cases) {
        return cases.stream().filter(work -> runs.stream().anyMatch(run -> run.caseId().equals(work.id())))
                .flatMap(work -> rows(work).stream()).toList();
    }

    private List<Row> rows(Case work) {
        List<Row> rows = new ArrayList<>();
        for (Rival rival : work.rivals()) {
            if (runs.stream().anyMatch(run -> run.caseId().equals(work.id()) && run.peer().equals(rival.peer()))) {
                Stream.concat(Stream.of(work.metric()), rival.bars().stream().map(Bar::metric)).distinct()
                        .forEach(metric -> rows.add(row(work, rival, metric)));
            }
        }
        for (Ceiling ceiling : work.ceilings()) {
            rows.add(row(work, ceiling));
        }
        return rows;
    }

    private Row row(Case work, Rival rival, Metric metric) {
        Map<Integer, Double> own = values(work, Case.PRODUCT, metric);
        Map<Integer, Double> theirs = values(work, rival.peer(), metric);
        List<Integer> rounds = own.keySet().stream().filter(theirs::containsKey).toList();
        Interval ratio =
                Interval.of(rounds.stream().mapToDouble(round -> at(own, round) / at(theirs, round)).toArray());
        Bar bar = rival.bars().stream().filter(each -> each.metric() == metric).findFirst().orElse(null);
        return new Row(work, rival.peer(), rival.mode(), metric,
                Interval.median(rounds.stream().mapToDouble(round -> at(own, round)).toArray()),
                Interval.median(rounds.stream().mapToDouble(round -> at(theirs, round)).toArray()), ratio,
                bar == null ? "" : bar.toString(), bar != null && bar.aim(),
                bar == null ? null : Verdict.of(ratio, bar.factor(), metric.higherIsBetter()), note(work, rival));
    }

    private static double at(Map<Integer, Double> values, int round) {
        return Objects.requireNonNull(values.get(round));
    }

    private Row row(Case work, Ceiling ceiling) {
        Interval values = Interval.of(values(work, Case.PRODUCT, ceiling.metric()).values().stream()
                .mapToDouble(Double::doubleValue).toArray());
        return new Row(work, "", "", ceiling.metric(), values.median(), Double.NaN, values,
                "<= " + ceiling.metric().format(ceiling.limit()), false, Verdict.of(values, ceiling.limit(), false),
                "");
    }

    private Map<Integer, Double> values(Case work, String peer, Metric metric) {
        Map<Integer, Double> values = new TreeMap<>();
        for (RunLine run : runs) {
            if (run.caseId().equals(work.id()) && run.peer().equals(peer)) {
                OptionalDouble value = run.value(metric);
                if (value.isPresent()) {
                    values.put(run.round(), value.getAsDouble());
                }
            }
        }
        return values;
    }

    private String note(Case work, Rival rival) {
        List<RunLine> bad = runs.stream().filter(run -> run.caseId().equals(work.id()))
                .filter(run -> run.peer().equals(rival.peer()) || run.peer().equals(Case.PRODUCT))
                .filter(run -> run.value(work.metric()).isEmpty()).toList();
        if (bad.isEmpty()) {
            return "";
        }
        if (bad.stream().allMatch(run -> run.error().equals(Comparison.NO_GCC))) {
            return Comparison.NO_GCC;
        }
        RunLine last = bad.getLast();
        String why = last.error().isEmpty() ? "messages lost, doubled or torn" : last.error();
        return bad.size() + " failed: " + last.peer() + " " + why.substring(0, Math.min(80, why.length()));
    }
}
