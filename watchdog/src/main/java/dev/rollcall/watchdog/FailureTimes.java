package dev.rollcall.watchdog;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.FlightKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * When the driver failed its calls, as its flight recorder has it. One thread: the watchdog's.
 *
 * <p>
 * The recorder goes by the driver's clock. That is the watchdog's, CLOCK_MONOTONIC, when both processes live in one time
 * namespace; a restored container may have one of its own, and then the recorder says nothing here.
 */
final class FailureTimes {
    private final Board board;

    FailureTimes(Board board) {
        this.board = board;
    }

    /** The last failure of a call in that time; 0 when there was none, or it cannot be told on this process's clock. */
    long last(long after, long upTo) {
        long last = 0;
        if (isOfOurClock(board.driver().process())) {
            for (FlightEvent event : board.flight(Verdict.DRIVER)) {
                boolean between = event.nanoTime() - after > 0 && event.nanoTime() - upTo <= 0;
                last = between && event.kind() == FlightKind.FAILED ? event.nanoTime() : last;
            }
        }
        return last;
    }

    private static boolean isOfOurClock(@Nullable ProcessIdentity process) {
        try {
            return process != null && process.isAlive()
                    && Linux.timeNamespace(process.pid()).equals(Linux.timeNamespace());
        } catch (IOException | RollcallException notToBeSeen) {
            return false;
        }
    }
}
