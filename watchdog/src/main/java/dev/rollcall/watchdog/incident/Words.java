package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.incident.Story.Gathering;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The incident in sentences: plain words first, figures second. Any thread. */
final class Words {
    private Words() {
    }

    /** What happened, to whom, and what became of the requests: the one line a reader takes away. */
    static String sentence(Story story) {
        return (happened(story) + " " + waited(story) + " " + calls(story)).strip().replace("  ", " ");
    }

    /** The first part alone: "Rank 5 stopped (state T)." */
    static String happened(Story story) {
        Verdict verdict = story.verdict();
        String who = Units.capital(Story.who(verdict.rank()));
        String limit = story.incident().limitNanos() > 0
                ? " past its limit of " + Units.seconds(story.incident().limitNanos())
                : "";
        boolean nobody = verdict.rank() == Verdict.NOBODY;
        return switch (verdict.kind()) {
            case DEAD -> nobody ? "A process died." : who + " died.";
            case STOPPED -> nobody ? "Processes stopped." : who + " stopped" + state(story) + ".";
            case SPINNING -> who + " kept computing" + in(story) + limit + state(story) + ".";
            case BLOCKED -> who + " blocked" + in(story) + limit + state(story) + ".";
            case MISSING_FROM_COLLECTIVE -> missing(story, who);
            case DRIVER_HUNG -> "The driver stopped answering" + state(story) + ".";
            case STARVED -> nobody ? "The machine gave the group no CPU: nobody is blamed."
                    : who + " was ready to run but got no CPU: nobody is blamed.";
            case TRACED -> nobody ? "A debugger holds the group: nobody is blamed."
                    : who + " is held by a debugger: nobody is blamed.";
            case COLLECTIVE_MISMATCH -> nobody ? "Ranks disagree about the collective they are in: nobody is blamed."
                    : who + " entered another collective than the others.";
            case REPLY_LOST -> nobody ? "A reply was lost: the ranks have answered and the driver still waits."
                    : who + " answered, and its reply was lost.";
            case REQUEST_UNSEEN -> who + " did not take a call that lies in its ring.";
            case LOOP_LOST -> who + " no longer looks for calls" + state(story) + ".";
            case UNINTERRUPTIBLE -> who + " hung in the kernel" + in(story) + limit + state(story) + ".";
            case COLLECTIVE_STUCK -> "All ranks entered the same collective and none completed it: device or link,"
                    + " nobody is blamed.";
            case PAUSED_VM -> nobody ? "All ranks paused alike: nobody is blamed."
                    : who + " paused as a whole" + state(story) + ".";
            case DEADLOCKED -> who + " is caught in a cycle of locks" + in(story) + state(story) + ".";
            case PAUSED_CGROUP -> nobody ? "The control group of all ranks is frozen: nobody is blamed."
                    : who + " is in a frozen control group: nobody is blamed.";
            case STRAGGLER -> who + " is slower than the others: nobody is blamed.";
            case SELF_STALLED -> "The watchdog itself was late by "
                    + Units.age(story.incident().self().worstStallNanos()) + ": nobody is blamed.";
        };
    }

    /** Where the culprit stood, sentence by sentence; empty when there is none or nothing is known of it. */
    static String standing(Story story) {
        RankSnapshot rank = story.rank(story.verdict().rank());
        if (rank == null || !story.blamesSomebody()) {
            return "";
        }
        RankStatus board = rank.board();
        StringBuilder text = new StringBuilder();
        text.append("At the verdict its loop had been silent for ").append(Units.age(rank.ages().loopNanos()))
                .append(" and its pulse for ").append(Units.age(rank.ages().pulseNanos())).append(". ");
        String method = board.method() + (board.costClass().isEmpty() ? "" : " (" + board.costClass() + ")");
        if (board.started() > board.finished()) {
            text.append("It had started call ").append(board.started()).append(", ").append(method)
                    .append(", and not finished it. ");
        } else if (board.started() > 0) {
            text.append("It had finished call ").append(board.finished()).append(", ").append(method)
                    .append(", and was between calls. ");
        }
        Gathering gathering = story.gathering();
        if (gathering != null) {
            for (CollectiveStatus c : board.collectives()) {
                if (c.communicator() == gathering.communicator()) {
                    text.append("It had entered #").append(c.entered()).append(" of the collectives while ")
                            .append(Units.count(gathering.inside().size(), "other rank was", "other ranks were"))
                            .append(" inside #").append(gathering.sequence()).append(". ");
                }
            }
        }
        return text.toString().strip();
    }

    /** Why the rank was not the one, for the table. */
    static String role(Story story, RankSnapshot rank) {
        RankStatus board = rank.board();
        ThreadFacts loop = rank.facts().loop();
        Gathering gathering = story.gathering();
        if (story.blames(board.rank())) {
            return "named: " + kind(story.verdict().kind());
        }
        if (rank.facts().dead()) {
            return "process has ended";
        }
        if (gathering != null && gathering.inside().contains(board.rank())) {
            return "waits in " + gathering.name();
        }
        if (loop != null && loop.state() == 'T') {
            return "stopped as well";
        }
        if (loop != null && loop.state() == 't') {
            return "held by a debugger";
        }
        if (board.started() > board.finished()) {
            return (story.victims().contains(board.rank()) ? "waits inside call " : "inside call ") + board.started()
                    + " for " + Units.age(rank.ages().callNanos());
        }
        if (rank.ages().loopNanos() > 1_000_000_000L) {
            return "idle, loop silent for " + Units.age(rank.ages().loopNanos());
        }
        return board.received() > board.started() ? "has call " + board.received() + ", not begun" : "idle, loop ticks";
    }

