package dev.rollcall.shm.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FutexTest {
    private static long slept(long nanos) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(4, 4);
            long start = System.nanoTime();
            Futex.await(word.address(), 0, nanos);
            return System.nanoTime() - start;
        }
    }

    @Test
    void shouldLastMillisecondsOutInOneCall() {
        long asked = 3_400_000;
        assertThat(LongStream.range(0, 3).map(_ -> slept(asked)).max().orElseThrow()).isGreaterThanOrEqualTo(asked);
    }

    @Test
    void shouldNotSleepOnAWordThatHasChanged() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(4, 4);
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                Futex.await(word.address(), 1, Futex.MAX_SLEEP_NANOS);
            }
            assertThat(System.nanoTime() - start).isLessThan(50 * Futex.MAX_SLEEP_NANOS);
        }
    }

    @Test
    void shouldBoundEverySleep() {
        assertThat(LongStream.range(0, 3).map(_ -> slept(Long.MAX_VALUE)).min().orElseThrow())
                .isLessThan(50 * Futex.MAX_SLEEP_NANOS);
    }
}
