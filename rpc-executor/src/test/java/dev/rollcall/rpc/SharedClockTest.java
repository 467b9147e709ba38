package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedClockTest {

    @Test
    void shouldBelieveAClockOfThisBootAndNamespace() {
        assertThat(SharedClock.isShared(SharedClock.stamp())).isTrue();
    }

    @Test
    void shouldDoubtEveryOtherClock() {
        String stamp = SharedClock.stamp();
        String namespace = stamp.substring(stamp.indexOf(' '));
        assertThat(SharedClock.isShared((System.nanoTime() + 60_000_000_000L) + namespace)).isFalse();
        assertThat(SharedClock.isShared(System.nanoTime() + " time:[1]")).isFalse();
        assertThat(SharedClock.isShared("x" + namespace)).isFalse();
        assertThat(SharedClock.isShared("")).isFalse();
    }
}
