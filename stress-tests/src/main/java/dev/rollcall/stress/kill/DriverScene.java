package dev.rollcall.stress.kill;

import dev.rollcall.shm.os.Linux;
import java.time.Duration;
import java.util.List;

/**
 * The driver is the victim; its workers live on. A killed driver's workers are gone soon, and the next group of that name finds
 * everything swept; a stopped one's wait for it, and its calls go on as if nothing had been.
 */
final class DriverScene implements Scene {
    /** "When the driver dies, the process is gone within two seconds", and one that is starting has to come up first. */
    private static final Duration WORKERS_GONE = Duration.ofSeconds(4);
    private static final Duration STOPPED = Duration.ofMillis(700);
    private static final Duration ALL = Duration.ofMinutes(2);

    @Override
    public void play(Stage stage) throws Exception {
        Jvm driver = stage.victim(DriverMain.class, stage.group());
        if (stage.strike(driver::isDead)) {
            if (stage.isKill()) {
                workersEnd(stage);
                stage.begin("next driver", GroupPlay.next(stage.ledger(), stage.group())::briefly).end(ALL);
                return;
            }
            List<Integer> before = Leaks.workersOf(stage.group());
            Linux.nanosleep(STOPPED.toNanos());
            List<Integer> after = Leaks.workersOf(stage.group());
            stage.ledger().tell("workers wait: " + after.size());
            if (!after.containsAll(before) && stage.label().startsWith("driver.call")) {
                stage.ledger().trouble("workers ended though their driver lives: before=" + before + " after=" + after);
            }
            stage.revive();
        }
        stage.expectDone("driver", driver, ALL);
    }

    private static void workersEnd(Stage stage) throws Exception {
        int orphans = Leaks.workersOf(stage.group()).size();
        boolean gone = stage.ledger().within("workers' end", WORKERS_GONE,
                () -> Stage.until(WORKERS_GONE.plus(Ledger.GRACE), () -> Leaks.workersOf(stage.group()).isEmpty()));
        stage.ledger().tell("orphans ended: " + orphans);
        if (!gone) {
            stage.ledger().trouble("orphans live on: " + Leaks.workersOf(stage.group()));
        }
    }
}
