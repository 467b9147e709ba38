package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.Durations;
import dev.rollcall.watchdog.Response;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From the verdict to the end of the group: requests failed, evidence saved, processes and files gone; or, when nobody was
 * named, the orderly end. Stamps each moment. Stage hand's thread.
 */
final class Aftermath {
    private static final long AT_ONCE_NANOS = 200_000_000L;
    private static final long FAIL_NANOS = 5_000_000_000L;
    private static final long END_NANOS = 20_000_000_000L;
    private static final long GONE_NANOS = 15_000_000_000L;

    private final SimOptions options;
    private final Report report;
    private final Screen screen;
    private final Scene scene;
    private final Watch watch;
    private final Child driver;

    private long inFlight;
    private @Nullable Long failedNanos;
    private @Nullable Long savedNanos;
    private @Nullable Long goneNanos;
    private @Nullable String incident;
    private @Nullable String trouble;

    Aftermath(SimOptions options, Report report, Screen screen, Scene scene, Watch watch, Child driver) {
        this.options = options;
        this.report = report;
        this.screen = screen;
        this.scene = scene;
        this.watch = watch;
        this.driver = driver;
    }

    /** Something that must not happen; the first one counts, the others follow from it. */
    void trouble(String what) {
        if (trouble == null) {
            trouble = what;
        }
    }

    @Nullable
    String trouble() {
        return trouble;
    }

    /** Loads what the first seconds after a fault need, so that no class loading stands between a moment and its stamp. */
    void practise() {
        Verdict none = new Verdict(0, Tier.ACT, HangKind.STOPPED, Verdict.NOBODY, 0, 0, 0, "", "");
        Scene.View view = scene.view(Verdict.NOBODY);
        int lines = report.ranks(view.words(), view.collective()).size()
                + report.detail(none, options.workers(), 0).size()
                + report.event(0, "", String.format(Locale.ROOT, "%.2f", none.confidence())).length();
        if (lines == 0) {
            throw new IllegalStateException("nothing to show");
        }
    }

    void run() {
        Watch.Said said = watch.said();
        if (said == null) {
            if (!driver.isDead()) {
                if (watch.isInjected()) {
                    release("nobody was named");
                }
                drain();
            }
            return;
        }
        // What is seen at this moment, then the next moment, and only then the printing: it takes longer than either.
        Scene.View view = scene.view(said.verdict().rank());
        boolean acted = options.isActedOn(said.verdict().kind());
        boolean left = acted && isDriver(said) && !driver.isDead()
                && options.responseTo(said.verdict().kind()) == Response.FAIL;
        int failedByOwner = acted && isDriver(said) && !left ? watch.ledger().failAllOpen() : 0;
        boolean none = said.inFlight() == 0;
        if (none && watch.ledger().account().failed() > 0) {
            failedNanos = said.nanos(); // the driver saw it first
        }
        boolean failed = acted && !none && !left && awaitFailed(AT_ONCE_NANOS);
        show(said, view, acted);
        if (left) {
            release("nobody ends a driver with " + said.verdict().kind() + "=fail");
        }
        if (acted) {
            if (failed || (!none && awaitFailed(FAIL_NANOS))) {
                showFailed(said, left ? null : failedByOwner);
            }
            lookOn(said);
        } else {
            release(options.enforce() ? said.verdict().kind() + "=observe: nobody acts" : "observe mode: nobody acts");
            drain();
            tidyAfterDeadDriver(said);
        }
    }

    private void show(Watch.Said said, Scene.View view, boolean acted) {
        Verdict verdict = said.verdict();
        if (!watch.isInjected()) {
            screen.say(report.event(0, "OUTSIDE", "nobody told this command: times count from the verdict"));
        }
        screen.say(report.ranks(view.words(), view.collective()));
        screen.say(report.event(said.nanos() - watch.zero(), acted ? "VERDICT" : "WOULD",
                verdict.who() + " " + verdict.kind() + "  confidence "
                        + String.format(Locale.ROOT, "%.2f", verdict.confidence())));
        screen.say(report.detail(verdict, options.workers(), scene.board().watchdog().worstStallNanos()));
    }

    private boolean awaitFailed(long nanos) {
        boolean failed = screen.await(nanos, "requests are being failed ...", () -> {
            watch.look();
            return watch.ledger().open() == 0 && watch.ledger().account().failed() > 0;
        });
        if (failed) {
            failedNanos = System.nanoTime();
            inFlight = watch.ledger().account().failed();
        }
        return failed;
    }

    /** {@code failedByOwner}: how many the owner of a hung driver failed, null when the driver itself did. */
    private void showFailed(Watch.Said said, @Nullable Integer failedByOwner) {
        Long at = failedNanos;
        // The driver's own words come by pipe, a moment after what is seen in shared memory.
        Integer byOwner = isDriver(said) ? failedByOwner : null;
        screen.await(byOwner != null ? 0 : AT_ONCE_NANOS, "requests are being failed ...", () -> {
            watch.look();
            return watch.failCause() != null && watch.callsInFlight() == 0;
        });
        // A driver that hangs or is dead cannot fail its requests. Its owner did: that is this process.
        String how = byOwner != null
                ? Report.failed(byOwner, said.inFlight(), said.calls()) + ", by the driver's owner"
                : Report.failed(inFlight, Math.max(inFlight, said.inFlight()), watch.failedCalls()) + cause();
        if (at != null) {
            screen.say(report.event(at - watch.zero(), "FAILED", how));
        }
    }

    private String cause() {
        String cause = watch.failCause();
        return cause == null ? "" : ", cause attached: " + cause;
    }

