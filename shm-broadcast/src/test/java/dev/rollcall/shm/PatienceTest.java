package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final long SHORT = Patience.SHORT_SLEEP_NANOS - 1;
    private static final long LONG = Patience.SHORT_SLEEP_NANOS;

    private final Patience patience = new Patience();

    @Test
    void shouldStayAwakeLongerAfterEachSleepThatWasNotWorthIt() {
        patience.slept(SHORT);
        assertThat(patience.yields()).isEqualTo(2 * Patience.MIN_YIELDS);
        repeat(40, () -> patience.slept(SHORT));
        assertThat(patience.yields()).isEqualTo(Patience.MAX_YIELDS);
    }

    @Test
    void shouldGoBackToAFewYieldsWhenSleepsAreLong() {
        repeat(40, () -> patience.slept(SHORT));
        patience.slept(LONG);
        assertThat(patience.yields()).isEqualTo(Patience.MAX_YIELDS / 2);
        repeat(40, () -> patience.slept(LONG));
        assertThat(patience.yields()).isEqualTo(Patience.MIN_YIELDS);
    }

    @Test
    void shouldSpinOnlyAsFarAsItPaysOff() {
        repeat(40, () -> patience.spun(true));
        assertThat(patience.spins()).isEqualTo(Patience.MAX_SPINS);
        repeat(40, () -> patience.spun(false));
        assertThat(patience.spins()).isEqualTo(Patience.MIN_SPINS);
        assertThat(patience.yields()).isEqualTo(Patience.MIN_YIELDS);
    }

    private static void repeat(int times, Runnable event) {
        for (int i = 0; i < times; i++) {
            event.run();
        }
    }
}
