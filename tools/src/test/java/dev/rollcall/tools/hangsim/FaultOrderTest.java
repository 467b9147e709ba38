package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FaultOrderTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(SimLayout.BYTES, 128);
    private final FaultOrder order = new FaultOrder(memory);

    @Test
    void shouldReachOnlyTheRankItIsMeantFor() {
        assertThat(order.mine(0, "decode")).isEqualTo(Fault.NONE);

        order.give(Fault.SPIN, 0, null);

        assertThat(order.mine(0, "decode")).isEqualTo(Fault.SPIN);
        assertThat(order.mine(1, "decode")).isEqualTo(Fault.NONE);
    }

    @Test
    void shouldSayWhenTheRankHasBegun() {
        order.give(Fault.BLOCK, 3, null);
        assertThat(order.isBegun(Fault.BLOCK, 3)).isFalse();

        order.begin(order.mine(3, "prefill"), 3);

        assertThat(order.isBegun(Fault.BLOCK, 3)).isTrue();
        assertThat(order.isBegun(Fault.BLOCK, 2)).isFalse();
    }

    @Test
    void shouldWaitForTheStepItIsMeantFor() {
        order.give(Fault.COLLECT, 0, StepPlan.Step.PREFILL);

        assertThat(order.mine(0, "decode")).isEqualTo(Fault.NONE);
        assertThat(order.mine(0, "prefill")).isEqualTo(Fault.COLLECT);
        order.begin(order.mine(0, "prefill"), 0);
        assertThat(order.isBegun(Fault.COLLECT, 0)).isTrue();
    }
}
