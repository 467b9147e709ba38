package dev.rollcall.stress.kill;

import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A case with one deliberate fault, which must be reported: otherwise the harness could not have found it either.
 *
 * @param fault    what is wrong with it
 * @param played   at which step
 * @param scene    with the fault
 * @param sweeps   whether what the dead left is swept
 * @param expected what the report must say
 */
record Twin(String fault, Case played, Scene scene, boolean sweeps, String expected) {

    private static final Duration SOON = Duration.ofMillis(500);

    static List<Twin> all() {
        Case dead = new Case(Role.CREATOR, "group.create.life-locked", Fate.KILL);
        Case unknown = new Case(Role.READER, "no.such.step", Fate.STOP);
        Case stopped = new Case(Role.READER, "ring.join.positioned", Fate.STOP);
        return List.of(
                new Twin("nobody sweeps", dead, Role.CREATOR.scene(), false, "something is left"),
                new Twin("a descriptor is not closed", dead, Twin::forget, true, "anon_inode:[pidfd]"),
                new Twin("a survivor has no deadline", stopped, Twin::waitForEver, true, "hangs"),
                new Twin("the step is never reached", unknown, Role.READER.scene(), true, Stage.NOT_REACHED));
    }

    boolean isCaught(Result result) {
        return result.troubles().stream().anyMatch(trouble -> trouble.contains(expected));
    }

    private static void forget(Stage stage) {
        PidFd forgotten = PidFd.open(ProcessIdentity.self());
        stage.atEnd(() -> {
            if (forgotten != null) {
                forgotten.close();
            }
        });
    }

    private static void waitForEver(Stage stage) throws Exception {
        Jvm reader = stage.victim(ReaderMain.class, stage.folder().resolve("none").toString());
        CountDownLatch never = new CountDownLatch(1);
        stage.begin("writer", () -> {
            never.await();
            return !reader.isDead();
        }).end(SOON);
    }

    String row(boolean caught) {
        return "| twin | " + fault + " | | | | | | " + (caught ? "caught" : "NOT CAUGHT") + " |";
    }
}
