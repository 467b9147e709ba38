package dev.rollcall.watchdog.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.Timeline;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    static Stream<Arguments> sentences() {
        return Stream.of(Arguments.of(Sample.stopped(),
                "Rank 5 stopped (state T). Seven ranks waited for it in all-reduce #166. "
                        + "4 calls failed after 0.57 s."),
                Arguments.of(Sample.spinning(),
                        "Rank 0 kept computing in execute_model past its limit of 1.20 s (state R). Seven ranks waited "
                                + "for it in all-reduce #166. 4 calls failed after 1.28 s."),
                Arguments.of(Sample.blocked(),
                        "Rank 7 blocked in execute_model past its limit of 1.20 s (state S in pipe_read). Seven ranks "
                                + "waited for it in all-reduce #166. 4 calls failed after 1.28 s."),
                Arguments.of(Sample.missing(),
                        "Rank 2 never entered all-reduce #166. Seven ranks waited there. "
                                + "4 calls failed after 1.28 s."),
                Arguments.of(Sample.dead(),
                        "Rank 7 died. Seven ranks waited for it in all-reduce #166. 4 calls failed after 0.08 s."),
                Arguments.of(Sample.driver(), "The driver stopped answering (state T). 4 calls were in flight."),
                Arguments.of(Sample.nobody(HangKind.STARVED),
                        "Rank 3 was ready to run but got no CPU: nobody is blamed. 4 calls were in flight."),
                Arguments.of(Sample.nobody(HangKind.TRACED),
                        "Rank 3 is held by a debugger: nobody is blamed. 4 calls were in flight."),
                Arguments.of(Sample.nobody(HangKind.SELF_STALLED),
                        "The watchdog itself was late by 3.1 s: nobody is blamed. 4 calls were in flight."),
                Arguments.of(Sample.many(), "Rank 41 stopped (state T). 63 ranks waited for it in all-reduce #166. "
                        + "4 calls failed after 0.57 s."));
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void shouldSayItInOneSentenceOnTop(Sample sample, String sentence) throws Exception {
        Incident incident = sample.build();
        Story story = new Story(incident, sample.sources().nowNanos());
        assertThat(Words.sentence(story).replace('\u00a0', ' ')).isEqualTo(sentence);
        Document page = parse(HtmlReport.of(story, new Evidence()));
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent().replace('\u00a0', ' '))
                .isEqualTo(sentence);
        String text = TextReport.of(story, new Evidence());
        assertThat(text.replaceAll("\\s+", " ")).startsWith(sentence);
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void shouldLoadAndRunNothing(Sample sample, String sentence) throws Exception {
        String html = page(sample);
        parse(html);
        assertThat(html).doesNotContain("http://", "https://", "url(", "@import", "<script", "<link", "<img", "src=",
                "href=");
        assertThat(html).contains("default-src 'none'".replace("'", "&#39;"));
    }

    @Test
    void shouldDrawALaneForEveryProcess() throws Exception {
        for (int workers : new int[]{1, 2, 8, 17, 64}) {
            Sample sample = Sample.stopped();
            sample.workers = workers;
            sample.rank = workers - 1;
            Document page = parse(page(sample));
            List<String> names = texts(page, "name", "name culprit");
            assertThat(names).hasSize(workers + 1).startsWith("driver");
            assertThat(texts(page, "name culprit")).containsExactly(workers > 16 ? "" + (workers - 1)
                    : "rank " + (workers - 1));
        }
    }

    @Test
    void shouldMarkTheMomentsInOrder() throws Exception {
        assertThat(texts(parse(page(Sample.stopped())), "mark fault", "mark verdict", "mark minor")).containsExactly(
                "fault 0.00 s", "verdict +0.56 s", "calls failed +0.57 s", "evidence saved +0.72 s");
        assertThat(texts(parse(page(Sample.driver())), "mark fault", "mark verdict", "mark minor")).containsExactly(
                "fault 0.00 s", "suspected +1.05 s", "verdict +5.05 s", "evidence saved +5.21 s");
    }

    @Test
    void shouldSayWhenItIsOnlyKnownAtWhichReadingCallsHadFailed() throws Exception {
        Incident exact = Sample.stopped().build();
        long seen = exact.window().stream().filter(s -> s.tick() == exact.verdictTick() + 2).findFirst().orElseThrow()
                .atNanos();
        Story story = new Story(failedAt(exact, seen), 0);

        assertThat(Words.sentence(story).replace('\u00a0', ' ')).endsWith("4 calls were seen failed after 0.65 s.");
        assertThat(TextReport.of(story, new Evidence())).contains("+0.65 s  4 calls seen failed");
        String html = HtmlReport.of(story, new Evidence());
        assertThat(texts(parse(html), "mark minor")).containsExactly("calls seen failed +0.65 s");
        assertThat(html.replace('\u00a0', ' ')).contains("seen at the next reading, 90 ms after the verdict");

        assertThat(page(Sample.stopped()).replace('\u00a0', ' ')).contains("9.0 ms after the verdict");
        long early = exact.timeline().verdictNanos() - 4_000_000L;
        assertThat(HtmlReport.of(new Story(failedAt(exact, early), 0), new Evidence()).replace('\u00a0', ' '))
                .contains("4.0 ms before the verdict");
    }

    private static Incident failedAt(Incident i, long nanos) {
        Timeline t = i.timeline();
        Timeline other = new Timeline(t.wallClockMillis(), t.lastProgressNanos(), t.firstSignNanos(), t.suspectNanos(),
                t.verdictNanos(), nanos);
        return new Incident(i.schema(), i.product(), i.verdict(), i.limitNanos(), i.runnerUp(), i.limits(), i.window(),
                i.verdictTick(), i.self(), other, i.notes());
    }

    @Test
    void shouldBlameNobodyInThePictureEither() throws Exception {
        for (HangKind kind : List.of(HangKind.STARVED, HangKind.TRACED, HangKind.SELF_STALLED)) {
            Document page = parse(page(Sample.nobody(kind)));
            assertThat(texts(page, "name culprit", "mark fault", "culprit")).isEmpty();
        }
    }

    @Test
    void shouldEscapeWhateverAProcessCallsItself() throws Exception {
        Sample sample = Sample.stopped();
        sample.method = "<script>alert('x')</script>&\u0000\u001b[31m\u202e";
        sample.reason = "a < b && c > \"d\" ]]> \ud800";
        sample.wchan = "</code><b>";
        Evidence evidence = new Evidence();
        evidence.stacks.put(0, "</pre><script>1</script>\u0007");
        Story story = new Story(sample.build(), 0);
        String html = HtmlReport.of(story, evidence);
        assertThat(html).doesNotContain("<script", "\u001b", "\u202e", "</code><b>");
        assertThat(parse(html).getElementsByTagName("script").getLength()).isZero();
        assertThat(TextReport.of(story, evidence)).doesNotContain("\u001b", "\u0000", "\u202e");
    }

    @Test
    void shouldFitTheTextOnOneScreen() {
        for (Sample sample : List.of(Sample.stopped(), Sample.many(), Sample.driver(), Sample.late())) {
            String text = TextReport.of(new Story(sample.build(), 0), new Evidence());
            assertThat(text.lines()).hasSizeLessThanOrEqualTo(40).allMatch(line -> line.length() <= 110);
        }
    }

    private static String page(Sample sample) {
        return HtmlReport.of(new Story(sample.build(), sample.sources().nowNanos()), new Evidence());
    }

    /** Text of the elements with one of these classes, in document order. */
    private static List<String> texts(Document page, String... classes) {
        var all = page.getElementsByTagName("*");
        List<String> wanted = List.of(classes);
        return Stream.iterate(0, i -> i < all.getLength(), i -> i + 1).map(all::item)
                .filter(node -> node.getAttributes().getNamedItem("class") != null
                        && wanted.contains(node.getAttributes().getNamedItem("class").getNodeValue())
                        && !"line".equals(node.getNodeName()))
                .map(node -> node.getTextContent().replace('\u00a0', ' ')).toList();
    }

    private static Document parse(String html) throws Exception {
        assertThat(html).startsWith("<!DOCTYPE html>\n<html");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }
}
