package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.LimitTable;
import dev.rollcall.watchdog.WatchdogHealth;
import dev.rollcall.watchdog.incident.Story.Gathering;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The page for people: one sentence, one picture, then the reasons. A single file that loads nothing and runs nothing,
 * so it can be mailed and opened years later. One thread.
 */
final class HtmlReport {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Story story;
    private final Incident incident;
    private final Evidence evidence;
    private final Markup out = new Markup();

    private HtmlReport(Story story, Evidence evidence) {
        this.story = story;
        this.incident = story.incident();
        this.evidence = evidence;
    }

    /** The whole page. */
    static String of(Story story, Evidence evidence) {
        return new HtmlReport(story, evidence).page();
    }

    private String page() {
        out.verbatim("<!DOCTYPE html>\n").open("html", "lang", "en").verbatim("\n");
        head();
        out.open("body").verbatim("\n");
        headline();
        chart();
        reasons();
        RankTable.write(story, out);
        out.open("div", "class", "pair").open("section");
        watchdog();
        out.close().open("section");
        limits();
        out.close().closeLine();
        out.open("div", "class", "pair");
        ReportTables.write(story, out);
        out.closeLine();
        EvidenceSection.write(evidence, out);
        notes();
        out.element("footer", "Written by " + incident.product() + ", schema " + incident.schema()
                + ". incident.json beside this page holds every reading shown here. Payload contents are never saved.");
        out.verbatim("\n").closeLine().closeLine();
        return out.toString();
    }

    private void head() {
        out.open("head").verbatim("\n").empty("meta", "charset", "utf-8");
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.empty("meta", "name", "color-scheme", "content", "light dark");
        // Even a mistake in escaping could then neither run nor fetch anything.
        out.empty("meta", "http-equiv", "Content-Security-Policy", "content",
                "default-src 'none'; style-src 'unsafe-inline'");
        out.element("title", Words.happened(story) + " Rollcall incident");
        out.verbatim("\n").open("style").verbatim("\n").verbatim(css()).closeLine().closeLine();
    }

    private void headline() {
        Verdict verdict = story.verdict();
        out.open("p", "class", "meta");
        out.element("span", "Incident report");
        if (story.window().length > 0) {
            out.element("span", "group " + story.group() + ", epoch " + story.epoch());
        }
        out.element("span", "verdict " + verdict.sequence());
        if (incident.timeline().wallClockMillis() > 0) {
            Instant at = Instant.ofEpochMilli(incident.timeline().wallClockMillis());
            out.element("time", UTC.format(at), "datetime", at.toString());
        }
        out.closeLine();
        String sentence = Words.sentence(story);
        String happened = Words.happened(story);
        out.open("h1");
        if (story.blamesSomebody()) {
            out.open("b");
            keepTogether(happened);
            out.close();
            keepTogether(sentence.substring(happened.length()));
        } else {
            keepTogether(sentence);
        }
        out.closeLine();
        boolean failed = incident.timeline().failedNanos() != 0;
        out.open("dl", "class", "facts");
        fact("Verdict", verdict.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                verdict.tier() == Tier.SUSPECT ? "a suspicion, not acted upon" : failed ? "acted upon" : "act tier");
        fact("Found after", Units.seconds(story.verdictNanos() - story.zero()), "from the last progress");
        fact("Limit in force", incident.limitNanos() > 0 ? Units.seconds(incident.limitNanos()) : "none",
                incident.limitNanos() > 0 ? limitSource() : "this kind needs no limit");
        fact("Confidence", String.format(Locale.ROOT, "%.2f", verdict.confidence()),
                incident.runnerUp().isEmpty() ? "no runner-up" : "runner-up below");
        if (verdict.tier() == Tier.SUSPECT) {
            fact("Calls failed", "none", "nothing was done to them");
        } else if (failed) {
            fact("Calls failed", Long.toString(story.failed()), sinceVerdict());
        } else {
            fact("Calls failed", "not seen", "by the time of writing");
        }
        fact("Watchdog's worst stall", Units.age(incident.self().worstStallNanos()), "in the readings used");
        out.closeLine();
    }

    /** A driver that sees a rank die may be a moment before the verdict. */
    private String sinceVerdict() {
        long since = incident.timeline().failedNanos() - story.verdictNanos();
        if (story.failed() == 0) {
            return "since the verdict";
        }
        return story.failedBeforeSeen() ? "seen at the next reading, " + Units.age(since) + " after the verdict"
                : Units.age(Math.abs(since)) + (since < 0 ? " before" : " after") + " the verdict";
    }

    /** A line may break before "all-reduce #298", not inside it. */
    private void keepTogether(String text) {
        Gathering gathering = story.gathering();
        int at = gathering == null ? -1 : text.indexOf(gathering.name());
        if (gathering == null || at < 0) {
            out.text(text);
            return;
        }
        out.text(text.substring(0, at)).element("span", gathering.name(), "class", "keep");
        out.text(text.substring(at + gathering.name().length()));
    }

