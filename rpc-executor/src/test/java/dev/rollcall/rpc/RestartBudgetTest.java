package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class RestartBudgetTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void shouldDoublePausesAndGiveUpWithinThePeriod() {
        RestartBudget budget =
                new RestartBudget(new RestartPolicy(4, Duration.ofSeconds(60), SECOND, Duration.ofSeconds(3)));
        assertThat(budget.next(0)).isEqualTo(1_000_000_000L);
        assertThat(budget.next(1)).isEqualTo(2_000_000_000L);
        assertThat(budget.next(2)).isEqualTo(3_000_000_000L);
        assertThat(budget.next(3)).isEqualTo(3_000_000_000L);
        assertThat(budget.next(4)).isEqualTo(RestartBudget.SPENT);
    }

    @Test
    void shouldForgetRestartsOlderThanThePeriod() {
        RestartBudget budget =
                new RestartBudget(new RestartPolicy(1, Duration.ofSeconds(60), SECOND, SECOND));
        assertThat(budget.next(0)).isEqualTo(1_000_000_000L);
        assertThat(budget.next(59_000_000_000L)).isEqualTo(RestartBudget.SPENT);
        assertThat(budget.next(61_000_000_000L)).isEqualTo(1_000_000_000L);
    }

    @Test
    void shouldRefusePausesThatMakeTheIntensityMeaningless() {
        assertThatThrownBy(() -> new RestartPolicy(10, Duration.ofSeconds(5), SECOND, SECOND))
                .hasMessageContaining("intensity=10").hasMessageContaining("period=PT5S");
    }
}
