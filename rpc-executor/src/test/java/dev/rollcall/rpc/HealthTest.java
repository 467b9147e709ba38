package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.shm.board.WatchdogState;
import dev.rollcall.shm.os.Signal;

class HealthTest {

    @Test
    void shouldGoRoundEveryRankAndNameTheSilentOne() {
        try (TestGroup group = TestGroup.of(3)) {
            Health well = group.executor.checkHealth(Duration.ofSeconds(10));
            assertThat(well.isWell()).isTrue();
            assertThat(well.state()).isEqualTo(State.READY);
            assertThat(well.roundTrip()).isPositive();

            assertThat(well.watchdog()).isEqualTo(WatchdogState.NONE);

            try (Board board = Board.open(group.directory.resolve("board"), false);
                    BoardWatchdog watchdog = board.asWatchdog(false)) {
                watchdog.tick(0);
                TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.watchdog() == WatchdogState.TICKING);
            }
            TestGroup.await(TestGroup.SECONDS_10, () -> group.executor.watchdog() == WatchdogState.NONE);

            group.stop(1);
            Health ill = group.executor.checkHealth(Duration.ofMillis(300));
            group.processes.get(1).signal(Signal.CONT);
            assertThat(ill.isWell()).isFalse();
            assertThat(ill.silent()).containsExactly(1);
            assertThat(ill.roundTrip()).as("its own deadline, not that of calls").isBetween(Duration.ofMillis(300),
                    Duration.ofSeconds(8));
            assertThat(ill.reason()).contains("rank=1");
            assertThat(group.executor.checkHealth(Duration.ofSeconds(10)).isWell()).as("it came back").isTrue();

            group.processes.get(2).signal(Signal.KILL);
            TestGroup.await(Duration.ofSeconds(3), () -> group.executor.state() == State.FAILED);
            Health dead = group.executor.checkHealth(Duration.ofSeconds(1));
            assertThat(dead.state()).isEqualTo(State.FAILED);
            assertThat(dead.silent()).containsExactly(0, 1, 2);
        }
    }

    /** By a clock of its own: nobody waits here. */
    @Test
    void shouldTakeAWatchdogThatDoesNotTickForSilentAndAGroupThatHasFailedForUnwatched() {
        try (GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 1);
                Board board = Board.create(directory.boardFile(), 1);
                Board other = Board.open(directory.boardFile(), false);
                BoardWatchdog watchdog = other.asWatchdog(true)) {
            GroupStatus status = new GroupStatus();
            status.ready();
            AttachedWatchdog attached = new AttachedWatchdog(directory.group(), 1, board, status);
            watchdog.tick(0);
            long now = 0;
            for (; now < WatchdogSilence.LIMIT_NANOS; now += WorkerPulse.PERIOD_NANOS) {
                attached.look(now);
                assertThat(attached.state()).as("after %s ns", now).isEqualTo(WatchdogState.TICKING);
            }
            attached.look(now);
            assertThat(attached.state()).isEqualTo(WatchdogState.SILENT);
            assertThat(status.refusal()).as("no failure of the group").isNull();

            watchdog.tick(0);
            attached.look(now + WorkerPulse.PERIOD_NANOS);
            assertThat(attached.state()).isEqualTo(WatchdogState.TICKING);
            assertThat(status.fail(new FailureCause.Closed(directory.group()))).isTrue();
            attached.look(now + TimeUnit.SECONDS.toNanos(9));
            assertThat(attached.state()).isEqualTo(WatchdogState.NONE);
        }
    }
}
