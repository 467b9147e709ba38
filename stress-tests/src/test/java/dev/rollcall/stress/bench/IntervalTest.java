package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void shouldTakeTheOrderStatisticsOfTheSignTest() {
        // The tables say: 6 values give all of them, 15 the 4th and 12th, 20 the 6th and 15th.
        assertThat(of(6)).isEqualTo(new Interval(6, 3.5, 1, 6));
        assertThat(of(15)).isEqualTo(new Interval(15, 8, 4, 12));
        assertThat(of(20)).isEqualTo(new Interval(20, 10.5, 6, 15));
    }

    @Test
    void shouldHaveNoneOfTooFew() {
        assertThat(of(5).exists()).isFalse();
        assertThat(of(5).median()).isEqualTo(3);
        assertThat(Interval.of().exists()).isFalse();
        assertThat(Interval.of().median()).isNaN();
    }

    @Test
    void shouldHoldTheMedianAsOftenAsItSays() {
        Random random = new Random(1);
        int held = 0;
        for (int i = 0; i < 4000; i++) {
            Interval interval = Interval.of(random.doubles(15).map(value -> value * value * value).toArray());
            held += interval.low() <= 0.125 && 0.125 <= interval.high() ? 1 : 0;
        }
        assertThat(held / 4000.0).isBetween(0.95, 0.98); // 0.9648 by the binomial distribution
    }

    @Test
    void shouldDecideOnlyWhenAllOfItIsOnOneSide() {
        Interval interval = of(15); // 4 to 12
        assertThat(Verdict.of(interval, 4, true)).isEqualTo(Verdict.MET);
        assertThat(Verdict.of(interval, 4.1, true)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Verdict.of(interval, 12.1, true)).isEqualTo(Verdict.MISSED);
        assertThat(Verdict.of(interval, 12, false)).isEqualTo(Verdict.MET);
        assertThat(Verdict.of(interval, 11.9, false)).isEqualTo(Verdict.UNDECIDED);
        assertThat(Verdict.of(interval, 3.9, false)).isEqualTo(Verdict.MISSED);
        assertThat(Verdict.of(of(5), 100, false)).isEqualTo(Verdict.UNDECIDED);
    }

    private static Interval of(int count) {
        return Interval.of(IntStream.rangeClosed(1, count).mapToDouble(i -> i).toArray());
    }
}
