package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.watchdog.VetoDesk.Answer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VetoDeskTest {
    private static final long BOUND = 100_000_000L;

    private static Finding finding(int rank) {
        return new Finding(Tier.ACT, HangKind.SPINNING, rank, 1, 0.9, "why", "", 0, 0, 0);
    }

    private static Answer answer(VetoDesk desk, Finding finding) {
        AtomicReference<Answer> answer = new AtomicReference<>(Answer.PENDING);
        WatchedGroup.await(() -> {
            answer.set(desk.ask(finding, 0));
            return answer.get() != Answer.PENDING;
        }, "an answer");
        return answer.get();
    }

    @Test
    void shouldAllowEverythingWhenNobodyIsToBeAsked() {
        try (VetoDesk desk = new VetoDesk(null)) {
            assertThat(desk.ask(finding(0), 0)).isEqualTo(Answer.ALLOWED);
        }
    }

    @Test
    void shouldForbidWhatTheVetoForbidsAndNothingElse() {
        try (VetoDesk desk = new VetoDesk(finding -> finding.rank() == 3)) {
            assertThat(answer(desk, finding(3))).isEqualTo(Answer.FORBIDDEN);
            assertThat(answer(desk, finding(4))).isEqualTo(Answer.ALLOWED);
        }
    }

    @Test
    void shouldGoOnWithoutAVetoThatHangsAlsoTheNextTime() {
        CountDownLatch hang = new CountDownLatch(1);
        try (VetoDesk desk = new VetoDesk(finding -> {
            hang.await();
            return true;
        })) {
            assertThat(desk.ask(finding(1), 0)).isEqualTo(Answer.PENDING);
            assertThat(desk.ask(finding(1), BOUND - 1)).isEqualTo(Answer.PENDING);
            assertThat(desk.ask(finding(1), BOUND)).isEqualTo(Answer.ALLOWED);
            assertThat(desk.ask(finding(2), BOUND)).isEqualTo(Answer.ALLOWED);
        } finally {
            hang.countDown();
        }
    }

    @Test
    void shouldGoOnWithoutAVetoThatThrows() {
        try (VetoDesk desk = new VetoDesk(finding -> {
            throw new IllegalStateException("cannot say");
        })) {
            assertThat(answer(desk, finding(1))).isEqualTo(Answer.ALLOWED);
        }
    }
}