    private String limitSource() {
        var rank = story.rank(story.verdict().rank());
        boolean learned = switch (story.verdict().kind()) {
            case SPINNING, BLOCKED, UNINTERRUPTIBLE, MISSING_FROM_COLLECTIVE, COLLECTIVE_STUCK, DEADLOCKED -> true;
            default -> false;
        };
        if (rank == null || !learned) {
            return "fixed for this kind";
        }
        InFlightCall late = call(story.verdict().callId()); // who left it behind is in another by now, or in none
        String method = late == null ? rank.board().method() : late.method();
        String costClass = late == null ? rank.board().costClass() : late.costClass();
        return "for " + method + (costClass.isEmpty() ? "" : " (" + costClass + ")");
    }

    private @Nullable InFlightCall call(long callId) {
        GroupSnapshot at = story.atVerdict();
        return at == null ? null
                : at.inFlight().stream().filter(call -> call.callId() == callId).findFirst().orElse(null);
    }

    private void fact(String term, String value, String detail) {
        out.open("div").element("dt", term).open("dd").text(value).element("small", detail).close().close();
    }

    private void chart() {
        out.open("figure");
        if (story.window().length == 0) {
            out.element("p", "No reading was saved with this incident, so there is no picture of it.").closeLine();
            return;
        }
        out.open("div", "class", "scroll");
        new LaneChart(story, out).draw();
        out.closeLine();
        out.open("figcaption").open("ul", "class", "key");
        key("call", "call running");
        if (story.verdict().rank() != Verdict.NOBODY) {
            key(story.blamesSomebody() ? "culprit" : "held",
                    Story.who(story.verdict().rank()) + ", " + Words.kind(story.verdict().kind()));
        }
        if (!story.victims().isEmpty()) {
            key("waits", "held up by it");
        }
        key("flow", "calls in flight");
        out.close();
        out.text("Read every " + Units.age(incident.self().tickNanos())
                + " by the watchdog\u2019s clock; calls shorter than that are spread evenly between two readings. 0 is "
                + "the last reading in which " + moved() + ". Lanes end with the last reading.");
        out.close().closeLine();
    }

    private String moved() {
        return story.blamesSomebody() ? Story.who(story.verdict().rank()) + " was seen to get on with its work"
                : "all was well";
    }

    private void key(String style, String text) {
        out.open("li").open("i", "class", style).close().text(text).close();
    }

    private void reasons() {
        boolean blames = story.blamesSomebody();
        out.element("h2", blames ? "Why " + Story.who(story.verdict().rank()) : "Why nobody");
        out.element("p", sentence(story.verdict().reason()));
        String standing = Words.standing(story);
        if (!standing.isEmpty()) {
            out.element("p", standing);
        }
        out.open("p", "class", "lead");
        out.text(incident.runnerUp().isEmpty() ? "No other explanation came near."
                : "Second most likely: " + sentence(incident.runnerUp()));
        out.closeLine();
    }

    private static String sentence(String words) {
        String text = Units.capital(words.strip());
        return text.isEmpty() || text.endsWith(".") ? text : text + ".";
    }

    private void watchdog() {
        WatchdogHealth self = incident.self();
        out.element("h2", "How the watchdog itself was doing");
        out.element("p", "Process " + self.pid() + ", " + self.ticks() + " readings since it began, one every "
                + Units.age(self.tickNanos()) + ". Its worst stall in this window was "
                + Units.age(self.worstStallNanos()) + "; "
                + (self.lateTicks() == 0 ? "no reading came too late to judge by"
                        : Units.figure(self.lateTicks(), "reading", "readings") + " came too late to judge by")
                + ". A reading took " + Units.age(self.meanTickNanos()) + " on average, "
                + Units.age(self.worstTickNanos()) + " at worst.");
    }

    private void limits() {
        LimitTable limits = incident.limits();
        out.element("h2", "Limits in force");
        out.element("p", "A call is late after the larger of " + Units.seconds(limits.floorNanos()) + " and "
                + limits.factor() + " times its slowest recent run; a class not met often enough has "
                + Units.seconds(limits.warmUpNanos()) + ".", "class", "lead");
        if (limits.classes().isEmpty()) {
            return;
        }
        out.open("div", "class", "scroll").open("table", "class", "narrow").open("thead").open("tr");
        out.element("th", "method").element("th", "cost class").element("th", "calls learned from", "class", "n");
        out.element("th", "slowest", "class", "n").close().close().open("tbody");
        for (LimitTable.LearnedClass c : limits.classes()) {
            out.open("tr").element("td", c.method()).element("td", c.costClass().isEmpty() ? "\u2013" : c.costClass());
            out.element("td", Long.toString(c.samples()), "class", "n");
            out.element("td", slowest(c.largestNanos()), "class", "n").close();
        }
        out.close().close().closeLine();
    }

    /** A call that began and ended between two readings has no age. */
    private String slowest(long nanos) {
        long reading = story.incident().self().tickNanos();
        return nanos < reading ? "under " + Units.age(reading) : Units.age(nanos);
    }

    private void notes() {
        List<String> notes = evidence.allNotes(incident);
        if (notes.isEmpty()) {
            return;
        }
        out.element("h2", "Notes").open("ul", "class", "notes");
        for (String note : notes) {
            out.element("li", note);
        }
        out.closeLine();
    }

    private static String css() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new RollcallException("style sheet missing from the jar resource=report.css");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new RollcallException("style sheet not read resource=report.css", e);
        }
    }
}
