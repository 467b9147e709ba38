package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WarmupTest {
    private static final long MINUTE = 60_000_000_000L;

    @Test
    void shouldMakeItsRoundTripsAndLeaveNothing() throws Exception {
        assertThat(Warmup.run(MINUTE)).isTrue();

        assertNothingIsLeft();
    }

    @Test
    void shouldGiveUpInTimeAndLeaveNothing() throws Exception {
        assertThat(Warmup.run(1_000_000)).isFalse();

        assertNothingIsLeft();
    }

    private static void assertNothingIsLeft() throws Exception {
        assertThat(Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1))
                .doesNotContain("/warmup.");
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().equals("rollcall-warmup"));
    }
}