    /** The shortest form, for the end of a lane. */
    static String lane(Story story, RankSnapshot rank) {
        RankStatus board = rank.board();
        Gathering gathering = story.gathering();
        if (story.verdict().rank() == board.rank()) {
            return kind(story.verdict().kind()) + letter(rank.facts());
        }
        if (rank.facts().dead()) {
            return "ended";
        }
        if (gathering != null && gathering.inside().contains(board.rank())) {
            return "waits in #" + gathering.sequence();
        }
        return board.started() > board.finished() ? "in call " + board.started() : "idle";
    }

    static String lane(Story story, DriverSnapshot driver) {
        if (story.blames(Verdict.DRIVER)) {
            return "hung" + letter(driver.facts());
        }
        GroupSnapshot snapshot = story.atVerdict();
        return snapshot == null ? "" : snapshot.inFlight().size() + " in flight";
    }

    /** "stopped", "missing from collective". */
    static String kind(HangKind kind) {
        return switch (kind) {
            case DEAD -> "died";
            case STOPPED -> "stopped";
            case SPINNING -> "spinning";
            case BLOCKED -> "blocked";
            case MISSING_FROM_COLLECTIVE -> "never entered";
            case DRIVER_HUNG -> "hung";
            case STARVED -> "starved";
            case TRACED -> "traced";
            case SELF_STALLED -> "watchdog late";
            case COLLECTIVE_MISMATCH -> "mismatched";
            case REPLY_LOST -> "reply lost";
            case REQUEST_UNSEEN -> "call not taken";
            case LOOP_LOST -> "loop lost";
            case UNINTERRUPTIBLE -> "stuck in kernel";
            case COLLECTIVE_STUCK -> "collective stuck";
            case PAUSED_VM -> "paused";
            case DEADLOCKED -> "deadlocked";
            case PAUSED_CGROUP -> "frozen";
            case STRAGGLER -> "slow";
        };
    }

    /** A letter of the kernel in words. */
    static String stateName(char state) {
        return switch (state) {
            case 'R' -> "running";
            case 'S' -> "sleeping";
            case 'D' -> "kernel wait";
            case 'T' -> "stopped";
            case 't' -> "debugger";
            case 'Z', 'X' -> "ended";
            default -> "";
        };
    }

    private static String letter(ProcessFacts facts) {
        ThreadFacts loop = facts.loop();
        return facts.dead() || loop == null ? "" : " (" + loop.state() + ")";
    }

    private static String missing(Story story, String who) {
        Gathering gathering = story.gathering();
        return gathering == null ? who + " never entered the collective." : who + " never entered " + gathering.name()
                + ".";
    }

    private static String waited(Story story) {
        if (!story.blamesSomebody()) {
            return "";
        }
        Gathering gathering = story.gathering();
        List<Integer> inside = gathering == null ? List.of() : gathering.inside();
        String it = story.verdict().kind() == HangKind.MISSING_FROM_COLLECTIVE ? " waited there." : null;
        if (gathering != null && !inside.isEmpty()) {
            return Units.capital(Units.count(inside.size(), "rank", "ranks"))
                    + (it != null ? it : " waited for it in " + gathering.name() + ".");
        }
        int victims = story.victims().size();
        return victims == 0 ? "" : Units.capital(Units.count(victims, "rank", "ranks")) + " waited for it.";
    }

    private static String calls(Story story) {
        long failedNanos = story.incident().timeline().failedNanos();
        long failed = story.failed();
        if (failed > 0) {
            return Units.figure(failed, "call", "calls") + (story.failedBeforeSeen() ? seenFailed(failed) : " failed")
                    + " after "
                    + Units.seconds(failedNanos - story.zero()) + ".";
        }
        GroupSnapshot snapshot = story.atVerdict();
        int inFlight = snapshot == null ? 0 : snapshot.inFlight().size();
        if (inFlight == 0) {
            return snapshot == null ? "" : "No call was in flight.";
        }
        return Units.figure(inFlight, "call was", "calls were") + " in flight.";
    }

    private static String seenFailed(long calls) {
        return (calls == 1 ? " was" : " were") + " seen failed";
    }

    private static String state(Story story) {
        ProcessFacts facts = facts(story);
        ThreadFacts loop = facts == null ? null : facts.loop();
        if (loop == null) {
            return "";
        }
        boolean sleepsSomewhere = loop.state() != 'T' && loop.state() != 'R' && !loop.wchan().isEmpty();
        return " (state " + loop.state() + (sleepsSomewhere ? " in " + loop.wchan() : "") + ")";
    }

    static @Nullable ProcessFacts facts(Story story) {
        GroupSnapshot snapshot = story.atVerdict();
        RankSnapshot rank = story.rank(story.verdict().rank());
        if (snapshot != null && story.verdict().rank() == Verdict.DRIVER) {
            return snapshot.driver().facts();
        }
        return rank == null ? null : rank.facts();
    }

    private static String in(Story story) {
        RankSnapshot rank = story.rank(story.verdict().rank());
        return rank == null || rank.board().method().isEmpty() ? "" : " in " + rank.board().method();
    }
}
