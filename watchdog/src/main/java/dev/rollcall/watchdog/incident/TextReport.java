package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One screen for a terminal or a pager: plain words first. Any thread. */
final class TextReport {
    private static final int WIDTH = 100;
    private static final int MOST_RANKS = 12;

    private TextReport() {
    }

    static String of(Story story, Evidence evidence) {
        Incident incident = story.incident();
        StringBuilder text = new StringBuilder(4096);
        text.append(wrap(Words.sentence(story), "")).append('\n');
        line(text, "verdict", String.format(Locale.ROOT, "%s %s  confidence %.2f  group %s-%d  #%d",
                Story.who(story.verdict().rank()), story.verdict().kind(), story.verdict().confidence(), story.group(),
                story.epoch(), story.verdict().sequence()));
        line(text, "why", wrap(story.verdict().reason(), " ".repeat(12)).strip());
        line(text, "runner-up", incident.runnerUp().isEmpty() ? "none" : incident.runnerUp());
        line(text, "limit", incident.limitNanos() == 0 ? "none for this kind" : Units.seconds(incident.limitNanos()));
        if (!story.victims().isEmpty()) {
            line(text, "held up", "rank " + Units.ranges(story.victims()));
        }
        line(text, "watchdog", "worst stall " + Units.age(incident.self().worstStallNanos())
                + " in the readings used, " + Units.figure(incident.self().lateTicks(), "reading", "readings")
                + " late, one every " + Units.age(incident.self().tickNanos()));
        timeline(text, story);
        ranks(text, story);
        for (String note : evidence.allNotes(incident)) {
            line(text, "note", note);
        }
        return printable(text);
    }

    private static void timeline(StringBuilder text, Story story) {
        Timeline t = story.incident().timeline();
        Map<Long, List<String>> moments = new TreeMap<>();
        put(moments, t.lastProgressNanos(), "last progress");
        put(moments, t.suspectNanos(), "suspected");
        put(moments, story.verdictNanos(), "verdict");
        if (story.failed() > 0) {
            put(moments, t.failedNanos(), Units.figure(story.failed(), "call", "calls")
                    + (story.failedBeforeSeen() ? " seen failed" : " failed"));
        }
        put(moments, story.savedNanos(), "evidence saved");
        text.append('\n');
        moments.forEach((nanos, what) -> text.append(String.format(Locale.ROOT, "%10s  %s%n",
                Units.offset(nanos - story.zero()), String.join(", ", what))));
    }

    private static void put(Map<Long, List<String>> moments, long nanos, String what) {
        if (nanos != 0) {
            moments.computeIfAbsent(nanos, n -> new ArrayList<>()).add(what);
        }
    }

    private static void ranks(StringBuilder text, Story story) {
        GroupSnapshot snapshot = story.atVerdict();
        if (snapshot == null) {
            return;
        }
        text.append(String.format(Locale.ROOT, "%n%5s %8s %5s %9s %9s %8s  %s%n", "rank", "pid", "state", "started",
                "finished", "loop", "doing"));
        int left = 0;
        for (RankSnapshot rank : snapshot.ranks()) {
            boolean named = story.blames(rank.board().rank());
            if (rank.board().rank() >= MOST_RANKS && !named) {
                left++;
                continue;
            }
            RankStatus board = rank.board();
            ThreadFacts loop = rank.facts().loop();
            var process = board.process();
            text.append(String.format(Locale.ROOT, "%5d %8s %5s %9d %9d %8s  %s%n", board.rank(),
                    process == null ? "-" : process.pid(), loop == null ? "-" : loop.state(), board.started(),
                    board.finished(), Units.age(rank.ages().loopNanos()), Words.role(story, rank)));
        }
        if (left > 0) {
            text.append("      and ").append(left).append(" more in report.html\n");
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%10s  %s%n", name, value));
    }

    private static String wrap(String words, String indent) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : words.strip().split("\\s+", -1)) {
            if (column > 0 && column + word.length() + 1 > WIDTH - indent.length()) {
                out.append('\n').append(indent);
                column = 0;
            } else if (column > 0) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += word.length();
        }
        return out.append('\n').toString();
    }

    /** A name that a process chose must not be able to drive the terminal of whoever reads this. */
    private static String printable(StringBuilder text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\u00a0') {
                clean.append(' ');
                return;
            }
            boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
            clean.appendCodePoint(control || Character.getType(c) == Character.FORMAT ? '?' : c);
        });
        return clean.toString();
    }
}
