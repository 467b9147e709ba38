package dev.rollcall.stress.kill;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.incident.IncidentReader;
import dev.rollcall.watchdog.incident.IncidentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The watchdog is the victim; the group that it watches lives on, and so must its calls. While it stands still no other comes in its place;
 * once it is dead the next one attaches at once, and convicts nobody who has gone on by then. What it saved is whole, or has a name that
 * says that it is not.
 */
final class WatchdogScene implements Scene {
    private static final Duration STOPPED = Duration.ofMillis(700);
    private static final Duration ATTACH = Duration.ofSeconds(5);
    private static final Duration NEXT = Duration.ofSeconds(5);
    private static final Duration RESTART = Duration.ofSeconds(60);
    private static final Duration ALL = Duration.ofMinutes(3);
    private static final int TICKS = 5;
    private static final String PARTIAL = ".partial";
    /** It has no lock yet, or none any more. */
    private static final String GONE = "board.watch.unlocked";
    /** Convicted, and nothing is saved yet. */
    private static final String UNSAVED = "board.verdict.published";
    /** What it has decided it says, however late it comes to it. */
    private static final Set<String> DECIDED =
            Set.of("board.verdict.reached", "board.verdict.record-zeroed", "board.verdict.record-stored");

    @Override
    public void play(Stage stage) throws Exception {
        Path incidents = stage.folder().resolve("incidents");
        Path old = Files.createDirectories(incidents.resolve("old"));
        Files.writeString(old.resolve("report.txt"), "what was saved long ago");
        boolean convicted;
        boolean tooLate = false;
        try (WatchedGroup group = WatchedGroup.start(stage.ledger(), stage.group())) {
            Jvm watchdog = stage.victim(WatchdogMain.class, group.directory().toString(), incidents.toString());
            boolean goesOn = stage.isRehearsal() || stage.label().equals(GONE);
            Act driver = stage.begin("driver", () -> group.all(watchdog, goesOn));
            if (stage.strike(watchdog::isDead)) {
                tooLate = group.struck() || DECIDED.contains(stage.label());
                inspect(stage, group);
            }
            group.inspected();
            driver.end(ALL);
            convicted = group.isConvicted();
            if (!stage.isKill()) {
                stage.expectDone("watchdog", watchdog, ALL);
            }
        }
        if (convicted && !tooLate && !stage.isRehearsal()) {
            stage.ledger().trouble("convicts a rank that had gone on while the watchdog stood still");
        }
        saved(stage, incidents, old, convicted);
        if (stage.label().equals(GONE)) {
            stage.begin("next group", GroupPlay.next(stage.ledger(), stage.group())::briefly).end(ALL);
        }
    }

    private static void inspect(Stage stage, WatchedGroup group) throws Exception {
        boolean ended = stage.label().equals(GONE);
        if (stage.isKill() && !ended) {
            next(stage, group);
        } else if (stage.isStop()) {
            if (!ended) {
                refused(stage, group);
            }
            if (stage.label().equals(UNSAVED)) {
                restarted(stage, group);
            }
            Linux.nanosleep(STOPPED.toNanos());
            stage.revive();
        }
    }

    /** Though who has convicted saves nothing. */
    private static void restarted(Stage stage, WatchedGroup group) {
        Path old = group.directory();
        group.inspected();
        if (Stage.until(RESTART, () -> !group.directory().equals(old))) {
            stage.ledger().tell("restarted meanwhile");
        } else {
            stage.ledger().trouble("the driver waits for a watchdog that stands still");
        }
    }

    private static void refused(Stage stage, WatchedGroup group) {
        Path directory = group.directory();
        try (Watchdog other = Watchdog.builder(directory).build()) {
            // after a restart it is another epoch's group, which nobody watches
            if (directory.equals(group.directory()) && Files.exists(directory)) {
                stage.ledger().trouble("a second watchdog was let in: " + other.roleName());
            }
        } catch (SegmentInUseException asItMustBe) {
            stage.ledger().tell("another is refused");
        } catch (RollcallException gone) {
            stage.ledger().tell("group restarted meanwhile");
        }
    }

    /** In the dead one's place; it comes to a group that is healthy, or has failed. */
    private static void next(Stage stage, WatchedGroup group) throws Exception {
        long start = System.nanoTime();
        try (Watchdog next = stage.ledger().within("attach", ATTACH, () -> attach(group))) {
            boolean convicted = group.isConvicted();
            boolean calm = Stage.until(NEXT, () -> {
                next.doWork();
                return next.health().ticks() >= TICKS && (group.isConvicted() || !isAnyoneSuspect(group));
            });
            if (!calm) {
                stage.ledger().trouble("what the dead one suspected stands: after="
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
            }
            if (!convicted && group.isConvicted()) {
                stage.ledger().trouble("the next watchdog convicts a healthy group");
            }
            stage.ledger().tell("the next watchdog attaches");
        }
    }

    /** The group may be restarting. */
    private static Watchdog attach(WatchedGroup group) {
        @Nullable Watchdog[] attached = {null};
        boolean _ = Stage.until(ATTACH.plus(Ledger.GRACE), () -> {
            Path directory = group.directory();
            try {
                attached[0] = Watchdog.builder(directory).build();
            } catch (SegmentInUseException refused) {
                throw refused;
            } catch (RollcallException gone) {
                return false;
            }
            return true;
        });
        Watchdog found = attached[0];
        if (found == null) {
            throw new IllegalStateException("no watchdog can attach: group=" + group.directory());
        }
        return found;
    }

    private static boolean isAnyoneSuspect(WatchedGroup group) {
        try (Board board = Board.open(group.directory().resolve("board"), true)) {
            return board.suspect() != null;
        } catch (RollcallException gone) {
            return false;
        }
    }

    private static void saved(Stage stage, Path incidents, Path old, boolean convicted) throws IOException {
        List<Path> listed = new IncidentStore(incidents).list().stream().map(IncidentStore.Entry::path).toList();
        for (Path each : listed.stream().filter(path -> !path.equals(old)).toList()) {
            boolean whole = IncidentReader.read(each).verdict().sequence() > 0 && Stream
                    .of("report.txt", "report.html", "machine.txt").allMatch(file -> Files.exists(each.resolve(file)));
            stage.ledger().tell("incident saved");
            if (!whole) {
                stage.ledger().trouble("an incident is not whole: " + each);
            }
        }
        try (Stream<Path> all = Files.list(incidents)) {
            for (Path each : all.filter(path -> !listed.contains(path)).toList()) {
                stage.ledger().tell("half saved");
                if (!each.toString().endsWith(PARTIAL) || !stage.isKill()) {
                    stage.ledger().trouble("a strange incident: " + each);
                }
            }
        }
        if (!stage.isKill() && convicted == listed.contains(old)) {
            stage.ledger()
                    .trouble("not saved, or the old one not let go: convicted=" + convicted + " listed=" + listed);
        }
    }
}
