package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompletionsTest {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Completions completions = Completions.of(null, GroupThreads.DAEMONS, "completions");
    private final CountDownLatch held = new CountDownLatch(1);
    private final AtomicBoolean ran = new AtomicBoolean();

    @AfterEach
    void letGo() {
        held.countDown();
    }

    private void hold() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldWaitForWhatWasHandedOver() throws Exception {
        completions.execute(this::hold);
        completions.execute(() -> ran.set(true));
        Thread closer = Thread.ofPlatform().daemon().start(() -> completions.close(LONG_NANOS));
        TestGroup.await(TestGroup.SECONDS_10, () -> Arrays.stream(closer.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitTermination")));
        assertThat(ran).isFalse();
        held.countDown();
        closer.join();
        assertThat(ran).isTrue();
    }

    @Test
    void shouldNotWaitForItself() {
        completions.execute(() -> {
            completions.close(LONG_NANOS);
            ran.set(true);
        });
        TestGroup.await(TestGroup.SECONDS_10, ran::get);
    }

    @Test
    void shouldGiveUpOnACompletionThatDoesNotEnd() {
        completions.execute(this::hold);
        completions.close(1_000_000);
        assertThat(held.getCount()).isEqualTo(1);
    }
}
