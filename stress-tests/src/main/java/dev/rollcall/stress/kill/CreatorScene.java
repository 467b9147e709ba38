package dev.rollcall.stress.kill;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.GroupRoots;
import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.os.Linux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Who makes and removes a group's files is the victim, this process makes another group beside it, in a folder of their own. What a
 * killed one left is swept by the next who makes a group; a stopped one's files stay, and it goes on as if nothing had been.
 */
final class CreatorScene implements Scene {
    /** What a creator waits for another that holds the folder. */
    private static final Duration LOCKED = Duration.ofSeconds(5);
    private static final Duration STOPPED = Duration.ofMillis(300);
    private static final Duration ALL = Duration.ofSeconds(60);

    @Override
    public void play(Stage stage) throws Exception {
        Path root = stage.folder().resolve("root");
        Jvm creator = stage.victim(CreatorMain.class, root.toString());
        if (stage.strike(creator::isDead)) {
            stage.begin("another creator", () -> another(stage, root)).end(ALL);
            if (stage.isStop()) {
                Linux.nanosleep(STOPPED.toNanos());
                stage.revive();
            }
        }
        if (!stage.isKill()) {
            stage.expectDone("creator", creator, ALL);
        } else if (stage.sweeps()) {
            CreatorMain.makeAndRemove(root); // the same name and epoch
        }
        if (Files.exists(root)) {
            GroupDirectory.SweepReport swept = stage.sweeps() ? GroupRoots.sweep(root) : null;
            stage.ledger().trouble("something is left in " + root + " sweep=" + swept);
        }
    }

    /** Beside a living creator, or instead of a dead one. */
    private static boolean another(Stage stage, Path root) throws Exception {
        if (!stage.sweeps()) {
            return true;
        }
        try (GroupDirectory other =
                stage.ledger().within("create", LOCKED, () -> GroupRoots.create(root, "other", 1))) {
            boolean living = stage.label().equals("group.create.life-locked") || stage.label().startsWith("board")
                    || stage.label().startsWith("ring");
            if (stage.isStop() && living && !Files.exists(root.resolve(CreatorMain.GROUP + "-" + CreatorMain.EPOCH))) {
                stage.ledger().trouble("a living group was swept");
            }
            stage.ledger().tell(other.isLive() ? "another group is made beside it" : "another group is not alive");
        } catch (SegmentInUseException locked) {
            stage.ledger().tell("another creator is told to wait");
            if (stage.isKill()) {
                stage.ledger().trouble("a dead creator keeps others out: " + locked.getMessage());
            }
        }
        return true;
    }
}
