package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import dev.rollcall.watchdog.ThreadFacts;
import dev.rollcall.watchdog.incident.Story.Gathering;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Every process at the verdict, so that a reader can check the choice against those that were not chosen. */
final class RankTable {
    private static final String NONE = "\u2013";

    private final Story story;
    private final Markup out;

    private RankTable(Story story, Markup out) {
        this.story = story;
        this.out = out;
    }

    static void write(Story story, Markup out) {
        GroupSnapshot snapshot = story.atVerdict();
        if (snapshot != null) {
            new RankTable(story, out).write(snapshot);
        }
    }

    private void write(GroupSnapshot snapshot) {
        out.element("h2", story.blamesSomebody() ? "Why not the others" : "What each process was doing");
        out.element("p", "Every process in the reading the verdict was reached at. Ages tell for how long a word on "
                + "the board had stood still.", "class", "lead");
        out.open("div", "class", "scroll").open("table", "class", "wide");
        head();
        out.open("tbody").text("\n");
        for (RankSnapshot rank : snapshot.ranks()) {
            row(rank);
        }
        driver(snapshot.driver());
        out.close().close().closeLine();
    }

    private void head() {
        out.open("thead").open("tr", "class", "group");
        out.open("th", "colspan", "6").close().element("th", "call", "colspan", "4");
        out.element("th", "collective", "colspan", "2").element("th", "age of", "colspan", "2").open("th").close();
        out.close().open("tr");
        for (String name : new String[]{"rank", story.blamesSomebody() ? "why not" : "doing", "pid", "state", "phase",
                "method"}) {
            out.element("th", name, "class", "pid".equals(name) ? "n" : null);
        }
        for (String name : new String[]{"received", "started", "finished", "replied", "entered", "completed", "loop",
                "pulse"}) {
            out.element("th", name, "class", "n");
        }
        out.element("th", "sleeps in").close().closeLine();
    }

    private void row(RankSnapshot rank) {
        RankStatus board = rank.board();
        begin(Integer.toString(board.rank()), Words.role(story, rank), story.blames(board.rank()));
        process(board.process(), rank.facts(), board.phase().name());
        out.open("td", "class", "w").text(board.method().isEmpty() ? NONE : board.method());
        if (!board.costClass().isEmpty()) {
            out.text(" ").element("small", board.costClass());
        }
        out.close();
        number(board.received());
        number(board.started());
        number(board.finished());
        number(board.replied());
        CollectiveStatus collective = collective(board);
        cell(collective == null ? NONE : Long.toString(collective.entered()), "n");
        cell(collective == null ? NONE : Long.toString(collective.completed()), "n");
        end(rank.ages(), rank.facts());
    }

    private void driver(DriverSnapshot driver) {
        boolean culprit = story.blames(Verdict.DRIVER);
        String doing = culprit ? "named: " + Words.kind(story.verdict().kind())
                : driver.facts().dead() ? "process has ended"
                        : "issued " + driver.board().lastIssued() + ", completed " + driver.board().completed();
        begin("driver", doing, culprit);
        process(driver.board().process(), driver.facts(), driver.board().phase().name());
        out.open("td", "colspan", "7").close();
        end(driver.ages(), driver.facts());
    }

    private void begin(String name, String why, boolean culprit) {
        out.open("tr", "class", culprit ? "culprit" : null);
        out.element("th", name, "scope", "row").element("td", why, "class", "why");
    }

    private void process(@Nullable ProcessIdentity process, ProcessFacts facts, String phase) {
        cell(process == null ? NONE : Integer.toString(process.pid()), "n");
        ThreadFacts loop = facts.loop();
        out.open("td", "class", "w");
        if (facts.dead()) {
            out.text("ended");
        } else if (loop == null) {
            out.text("not read");
        } else {
            out.text(loop.state() + " ").element("small", Words.stateName(loop.state()));
        }
        out.close();
        cell(phase.toLowerCase(Locale.ROOT), null);
    }

    private void end(Ages ages, ProcessFacts facts) {
        cell(Units.age(ages.loopNanos()), "n");
        cell(Units.age(ages.pulseNanos()), "n");
        ThreadFacts loop = facts.loop();
        out.open("td").element("code", loop == null || loop.wchan().isEmpty() || "0".equals(loop.wchan()) ? NONE
                : loop.wchan()).close();
        out.closeLine();
    }

    /** Of the communicator that matters, else of the busiest one. */
    private @Nullable CollectiveStatus collective(RankStatus board) {
        Gathering gathering = story.gathering();
        CollectiveStatus busiest = null;
        for (CollectiveStatus c : board.collectives()) {
            if (gathering != null && c.communicator() == gathering.communicator()) {
                return c;
            }
            busiest = busiest == null || c.entered() > busiest.entered() ? c : busiest;
        }
        return busiest == null || busiest.entered() == 0 ? null : busiest;
    }

    private void number(long value) {
        cell(Long.toString(value), "n");
    }

    private void cell(String text, @Nullable String style) {
        out.element("td", text, "class", style);
    }
}
