package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.board.WatchdogSilence;
import dev.rollcall.shm.board.WatchdogState;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.console.ProcessState;
import dev.rollcall.tools.hangsim.StepPlan.Step;
import dev.rollcall.watchdog.Finding;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the stage hand sees while it looks on, and when, by its own clock. It reads what any outsider can: the board, the
 * request ledger, the lines driver and watchdog print. One thread.
 */
final class Watch {
    private static final long SAMPLE_NANOS = 250_000_000L;

    private final SimOptions options;
    private final Scene scene;
    private final Child driver;
    private final Child sidecar;
    private final RequestLedger ledger;
    private final WatchdogEnd watchdogEnd = new WatchdogEnd();
    private final WatchdogSilence silence;

    private long injectedNanos;
    private boolean injected;
    private long lastVerdict;
    private long failedRecently;
    private long failedBefore;
    private long sampledNanos = System.nanoTime();
    private @Nullable Said said;
    private @Nullable String suspectKey;
    private int falseAlarms;
    private String warning = "";
    private WatchdogState watchdog = WatchdogState.NONE;

    private double p50Ms;
    private double p99Ms;
    private boolean warm;
    private @Nullable String failCause;
    private @Nullable Reported reported;
    private @Nullable Long suspectNanos;
    private final Set<String> mentioned = new LinkedHashSet<>();
    private final Set<String> learned = new HashSet<>();
    private int falseSuspects;
    private @Nullable Long limitNanos;
    private @Nullable String incident;

    Watch(SimOptions options, Scene scene, Child driver, Child sidecar, RequestLedger ledger) {
        this.options = options;
        this.scene = scene;
        this.driver = driver;
        this.sidecar = sidecar;
        this.ledger = ledger;
        this.silence = new WatchdogSilence(scene.board());
    }

    /**
     * The first time the watchdog said who must go.
     *
     * @param verdict   its words
     * @param nanos     when it was seen here
     * @param inFlight  requests open at that moment
     * @param calls     calls in flight; requests of one step share theirs, one that waits has none
     * @param confirmed the named process was found stopped or dead at that moment
     */
    record Said(Verdict verdict, long nanos, int inFlight, long calls, boolean confirmed) {
    }

    /**
     * A rank told the driver of an error of its own.
     *
     * @param rank  which
     * @param type  class of the error, without its package
     * @param nanos when it was seen here
     */
    record Reported(int rank, String type, long nanos) {
    }

    /** Looks once at everything. */
    void look() {
        for (JsonNode event = driver.poll(); event != null; event = driver.poll()) {
            fromDriver(event);
        }
        for (JsonNode event = sidecar.poll(); event != null; event = sidecar.poll()) {
            fromSidecar(event);
        }
        if (said == null) {
            fromBoard(scene.board());
        }
        if (said == null && System.nanoTime() - sampledNanos > SAMPLE_NANOS) {
            sampledNanos = System.nanoTime();
            failedBefore = failedRecently;
            failedRecently = scene.board().driver().failed();
            watchdog = silence.look(sampledNanos);
        }
    }

    /** Calls that failed with the hang: a driver that notices a death itself fails them a moment before the verdict. */
    long failedCalls() {
        return scene.board().driver().failed() - failedBefore;
    }

    long callsInFlight() {
        DriverStatus now = scene.board().driver();
        return Math.max(0, now.lastIssued() - now.completed() - now.failed()); // read one after the other
    }

    /** From here on the victim is at fault. */
    void injected(long nanos) {
        injected = true;
        injectedNanos = nanos;
    }

    boolean isInjected() {
        return injected;
    }

    /** Whether the watchdog has a limit for steps of this kind. */
    boolean isLearned(Step step) {
        return learned.contains(step.costClass());
    }

    /** Since the injection; without one, since somebody was named. */
    long zero() {
        Said verdict = said;
        return injected || verdict == null ? injectedNanos : verdict.nanos();
    }

    @Nullable
    Said said() {
        return said;
    }

    @Nullable
    Reported reported() {
        return reported;
    }

    /** When the victim was first suspected; null when it never was. */
    @Nullable
    Long suspectNanos() {
        return suspectNanos;
    }

    /** All that was said and not acted on, as "STARVED rank 1", in the order it was first said. */
    Set<String> mentioned() {
        return mentioned;
    }

    /** Suspicions, excuses aside, of somebody who was not at fault. */
    int falseSuspects() {
        return falseSuspects;
    }

    int falseAlarms() {
        return falseAlarms;
    }

    /** What is suspected but not acted upon, to be appended to a line; empty while nothing is. */
    String warning() {
        return warning;
    }

    double p50Ms() {
        return p50Ms;
    }

    double p99Ms() {
        return p99Ms;
    }

    boolean isWarm() {
        return warm;
    }

    /** Class of the cause the driver's requests failed with, null while none did. */
    @Nullable
    String failCause() {
        return failCause;
    }

    @Nullable
    Long limitNanos() {
        return limitNanos;
    }

