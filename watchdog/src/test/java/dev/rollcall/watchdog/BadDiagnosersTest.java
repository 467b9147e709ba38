package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static dev.rollcall.watchdog.ModelGroup.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The same recorded snapshots before the real diagnoser and before four that leave out one rule each. Rows that every one of
 * them passed would prove nothing.
 */
class BadDiagnosersTest {
    private static final int RANKS = 8;

    /** What was read, and what must come of it: nothing, or this one acted on in time. */
    private record Row(String name, List<GroupSnapshot> recorded, long faultNanos, @Nullable HangKind kind, int rank,
            long boundNanos) {
    }

    /** How snapshots are read, how they age, which limits hold, and what is said of them. */
    private record Judge(UnaryOperator<GroupSnapshot> reads, Aging aging, UnaryOperator<LimitTable> limits,
            UnaryOperator<List<Finding>> says) {
    }

    private static final Judge REAL =
            new Judge(UnaryOperator.identity(), new Aging(TICK), UnaryOperator.identity(), UnaryOperator.identity());

    private final List<Row> rows = List.of(
            fault("stop rank 5", HangKind.STOPPED, 5, 800 * MILLI, "decode", ModelGroup.Rank::stop),
            fault("stop rank 0", HangKind.STOPPED, 0, 800 * MILLI, "decode", ModelGroup.Rank::stop),
            fault("spin rank 0", HangKind.SPINNING, 0, 1_300 * MILLI, "decode", ModelGroup.Rank::spin),
            fault("spin rank 5", HangKind.SPINNING, 5, 1_300 * MILLI, "decode", ModelGroup.Rank::spin),
            fault("block in prefill", HangKind.BLOCKED, 5, 2_300 * MILLI, "prefill", rank -> rank.sleep("pipe_read")),
            fine("one rank late in prefill", group -> late(group, "prefill", () -> group.ticks(16))),
            fine("watchdog stopped 3 s", group -> late(group, "decode", () -> {
                group.ticks(5);
                group.tick(3 * SECOND);
                group.ticks(2);
            })));

    private static ModelGroup warm() {
        ModelGroup group = new ModelGroup(RANKS);
        for (int i = 0; i < 3; i++) {
            group.serveMixedLoad();
        }
        return group;
    }

    private static Row fault(String name, HangKind kind, int rank, long bound, String costClass,
            Consumer<ModelGroup.Rank> hang) {
        ModelGroup group = warm();
        group.begin(METHOD, costClass, 60 * SECOND);
        group.tick();
        long from = group.recorded.getLast().atNanos();
        group.allWaitExcept(rank);
        hang.accept(group.rank(rank));
        group.ticks(60);
        return new Row(name, List.copyOf(group.recorded), from, kind, rank, bound);
    }

    private static Row fine(String name, Consumer<ModelGroup> what) {
        ModelGroup group = warm();
        what.accept(group);
        group.serveMixedLoad();
        return new Row(name, List.copyOf(group.recorded), 0, null, 0, 0);
    }

    /** All wait for rank 5, which then comes. */
    private static void late(ModelGroup group, String costClass, Runnable meanwhile) {
        group.begin(METHOD, costClass, 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).sleep("hrtimer_nanosleep");
        meanwhile.run();
        group.allWaitExcept();
        group.end();
    }

    /** Names of the rows it fails. */
    private List<String> failed(Judge judge) {
        List<String> failed = new ArrayList<>();
        for (Row row : rows) {
            if (!passes(row, judge)) {
                failed.add(row.name);
            }
        }
        return failed;
    }

    /** The first that is acted on decides, as it would end the group. */
    private static boolean passes(Row row, Judge judge) {
        History history = new History();
        LearnedLimits learned = new LearnedLimits(SECOND);
        Diagnoser diagnoser = new Diagnoser();
        List<Finding> said = List.of();
        for (GroupSnapshot raw : row.recorded) {
            GroupSnapshot snapshot = judge.aging.age(history.newest(), judge.reads.apply(raw));
            history.add(snapshot);
            learned.observe(snapshot, said.stream().anyMatch(Finding::teachesNothing));
            said = judge.says.apply(
                    diagnoser.diagnose(history.window(), judge.limits.apply(learned.table())).findings());
            Optional<Finding> act = said.stream().filter(finding -> finding.tier() == Tier.ACT).findFirst();
            if (act.isPresent()) {
                return row.kind == act.get().kind() && row.rank == act.get().rank()
                        && raw.atNanos() - row.faultNanos <= row.boundNanos;
            }
        }
        return row.kind == null;
    }

    @Test
    void shouldPassAllRowsAsItIs() {
        assertThat(failed(REAL)).isEmpty();
    }

    @Test
    void shouldFailWithAFixedLimitOf300Millis() {
        LimitTable fixed = new LimitTable(300 * MILLI, 300 * MILLI, 1, List.of());

        assertThat(failed(new Judge(REAL.reads, REAL.aging, table -> fixed, REAL.says)))
                .contains("one rank late in prefill");
    }

    @Test
    void shouldFailWithoutTheRuleForItsOwnStalls() {
        Judge judge = new Judge(raw -> new GroupSnapshot(raw.tick(), raw.atNanos(), 0, raw.group(), raw.epoch(),
                raw.driver(), raw.ranks(), raw.inFlight(), raw.requests(), raw.replies()), new Aging(60 * SECOND),
                REAL.limits, REAL.says);

        assertThat(failed(judge)).containsExactly("watchdog stopped 3 s");
    }

    @Test
    void shouldFailWhenTheFirstRankIsTakenForInnocent() {
        Judge judge = new Judge(REAL.reads, REAL.aging, REAL.limits,
                findings -> findings.stream().filter(finding -> finding.rank() != 0).toList());

        assertThat(failed(judge)).containsExactly("stop rank 0", "spin rank 0");
    }

    @Test
    void shouldFailWithLimitsPerMethodOnly() {
        Judge judge = new Judge(REAL.reads, REAL.aging, BadDiagnosersTest::perMethod, REAL.says);

        assertThat(failed(judge)).containsExactly("spin rank 0", "spin rank 5");
    }

    /** Each class gets the largest age of all. */
    private static LimitTable perMethod(LimitTable table) {
        long largest = table.classes().stream().mapToLong(LimitTable.LearnedClass::largestNanos).max().orElse(0);
        return new LimitTable(table.floorNanos(), table.warmUpNanos(), table.factor(),
                table.classes().stream().map(each -> new LimitTable.LearnedClass(each.method(), each.costClass(),
                        each.samples(), largest)).toList());
    }
}
