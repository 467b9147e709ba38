package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import dev.rollcall.watchdog.Response;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One rehearsal as asked for, already checked; the command line is its builder.
 *
 * @param workers   ranks of the group
 * @param rank      the victim, {@link Verdict#DRIVER} for the driver
 * @param fault     what is done to it
 * @param within    the step in which it is done, null for any
 * @param after     healthy time before the fault
 * @param howLong   without a fault: how long to serve; with one: how long to wait for the verdict
 * @param requests  request loops that run at once
 * @param seed      of the load
 * @param floor     the watchdog's shortest limit
 * @param enforce   whether the watchdog may act
 * @param incidents where incidents are saved
 * @param json      end with one line of JSON
 * @param keep      leave the group's shared files in place
 * @param load      what the group is asked
 * @param around    what the machine does meanwhile: with a fault from before it to the end, without one for {@code howLong}
 * @param wishes    what the watchdog is told besides
 */
record SimOptions(int workers, int rank, Fault fault, @Nullable Step within, Duration after, Duration howLong,
        int requests, long seed,
        Duration floor, boolean enforce, Path incidents, boolean json, boolean keep, Load load,
        Circumstance around, SidecarWishes wishes) {

    /** How far the watchdog goes against this kind of hang. */
    Response responseTo(HangKind kind) {
        return enforce ? wishes.responseTo(kind) : Response.OBSERVE;
    }

    /** Whether calls must fail and the group must end when this kind is named. */
    boolean isActedOn(HangKind kind) {
        return responseTo(kind) != Response.OBSERVE;
    }

    boolean atDriver() {
        return rank == Verdict.DRIVER;
    }

    boolean isVictim(int who) {
        return who == rank || (who >= 0 && !atDriver() && who == fault.alsoAt(rank, workers));
    }

    /** The victim in words, as on the timeline. */
    String victim() {
        return atDriver() ? "driver" : "rank " + rank;
    }
}