    /** Folder of the saved incident; null until it is sealed, and when it could not be saved in time. */
    @Nullable
    String incident() {
        Verdict latest = scene.board().verdict();
        String folder = latest == null || latest.incident().isEmpty() ? incident : latest.incident();
        return folder == null || folder.isEmpty() ? null : folder;
    }

    boolean isSealed() {
        Said verdict = said;
        return verdict != null && verdict.verdict().sequence() > 0
                && scene.board().watchdog().sealedVerdict() >= verdict.verdict().sequence();
    }

    /** Whether the watchdog's process has ended; nothing more will be saved. */
    boolean isWatchdogGone() {
        return sidecar.isDrained();
    }

    /** Why nobody looks for the fault any more; null while the watchdog does, or left with its group. */
    @Nullable
    String watchdogTrouble() {
        return watchdogEnd.trouble(sidecar.exit(), sidecar::lastWords);
    }

    /** The same, and what may pass: a watchdog that does not tick. */
    @Nullable
    String whyUnwatched() {
        String trouble = watchdogTrouble();
        return trouble == null && watchdog == WatchdogState.SILENT ? "the watchdog does not tick " + silence : trouble;
    }

    RequestLedger ledger() {
        return ledger;
    }

    private void fromDriver(JsonNode event) {
        switch (event.path("event").asText()) {
            case "stats" -> {
                warm = true;
                p50Ms = event.path("p50Ms").asDouble();
                p99Ms = event.path("p99Ms").asDouble();
            }
            case "failed" -> {
                failCause = event.path("cause").asText();
                if (event.has("remoteType") && reported == null) {
                    String type = event.path("remoteType").asText();
                    reported = new Reported(event.path("rank").asInt(), type.substring(type.lastIndexOf('.') + 1),
                            System.nanoTime());
                }
            }
            default -> {
                return;
            }
        }
    }

    private void fromSidecar(JsonNode event) {
        watchdogEnd.heard(event);
        switch (event.path("event").asText()) {
            case "verdict" -> {
                limitNanos = event.path("limitMs").isNumber() ? event.path("limitMs").asLong() * 1_000_000L : null;
                if (!event.path("acted").asBoolean() && said == null) {
                    said(verdictOf(event));
                }
            }
            case "suspect" -> suspected(event);
            case "learned" -> {
                if (event.path("method").asText().equals(SimWorker.EXECUTE)) {
                    learned.add(event.path("costClass").asText());
                }
            }
            case "saved" -> incident = event.path("incident").asText();
            default -> {
                return;
            }
        }
    }

    private void suspected(JsonNode event) {
        int rank = event.path("rank").asInt();
        HangKind kind = HangKind.valueOf(event.path("kind").asText());
        mentioned.add(kind + " " + Report.who(rank));
        if (!event.path("excuse").asBoolean() && said == null) {
            if (!isVictim(rank)) {
                falseSuspects++;
            } else if (suspectNanos == null) {
                suspectNanos = System.nanoTime();
            }
        }
    }

    private void fromBoard(Board board) {
        long sequence = board.verdictSequence();
        if (sequence != lastVerdict) {
            lastVerdict = sequence;
            Verdict verdict = board.verdict();
            if (verdict != null) {
                said(verdict);
                return;
            }
        }
        suspect(board.suspect());
    }

    private void said(Verdict verdict) {
        boolean confirmed = isStoppedOrDead(verdict.rank());
        said = new Said(verdict, System.nanoTime(), ledger.open(), callsInFlight(), confirmed);
        if (!isVictim(verdict.rank()) && !confirmed) {
            falseAlarms++;
        }
    }

    private void suspect(@Nullable Verdict suspect) {
        if (suspect == null) {
            suspectKey = null;
            warning = "";
            return;
        }
        String key = suspect.kind() + " " + suspect.rank();
        if (key.equals(suspectKey)) {
            return;
        }
        suspectKey = key;
        warning = "   suspect: " + suspect.who() + " " + suspect.kind() + ": " + suspect.reason();
        if (!Finding.excuses(suspect.kind()) && !isVictim(suspect.rank()) && !isStoppedOrDead(suspect.rank())) {
            falseAlarms++;
        }
    }

    private boolean isVictim(int rank) {
        return injected && options.fault().mustBeNamed() && options.isVictim(rank);
    }

    private boolean isStoppedOrDead(int rank) {
        if (rank == Verdict.DRIVER) {
            return driver.isDead()
                    || isStopped(scene.board().driver().process(), scene.board().driver().loopThreadId());
        }
        if (rank < 0) {
            return false;
        }
        RankStatus status = scene.board().rank(rank);
        return scene.isDead(rank) || isStopped(status.process(), status.loopThreadId());
    }

    private static boolean isStopped(@Nullable ProcessIdentity process, int tid) {
        return process != null && ProcessState.of(process, tid) == 'T';
    }

    private static Verdict verdictOf(JsonNode event) {
        return new Verdict(0, Tier.ACT, HangKind.valueOf(event.path("kind").asText()),
                event.path("rank").asInt(), event.path("callId").asLong(), event.path("confidence").asDouble(),
                event.path("victims").asLong(), event.path("reason").asText(), event.path("incident").asText());
    }
}
