package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingConfig;
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
    private static final Duration STOPPED = Duration.ofMillis(600);
    private static final Duration ALL = Duration.ofSeconds(60);

    @Override
    public void play(Stage stage) throws Exception {
        Path file = stage.folder().resolve("ring");
        try (RingWriter writer = RingWriter.create(file,
                RingConfig.builder(Messages.RING_BYTES, 2).maxMessage(Messages.LONGEST).build())) {
            Jvm reader = stage.victim(ReaderMain.class, file.toString());
            Writing writing = new Writing(stage, writer);
            Act act = stage.begin("writer", writing::all);
            if (stage.strike(reader::isDead)) {
                writing.struck();
                if (stage.isStop()) {
                    Linux.nanosleep(STOPPED.toNanos());
                    stage.revive();
                }
            }
            act.end(ALL);
            if (stage.isKill()) {
                again(stage, file, writing.isClosed() ? null : writer);
            } else {
                stage.expectDone("reader", reader, ALL);
            }
        }
    }

    /** The slot of the dead can be joined again. */
    static void again(Stage stage, Path file, @Nullable RingWriter writer) {
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
}
