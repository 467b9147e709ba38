package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.os.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A reader is the victim, this process writes. A killed reader's slot is taken away and may be joined again; a stopped one
 * holds the writer up, whose exception names it, and reads everything once it goes on.
 */
final class ReaderScene implements Scene {
    private static final Duration WRITE = Duration.ofMillis(300);
    private static final Duration JOIN = Duration.ofMillis(500);
    private static final Duration STOPPED = Duration.ofMillis(600);
    private static final Duration ALL = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 60_000_000;
    private static final int PAUSED = 30;

    @Override
    public void play(Stage stage) throws Exception {
        Path file = stage.folder().resolve("ring");
        try (RingWriter writer = RingWriter.create(file,
                RingConfig.builder(Messages.RING_BYTES, 2).maxMessage(Messages.LONGEST).build())) {
            Jvm reader = stage.victim(ReaderMain.class, file.toString());
            Writing writing = new Writing(stage, writer);
            Act act = stage.begin("writer", writing::all);
            if (stage.strike(reader::isDead)) {
                writing.struck = true;
                if (stage.isStop()) {
                    Linux.nanosleep(STOPPED.toNanos());
                    stage.revive();
                }
            }
            act.end(ALL);
            if (stage.isKill()) {
                again(stage, file, writing.closed ? null : writer);
            } else {
                stage.expectDone("reader", reader, ALL);
            }
        }
    }

    /** The slot of the dead can be joined again. */
    private static void again(Stage stage, Path file, @Nullable RingWriter writer) {
        try (RingReader next = RingReader.join(file, ReaderMain.SLOT)) {
            if (writer == null) {
                return;
            }
            MemorySegment message = Messages.message(1);
            writer.write(Messages.TYPE, message, 0, message.byteSize(), 0);
            if (next.poll((_, buffer, offset, length) -> Messages.check(1, buffer, offset, length), 1) != 1) {
                stage.ledger().trouble("the next reader in the slot reads nothing");
            }
        }
    }

    /** This process's side, on a thread of its own. */
    private static final class Writing {
        private final Stage stage;
        private final RingWriter writer;
        private volatile boolean struck;
        private volatile boolean closed;

        Writing(Stage stage, RingWriter writer) {
            this.stage = stage;
            this.writer = writer;
        }

        boolean all() throws Exception {
            if (!awaitReader()) {
                stage.ledger().tell("nobody joins");
                return true;
            }
            for (int number = 0; number < Messages.COUNT; number++) {
                write(number);
                if (number == PAUSED) {
                    Linux.nanosleep(PAUSE_NANOS); // the reader falls asleep
                }
            }
            if (!struck || stage.isStop()) { // a reader that is to die leaving has to be told to leave
                writer.close();
                closed = true;
            }
            stage.ledger().tell("writer: all written");
            return true;
        }

        private boolean awaitReader() throws Exception {
            long start = System.nanoTime();
            while (System.nanoTime() - start < ALL.toNanos()) {
                boolean late = stage.isKill() && struck; // looked at before the last wait
                if (stage.ledger().within("awaitReaders", JOIN, () -> writer.awaitReaders(1, JOIN.toNanos()))) {
                    return true;
                }
                if (late) {
                    return false;
                }
            }
            stage.ledger().trouble("no reader joined");
            return false;
        }

        private void write(int number) throws Exception {
            MemorySegment message = Messages.message(number);
            long start = System.nanoTime();
            while (true) {
                boolean late = stage.isKill() && struck;
                try {
                    stage.ledger().within("write", WRITE, () -> {
                        writer.write(Messages.TYPE, message, 0, message.byteSize(), WRITE.toNanos());
                        return true;
                    });
                    return;
                } catch (RingFullException full) {
                    held(full, late);
                }
                if (System.nanoTime() - start > ALL.toNanos()) {
                    throw new IllegalStateException("ring stays full: message=" + number);
                }
            }
        }

        private void held(RingFullException full, boolean late) {
            boolean named = full.holders().size() == 1 && full.holders().getFirst().slot() == ReaderMain.SLOT;
            if (!named || (stage.victimPid() != 0 && full.holders().getFirst().pid() != stage.victimPid())) {
                stage.ledger().trouble("another than the reader is named: " + full.getMessage());
            }
            if (late) {
                stage.ledger().trouble("a dead reader holds the writer up: " + full.getMessage());
            }
            stage.ledger().tell("writer told who holds it");
        }
    }
}
