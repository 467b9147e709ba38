package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepPlanTest {
    @Test
    void shouldMixFivePercentPrefillAfterOneWarmUp() {
        List<Step> steps = steps(7, 2_001);

        assertThat(steps.getFirst()).isEqualTo(Step.WARM_UP);
        assertThat(steps.stream().filter(Step.PREFILL::equals)).hasSize(100);
        assertThat(steps.stream().filter(Step.DECODE::equals)).hasSize(1_900);
    }

    @Test
    void shouldRepeatItselfForTheSameSeedOnly() {
        assertThat(steps(7, 500)).isEqualTo(steps(7, 500)).isNotEqualTo(steps(8, 500));
    }

    @Test
    void shouldServeThreePrefillsEarlySoThatTheirLimitIsLearnt() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(steps(seed, 46).stream().filter(Step.PREFILL::equals)).hasSize(3);
        }
    }

    @Test
    void shouldServeOneKindOfStepAfterTheFirstInTheOtherLoads() {
        for (Load load : new Load[]{Load.DECODE, Load.UNDECLARED, Load.SLOW_START}) {
            StepPlan plan = new StepPlan(load, 1);

            assertThat(plan.next()).isEqualTo(load.first());
            assertThat(Stream.generate(plan::next).limit(100)).containsOnly(load.usual());
        }
    }

    private static List<Step> steps(long seed, int count) {
        StepPlan plan = new StepPlan(Load.MIXED, seed);
        return Stream.generate(plan::next).limit(count).toList();
    }
}
