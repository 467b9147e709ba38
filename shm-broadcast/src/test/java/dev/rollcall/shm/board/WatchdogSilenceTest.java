package dev.rollcall.shm.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.testing.ShmTempDir;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By a clock of the test's own: nobody waits here. */
class WatchdogSilenceTest {
    private static final long STEP = 200_000_000L;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Board watched;
    private Board seen;
    private WatchdogSilence silence;
    private long now = Long.MAX_VALUE - STEP; // such a clock may begin anywhere, and overflow

    @BeforeEach
    void create() {
        watched = Board.create(folder.resolve("board"), 1);
        seen = Board.open(folder.resolve("board"), true);
        silence = new WatchdogSilence(seen);
    }

    @AfterEach
    void close() {
        seen.close();
        watched.close();
    }

    @Test
    void shouldSeeNobody() {
        assertThat(lookFor(10 * STEP)).isEqualTo(WatchdogState.NONE);
        assertThat(silence).hasToString("pid=none ticks=0 silentMs=0 limitMs=2000");
    }

    @Test
    void shouldNotCallAWatchdogSilentThatTicks() {
        try (BoardWatchdog watchdog = watched.asWatchdog(true)) {
            for (int i = 0; i < 20; i++) {
                watchdog.tick(0);
                assertThat(lookFor(WatchdogSilence.LIMIT_NANOS - STEP)).isEqualTo(WatchdogState.TICKING);
            }
            assertThat(silence.ticks()).isEqualTo(20);
        }
    }

    @Test
    void shouldCallItSilentAtTheLimitUntilItTicksOrIsGone() {
        try (BoardWatchdog watchdog = watched.asWatchdog(true)) {
            watchdog.tick(0);
            look();
            assertThat(lookFor(WatchdogSilence.LIMIT_NANOS - STEP)).isEqualTo(WatchdogState.TICKING);
            assertThat(look()).isEqualTo(WatchdogState.SILENT);
            assertThat(silence).hasToString("pid=" + ProcessHandle.current().pid()
                    + " ticks=1 silentMs=2000 limitMs=2000");
            assertThat(look()).isEqualTo(WatchdogState.SILENT);
            watchdog.tick(0);
            assertThat(look()).isEqualTo(WatchdogState.TICKING);
            assertThat(lookFor(WatchdogSilence.LIMIT_NANOS)).isEqualTo(WatchdogState.SILENT);
        }
        assertThat(look()).isEqualTo(WatchdogState.NONE);
    }

    /** A lock is taken and held by one that has not ticked since: it gets its whole time. */
    @Test
    void shouldGiveANewOneItsTime() {
        try (BoardWatchdog first = watched.asWatchdog(true)) {
            first.tick(0);
            assertThat(lookFor(2 * WatchdogSilence.LIMIT_NANOS)).isEqualTo(WatchdogState.SILENT);
        }
        look();
        BoardWatchdog second = watched.asWatchdog(true);
        look();
        assertThat(lookFor(WatchdogSilence.LIMIT_NANOS - STEP)).isEqualTo(WatchdogState.TICKING);
        assertThat(look()).isEqualTo(WatchdogState.SILENT);
        second.close();
    }

    /** Who was stopped together with the watchdog, or did not look, cannot say what it did. */
    @Test
    void shouldNotCountTimeInWhichNobodyLooked() {
        try (BoardWatchdog watchdog = watched.asWatchdog(true)) {
            watchdog.tick(0);
            look();
            now += 100 * WatchdogSilence.LIMIT_NANOS;
            assertThat(look()).isEqualTo(WatchdogState.TICKING);
            assertThat(silence.toString()).contains("silentMs=400 ");
        }
    }

    private WatchdogState look() {
        now += STEP;
        return silence.look(now);
    }

    private WatchdogState lookFor(long nanos) {
        WatchdogState last = silence.look(now);
        for (long from = now; now - from < nanos;) {
            last = look();
        }
        return last;
    }
}
