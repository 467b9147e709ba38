package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold whatever the group, the rank and the moment: random, from fixed seeds. */
class DiagnoserPropertiesTest {
    private static final int SEEDS = 60;

    static IntStream seeds() {
        return IntStream.range(0, SEEDS);
    }

    /** A healthy load with stragglers, thinking pauses and late ticks of the watchdog. */
    private static void randomLoad(ModelGroup group, Random random, int calls) {
        group.serve(METHOD, "decode", random.nextInt(60));
        for (int i = 0; i < calls; i++) {
            boolean prefill = random.nextInt(8) == 0;
            group.begin(METHOD, prefill ? "prefill" : "decode", 60 * SECOND);
            int straggler = random.nextInt(group.ranks.size());
            group.allWaitExcept(straggler);
            if (random.nextBoolean()) {
                group.rank(straggler).spin();
            } else {
                group.rank(straggler).sleep("hrtimer_nanosleep");
            }
            group.ticks(prefill ? 6 + random.nextInt(4) : random.nextInt(2));
            group.allWaitExcept();
            group.end();
            if (random.nextInt(10) == 0) {
                group.ticks(random.nextInt(20));
            }
            if (random.nextInt(30) == 0) {
                group.tick(random.nextLong(3 * SECOND));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBlameNobodyUnderHealthyLoad(int seed) {
        Random random = new Random(seed);
        ModelGroup group = new ModelGroup(2 + random.nextInt(15));

        randomLoad(group, random, 150);

        assertThat(group.everFound).allMatch(Finding::excuses);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldNameTheOneThatHangsWhereverAndWheneverItDoes(int seed) {
        Random random = new Random(seed);
        ModelGroup group = new ModelGroup(2 + random.nextInt(15));
        randomLoad(group, random, 60);
        group.ticks(10);
        group.everFound.clear();

        int victim = random.nextInt(group.ranks.size());
        HangKind kind = Stream.of(HangKind.DEAD, HangKind.STOPPED, HangKind.SPINNING, HangKind.BLOCKED,
                HangKind.MISSING_FROM_COLLECTIVE).toList().get(random.nextInt(5));
        ModelGroup.Rank rank = group.rank(victim);
        group.begin(METHOD, random.nextBoolean() ? "decode" : "prefill", 60 * SECOND);
        group.allWaitExcept(victim);
        switch (kind) {
            case DEAD -> rank.dead = true;
            case STOPPED -> rank.stop();
            case SPINNING -> rank.spin();
            case BLOCKED -> rank.sleep("pipe_read");
            default -> rank.finished = rank.started;
        }
        long took = group.untilAct(6 * SECOND);

        assertThat(group.only().kind()).isEqualTo(kind);
        assertThat(group.only().rank()).isEqualTo(victim);
        assertThat(group.everFound).allMatch(f -> f.rank() == victim);
        long limit = group.only().limitNanos();
        assertThat(took).isBetween(limit, limit + 200 * MILLI);
        long others = ((1L << group.ranks.size()) - 1) & ~(1L << victim);
        assertThat(group.only().victims()).isEqualTo(others);
        assertThat(group.only().reason().length()).isLessThanOrEqualTo(400);
    }

    @Test
    void shouldNotDependOnWhichRankComesFirst() {
        for (int victim = 0; victim < 8; victim++) {
            ModelGroup group = new ModelGroup(8);
            group.serveMixedLoad();
            group.begin(METHOD, "prefill", 60 * SECOND);
            group.allWaitExcept(victim);
            group.rank(victim).spin();
            group.untilAct(4 * SECOND);

            assertThat(group.only().rank()).isEqualTo(victim);
            assertThat(group.only().confidence()).isEqualTo(0.95);
        }
    }
}
