package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A reader of a copy-out ring is the victim, this process writes. Stopped, it loses its slot, and what it was reading or had just
 * copied is written over; once it goes on it must say that it was evicted before it acts on anything, and reads on from where
 * it joins again.
 */
final class CopierScene implements Scene {
    private static final String FRAME_COPIED = "ring.poll.frame-copied";
    private static final String FRAGMENT_COPIED = "ring.poll.fragment-copied";
    private static final String ACTIVE = "ring.join.active";
    private static final Duration STOPPED = Duration.ofMillis(600);
    private static final Duration ALL = Duration.ofSeconds(60);

    @Override
    public void play(Stage stage) throws Exception {
        Path file = stage.folder().resolve("ring");
        Path told = stage.folder().resolve("told");
        try (RingWriter writer = RingWriter.create(file, WriterMain.config())) {
            Jvm reader = stage.victim(CopierMain.class, file.toString(), told.toString());
            Evicting writing = new Evicting(stage, writer);
            Act act = stage.begin("writer", writing::all);
            if (stage.strike(reader::isDead)) {
                writing.struck();
                if (stage.isStop()) {
                    standStill(stage, writing, act);
                    stage.revive();
                }
            }
            act.end(ALL);
            if (stage.isKill()) {
                ReaderScene.again(stage, file, writing.isClosed() ? null : writer);
            } else {
                stage.expectDone("reader", reader, ALL);
                check(stage, writing, told);
            }
        }
    }

    /** Until it is evicted and its frames are gone; who has not joined cannot be, and who is leaving need not. */
    private static void standStill(Stage stage, Evicting writing, Act act) {
        if (stage.label().startsWith("ring.join") && !stage.label().equals(ACTIVE)) {
            Linux.nanosleep(STOPPED.toNanos());
        } else if (!Stage.until(ALL, () -> writing.overwritten || act.isDone())) {
            stage.ledger().trouble("the writer evicts nobody");
        }
    }

    private static void check(Stage stage, Evicting writing, Path told) throws IOException {
        String said = Files.exists(told) ? Files.readString(told) : "";
        if (said.isEmpty() == writing.overwritten) {
            stage.ledger().trouble("evicted=" + writing.overwritten + " but the reader said: " + said);
        }
        if (writing.overwritten) {
            stage.ledger().tell("evicted reader told, and back");
            int before = switch (stage.label()) {
                case FRAME_COPIED -> 0; // the first
                case FRAGMENT_COPIED -> Messages.FIRST_FRAGMENTED;
                default -> -1;
            };
            if (before >= 0 && !said.equals(CopierMain.evictedAfter(before))) {
                stage.ledger().trouble("it acted on what it had copied, or not on what was its own: expected=" + before
                        + " said: " + said);
            }
        }
    }

    /** Takes the slot of the one that stands still, once, and writes over all it could have been reading. */
    private static final class Evicting extends Writing {
        private static final int FOREIGN = 1000;
        private static final int FOREIGN_COUNT = 24;

        private final Stage stage;
        private final RingWriter writer;
        private volatile boolean overwritten;

        Evicting(Stage stage, RingWriter writer) {
            super(stage, writer);
            this.stage = stage;
            this.writer = writer;
        }

        @Override
        void before(int number) throws Exception {
            if (overwritten || !stage.isStop() || !isStruck() || !writer.evict(ReaderMain.SLOT)) {
                return;
            }
            for (int i = FOREIGN; i < FOREIGN + FOREIGN_COUNT; i++) {
                MemorySegment message = Messages.message(i);
                writer.write(Messages.TYPE, message, 0, message.byteSize(), 0);
            }
            overwritten = true;
            boolean _ = awaitReader();
        }
    }
}
