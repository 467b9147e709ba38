package dev.rollcall.tools.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class IncidentHookTest {
    private static final Verdict VERDICT = new Verdict(1, Tier.ACT, HangKind.STOPPED, 5, 7, 0.99, 0,
            "state T; $(touch pwned) `touch pwned`", "/incidents/a b");

    @TempDir
    private Path temp;

    @Test
    void shouldTellTheCommandThroughItsEnvironment() {
        Path out = temp.resolve("out");
        try (IncidentHook hook =
                new IncidentHook("printf '%s|' \"$ROLLCALL_INCIDENT\" \"$ROLLCALL_KIND\" \"$ROLLCALL_WHO\""
                        + " \"$ROLLCALL_REASON\" \"$ROLLCALL_GROUP\" > " + out, "/dev/shm/g", 20_000)) {
            hook.sealed(VERDICT);
        }

        assertThat(out).content().isEqualTo(
                "/incidents/a b|STOPPED|rank 5|state T; $(touch pwned) `touch pwned`|/dev/shm/g|");
    }

    @Test
    void shouldNotWaitForACommandWithoutEnd() {
        long from = System.nanoTime();
        try (IncidentHook hook = new IncidentHook("sleep 1000", "g", 300)) {
            hook.sealed(VERDICT);
            assertThat(System.nanoTime() - from).as("the watchdog's thread is not held up").isLessThan(1_000_000_000L);
        }
        assertThat(System.nanoTime() - from).isLessThan(10_000_000_000L);
    }

    @Test
    void shouldSurviveACommandThatFails() {
        try (IncidentHook hook = new IncidentHook("exit 3", "g", 20_000)) {
            hook.sealed(VERDICT);
            hook.sealed(VERDICT);
        }
    }
}
