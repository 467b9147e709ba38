package dev.rollcall.tools.sidecar;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.WatchdogListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the watchdog finds, as lines of JSON. The watchdog's thread. */
final class JsonListener implements WatchdogListener {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final EventLines lines;

    JsonListener(EventLines lines) {
        this.lines = lines;
    }

    /** From now on calls of this kind have a limit of their own. */
    void learned(String method, String costClass) {
        lines.add("learned", Map.of("method", method, "costClass", costClass));
    }

    @Override
    public void suspected(Finding finding, long atNanos) {
        Map<String, @Nullable Object> facts = facts(finding);
        facts.put("excuse", finding.excuses());
        lines.add("suspect", facts);
    }

    @Override
    public void cleared(Finding finding, long lastedNanos) {
        lines.add("cleared", Map.of("kind", finding.kind().name(), "rank", finding.rank(), "lastedMs",
                lastedNanos / NANOS_PER_MILLI));
    }

    @Override
    public void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
        Map<String, @Nullable Object> facts = facts(finding);
        facts.put("sequence", verdict.sequence());
        facts.put("acted", enforced);
        lines.add("verdict", facts);
    }

    @Override
    public void sealed(Verdict verdict, Timeline timeline, long atNanos) {
        lines.add("saved", Map.of("sequence", verdict.sequence(), "incident", verdict.incident()));
    }

    @Override
    public void driverKilled(Verdict verdict, boolean dead) {
        lines.add("driver-killed", Map.of("sequence", verdict.sequence(), "dead", dead));
    }

    @Override
    public void ended(String reason) {
        lines.add("ended", Map.of("reason", reason));
    }

    @Override
    public void failed(Throwable cause) {
        lines.add("failed", Map.of("reason", cause.toString()));
    }

    private static Map<String, @Nullable Object> facts(Finding finding) {
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("kind", finding.kind().name());
        facts.put("rank", finding.rank());
        facts.put("callId", finding.callId());
        facts.put("confidence", finding.confidence());
        facts.put("limitMs", finding.limitNanos() == 0 ? null : finding.limitNanos() / NANOS_PER_MILLI);
        facts.put("ageMs", finding.ageNanos() / NANOS_PER_MILLI);
        facts.put("victims", finding.victims());
        facts.put("reason", finding.reason());
        facts.put("runnerUp", finding.runnerUp());
        return facts;
    }
}
