package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.tools.hangsim.StepPlan.Step;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StepLoopTest {
    private static final int REQUESTS = 6;

    private final RequestLedger ledger = new RequestLedger(Arena.ofShared().allocate(SimLayout.BYTES, 128), REQUESTS);
    private final List<Integer> batches = new ArrayList<>();
    private final List<Throwable> told = new ArrayList<>();

    @Test
    void shouldServeBatchesOfUpToFourUntilStopped() throws InterruptedException {
        StepLoop[] loop = new StepLoop[1];
        loop[0] = new StepLoop(ledger, new StepPlan(Load.MIXED, 1), (step, batch) -> {
            batches.add(batch);
            if (batches.size() == 20) {
                loop[0].stop();
            }
        });
        List<Step> steps = new ArrayList<>();
        loop[0].startRequests(REQUESTS);

        assertThat(loop[0].run((step, nanos) -> steps.add(step), told::add)).isNull();

        assertThat(batches).allSatisfy(batch -> assertThat(batch).isBetween(1, 4));
        assertThat(steps).hasSameSizeAs(batches).startsWith(Step.WARM_UP);
        assertThat(ledger.account().completed()).isEqualTo(batches.stream().mapToInt(Integer::intValue).sum());
        assertThat(ledger.account().lost()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void shouldFailEveryOpenRequestWithTheCauseOfTheStep() throws InterruptedException {
        IllegalStateException cause = new IllegalStateException("rank 5");
        StepLoop loop = new StepLoop(ledger, new StepPlan(Load.MIXED, 1), (step, batch) -> {
            batches.add(batch);
            if (batches.size() == 3) {
                throw new ExecutionException(cause);
            }
        });
        loop.startRequests(REQUESTS);

        assertThat(loop.run((step, nanos) -> {}, told::add)).isSameAs(cause);

        assertThat(told).containsExactly(cause);
        assertThat(ledger.open()).isZero();
        assertThat(ledger.account().failed()).isPositive();
        assertThat(ledger.account().lost()).isZero();
        assertThat(ledger.account().duplicated()).isZero();
    }
}