    /** Evidence and tear-down go on side by side; each is stamped when it is seen. */
    private void lookOn(Watch.Said said) {
        boolean ended = screen.await(END_NANOS, () -> goneNanos == null
                ? "the group is being torn down ..."
                : "evidence is being saved ...", () -> {
                    watch.look();
                    noteSaved(said);
                    noteGone(said);
                    return goneNanos != null && (savedNanos != null || watch.isWatchdogGone());
                });
        if (!ended) {
            trouble("the end took longer than " + Durations.brief(END_NANOS));
        }
    }

    private void noteSaved(Watch.Said said) {
        if (savedNanos != null || !watch.isSealed()) {
            return;
        }
        incident = watch.incident();
        if (incident == null) {
            // Sealed without its evidence, which came too late for that: it may still come.
            incident =
                    IncidentFolders.find(options.incidents(), scene.group(), scene.epoch(), said.verdict().sequence());
        }
        if (incident != null) {
            savedNanos = System.nanoTime();
            screen.say(report.event(savedNanos - watch.zero(), "SAVED", Report.shown(incident)));
        }
    }

    private void noteGone(Watch.Said said) {
        if (goneNanos != null || scene.livingWorkers() > 0 || !driver.isDead()) {
            return;
        }
        if (isDriver(said) && !options.keep()) {
            GroupDirectory.sweep(); // a dead driver removes nothing; the next start would, so may we
        }
        if (options.keep() || !scene.folderExists()) {
            goneNanos = System.nanoTime();
            screen.say(report.event(goneNanos - watch.zero(), "GONE",
                    Counted.of(options.workers(), "process", "processes") + ", "
                            + (options.keep() ? "files kept in " + scene.folder() : "0 files left")));
        }
    }

    private static boolean isDriver(Watch.Said said) {
        return said.verdict().rank() == Verdict.DRIVER;
    }

    /** Nobody acts, so undo the fault where it can be undone. */
    private void release(String why) {
        if (options.fault() == Fault.STOP || options.fault() == Fault.STOP_TWO) {
            scene.signal(options.fault().alsoAt(Math.max(0, options.rank()), options.workers()), Signal.CONT);
            boolean sent = options.atDriver() ? driver.signal(Signal.CONT) : scene.signal(options.rank(), Signal.CONT);
            screen.say(report.event(System.nanoTime() - watch.zero(), "UNDONE", "SIGCONT " + options.victim()
                    + (sent ? "" : ": it was gone") + " (" + why + ")"));
        }
    }

    /** A driver that died fails and removes nothing; its workers leave by themselves, the rest is its owner's. */
    private void tidyAfterDeadDriver(Watch.Said said) {
        if (!driver.isDead()) {
            return; // its workers live as long as it does
        }
        boolean gone = screen.await(GONE_NANOS, "the workers leave ...", () -> scene.livingWorkers() == 0);
        int failed = watch.ledger().failAllOpen();
        if (failed > 0) {
            screen.say(report.event(System.nanoTime() - watch.zero(), "FAILED",
                    Report.failed(failed, said.inFlight(), said.calls()) + ", by the driver's owner"));
        }
        if (gone && !options.keep() && scene.folderExists()) {
            GroupDirectory.sweep();
        }
    }

    private void drain() {
        boolean ended = driver.tell("drain") && screen.await(GONE_NANOS, "the last requests are served ...", () -> {
            watch.look();
            return driver.isDead() && scene.livingWorkers() == 0;
        });
        if (!ended && !driver.isDead()) {
            trouble("the driver did not end: " + driver.lastWords());
        }
    }

    Outcome outcome(int leftovers) {
        Watch.Said said = watch.said();
        Long limit = watch.limitNanos();
        return new Outcome(options, said == null ? null : said.verdict().rank(),
                said == null ? null : said.verdict().kind(), said != null && said.confirmed(),
                limit == null ? null : limit / 1_000_000L, millis(named()),
                millis(failedNanos), millis(savedNanos), millis(goneNanos),
                said == null ? 0 : (int) Math.max(said.inFlight(), inFlight),
                watch.ledger().account(), watch.falseAlarms(), leftovers,
                incident != null ? incident : watch.incident(), trouble, more());
    }

    private @Nullable Long named() {
        Watch.Said said = watch.said();
        Watch.Reported reported = watch.reported();
        if (said != null) {
            return said.nanos();
        }
        return reported == null || options.fault().reportedError() == null ? null : (Long) reported.nanos();
    }

    private Outcome.More more() {
        return new Outcome.More(watch.reported(), millis(watch.suspectNanos()), watch.mentioned(),
                watch.falseSuspects(), lastedMs(), alsoNamed());
    }

    private @Nullable Long lastedMs() {
        long nanos = new FaultOrder(scene.file().memory()).lastedNanos();
        return nanos == 0 ? null : nanos / 1_000_000L;
    }

    /** The second victim, if there was one, as the incident has it. */
    private boolean alsoNamed() {
        int second = options.fault().alsoAt(options.rank(), options.workers());
        Watch.Said said = watch.said();
        if (second == options.rank() || said == null || incident == null) {
            return second == options.rank();
        }
        int other = said.verdict().rank() == second ? options.rank() : second;
        String wanted = "also found: " + Report.who(other) + " " + said.verdict().kind();
        return IncidentReader.read(Path.of(incident)).notes().stream().anyMatch(note -> note.startsWith(wanted));
    }

    /** Since the injection; null when there was none, or the moment never came. */
    private @Nullable Long millis(@Nullable Long nanos) {
        return nanos == null || !watch.isInjected() ? null : (nanos - watch.zero()) / 1_000_000L;
    }
}
