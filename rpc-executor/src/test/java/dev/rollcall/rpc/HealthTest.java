package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.os.Signal;

class HealthTest {

    @Test
    void shouldGoRoundEveryRankAndNameTheSilentOne() {
        try (TestGroup group = TestGroup.of(3)) {
            Health well = group.executor.checkHealth(Duration.ofSeconds(10));
            assertThat(well.isWell()).isTrue();
            assertThat(well.state()).isEqualTo(State.READY);
            assertThat(well.roundTrip()).isPositive();

            group.processes.get(1).signal(Signal.STOP);
            TestGroup.await(Duration.ofSeconds(10), () -> TestGroup.isStopped(group.executor.pid(1)));
            Health ill = group.executor.checkHealth(Duration.ofMillis(300));
            group.processes.get(1).signal(Signal.CONT);
            assertThat(ill.isWell()).isFalse();
            assertThat(ill.silent()).containsExactly(1);
            assertThat(ill.reason()).contains("rank=1");
            assertThat(group.executor.checkHealth(Duration.ofSeconds(10)).isWell()).as("it came back").isTrue();

            group.processes.get(2).signal(Signal.KILL);
            TestGroup.await(Duration.ofSeconds(3), () -> group.executor.state() == State.FAILED);
            Health dead = group.executor.checkHealth(Duration.ofSeconds(1));
            assertThat(dead.state()).isEqualTo(State.FAILED);
            assertThat(dead.silent()).containsExactly(0, 1, 2);
        }
    }
}
