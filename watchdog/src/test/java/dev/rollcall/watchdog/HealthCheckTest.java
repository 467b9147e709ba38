package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.watchdog.HealthCheck.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Red on a hang, green under mere load. */
class HealthCheckTest {
    private final GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 1);
    private final Board board = Board.create(directory.boardFile(), 2);

    @AfterEach
    void close() {
        board.close();
        directory.close();
    }

    private static Verdict verdict(HangKind kind) {
        return new Verdict(0, Tier.SUSPECT, kind, 1, 7, 0.9, 1, "state S", "");
    }

    @Test
    void shouldReadFromTheBoardWhoIsSuspectedAndWhoHangs() {
        board.asDriver().phase(Phase.READY);
        assertThat(HealthCheck.of(board).reason()).contains("no watchdog");
        try (Board observer = Board.open(directory.boardFile(), true);
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            assertThat(HealthCheck.of(observer).status()).isEqualTo(Status.HEALTHY);
            watchdog.suspect(verdict(HangKind.BLOCKED));
            assertThat(HealthCheck.of(observer).status()).isEqualTo(Status.SUSPECT);
            assertThat(HealthCheck.of(observer).reason()).isEqualTo("rank 1 BLOCKED: state S");
            watchdog.suspect(verdict(HangKind.STARVED));
            assertThat(HealthCheck.of(observer).status()).isEqualTo(Status.HEALTHY);
            watchdog.clearSuspect();
            assertThat(HealthCheck.of(observer).status()).isEqualTo(Status.HEALTHY);
            watchdog.verdict(verdict(HangKind.BLOCKED));
            assertThat(HealthCheck.of(observer).status()).isEqualTo(Status.HUNG);
            assertThat(HealthCheck.of(observer).isUp()).isFalse();
        }
    }

    /** By a clock that leaps: nobody waits here. */
    @Test
    void shouldSuspectAWatchdogThatDoesNotTick() {
        AtomicLong clock = new AtomicLong();
        LongSupplier leaping = () -> clock.addAndGet(WatchdogSilence.LOOK_NANOS);
        board.asDriver().phase(Phase.READY);
        try (Board observer = Board.open(directory.boardFile(), true);
                BoardWatchdog watchdog = board.asWatchdog(true)) {
            watchdog.tick(0);
            HealthCheck silent = HealthCheck.withTick(observer, leaping);
            assertThat(silent.status()).isEqualTo(Status.SUSPECT);
            assertThat(silent.reason()).isEqualTo("nobody is watching: the watchdog does not tick pid="
                    + ProcessHandle.current().pid() + " ticks=1 silentMs=2000 limitMs=2000");

            watchdog.suspect(verdict(HangKind.BLOCKED));
            assertThat(HealthCheck.withTick(observer, leaping).reason()).startsWith("nobody is watching: ")
                    .endsWith("; it last said rank 1 BLOCKED: state S");

            HealthCheck ticking = HealthCheck.withTick(observer, () -> {
                watchdog.tick(0);
                return clock.get();
            });
            assertThat(ticking.reason()).isEqualTo("rank 1 BLOCKED: state S");

            watchdog.verdict(verdict(HangKind.BLOCKED));
            clock.set(0);
            assertThat(HealthCheck.withTick(observer, leaping).status()).isEqualTo(Status.HUNG);
            assertThat(clock).as("who hangs is known without waiting").hasValue(0);
        }
    }

    @Test
    void shouldTellAClosedGroupFromAFailedOne() {
        board.asDriver().phase(Phase.CLOSED);
        assertThat(HealthCheck.of(board).status()).isEqualTo(Status.GONE);
        board.asDriver().phase(Phase.FAILED);
        assertThat(HealthCheck.of(board).status()).isEqualTo(Status.HUNG);
    }

    @Test
    void shouldNotTakeAnOldSuspicionForAFactWhenItsWatchdogIsGone() {
        board.asDriver().phase(Phase.READY);
        try (BoardWatchdog watchdog = board.asWatchdog(true)) {
            watchdog.suspect(verdict(HangKind.BLOCKED));
        }
        assertThat(HealthCheck.of(board).status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void shouldStayHealthyUnderMereLoadAndStarvation() {
        ModelGroup group = new ModelGroup(8);
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.rank(5).starved = true;
        for (int tick = 0; tick < 100; tick++) {
            assertThat(HealthCheck.of(group.tick(), Phase.READY).isUp()).isTrue();
        }
        assertThat(HealthCheck.of(group.diagnosis, Phase.READY).status()).isEqualTo(Status.HEALTHY);
        assertThat(HealthCheck.of(group.diagnosis, Phase.READY).reason()).contains("STARVED");
    }

    @Test
    void shouldTurnRedWhenARankHangs() {
        ModelGroup group = new ModelGroup(8);
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).stop();
        group.untilAct(SECOND);

        assertThat(HealthCheck.of(group.diagnosis, Phase.READY).status()).isEqualTo(Status.HUNG);
        assertThat(HealthCheck.of(group.diagnosis, Phase.READY).reason()).startsWith("rank 5 STOPPED");
    }
}
