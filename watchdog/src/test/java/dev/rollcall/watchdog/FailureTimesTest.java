package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTimesTest {
    private static final long LONG = 60_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhenTheDriverFailedItsLastCallAndNothingElse() {
        try (Board board = Board.create(folder.resolve("board"), 1)) {
            FailureTimes failures = new FailureTimes(board);
            long start = System.nanoTime();
            assertThat(failures.last(start - LONG, start + LONG)).as("no driver").isZero();

            BoardDriver driver = board.asDriver();
            for (long call = 1; call <= 3; call++) {
                driver.issued(call, 0, 0, -1, LONG);
            }
            driver.ended(1, false);
            long first = System.nanoTime();
            driver.ended(2, false);
            long second = System.nanoTime();
            driver.ended(3, true);

            assertThat(failures.last(start, System.nanoTime())).isBetween(first, second);
            assertThat(failures.last(start, first)).isBetween(start, first);
            assertThat(failures.last(second, System.nanoTime())).as("one that ended well").isZero();
        }
    }
}
