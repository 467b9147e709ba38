package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickMeterTest {
    private final TickMeter meter = new TickMeter(50, 100, 1_000);

    @Test
    void shouldKeepAnAbsoluteSchedule() {
        assertThat(meter.untilDue(990)).isEqualTo(10);
        assertThat(meter.begin(1_003)).isEqualTo(3);
        meter.end(1_010);
        assertThat(meter.untilDue(1_010)).isEqualTo(40);
        assertThat(meter.begin(1_050)).isZero();
    }

    @Test
    void shouldLeaveOutMissedTicksAndSayHowLateItWas() {
        meter.begin(1_000);
        meter.end(1_001);
        assertThat(meter.begin(1_273)).isEqualTo(223);
        meter.end(1_280);
        assertThat(meter.untilDue(1_280)).isEqualTo(20);

        WatchdogHealth health = meter.health();
        assertThat(health.ticks()).isEqualTo(2);
        assertThat(health.worstStallNanos()).isEqualTo(223);
        assertThat(health.lateTicks()).isEqualTo(1);
        assertThat(health.worstTickNanos()).isEqualTo(7);
        assertThat(health.meanTickNanos()).isEqualTo(4);
    }

    @Test
    void shouldForgetAnOldStallInTheWindowButNotForEver() {
        meter.begin(1_500);
        long now = 1_550;
        for (int i = 0; i < 80; i++) {
            meter.begin(now);
            meter.end(now + 1);
            now += 50;
        }

        assertThat(meter.health().worstStallNanos()).isZero();
        assertThat(meter.worstEverNanos()).isEqualTo(500);
    }
}
