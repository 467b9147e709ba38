package dev.rollcall.stress.kill;

import dev.rollcall.shm.ReaderEvictedException;
import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a ring is the victim, this process reads. A killed writer's ring ends for its reader after all that was
 * published; a stopped one's waits end at their deadlines, and everything comes once it goes on.
 */
final class WriterScene implements Scene {
    /** Before the ring has had a writer: there is nobody whose death could be told. */
    private static final Set<String> BEFORE = Set.of("file.create.opened", "file.create.reserved",
            "ring.create.fields-stored", "ring.own.locked");
    private static final Duration AWAIT = Duration.ofMillis(200);
    private static final Duration STOPPED = Duration.ofMillis(600);
    private static final Duration ALL = Duration.ofSeconds(60);
    private static final int WAITS_FOR_NOBODY = 5;
    private static final long SLOW_NANOS = 20_000_000;
    private static final int SLOW_EVERY = 16;

    @Override
    public void play(Stage stage) throws Exception {
        Path file = stage.folder().resolve("ring");
        Jvm writer = stage.victim(WriterMain.class, file.toString());
        Reading reading = new Reading(stage, file);
        Act act = stage.begin("reader", reading::all);
        if (stage.strike(writer::isDead)) {
            reading.struck = true;
            if (stage.isStop()) {
                Linux.nanosleep(STOPPED.toNanos());
                stage.revive();
            }
        }
        act.end(ALL);
        if (stage.isKill()) {
            again(stage, file);
        } else {
            stage.expectDone("writer", writer, ALL);
        }
    }

    /** The ring is not taken over; a new one in its place works. */
    private static void again(Stage stage, Path file) throws Exception {
        boolean had = !BEFORE.contains(stage.label());
        if (had) {
            try {
                RingWriter.own(file).close();
                stage.ledger().trouble("the dead writer's ring was adopted");
            } catch (RingClosedException refused) {
                stage.ledger().tell("its ring is not adopted");
            }
        }
        Files.deleteIfExists(file);
        try (RingWriter next = RingWriter.create(file, WriterMain.config());
                RingReader reader = RingReader.join(file, WriterMain.READER)) {
            MemorySegment message = Messages.message(1);
            next.write(Messages.TYPE, message, 0, message.byteSize(), 0);
            if (reader.poll((_, buffer, offset, length) -> Messages.check(1, buffer, offset, length), 1) != 1) {
                stage.ledger().trouble("a new ring does not work");
            }
        }
    }

    /** This process's side, on a thread of its own. */
    private static final class Reading {
        private final Stage stage;
        private final Path file;
        private volatile boolean struck;
        private long next;

        Reading(Stage stage, Path file) {
            this.stage = stage;
            this.file = file;
        }

        boolean all() throws Exception {
            try (RingReader reader = join(WriterMain.READER); RingReader idler = join(WriterMain.IDLER)) {
                if (reader == null || idler == null) {
                    stage.ledger().tell("no ring to join");
                    return true;
                }
                String end = read(reader);
                stage.ledger().tell("reader: " + end);
                if (!stage.isKill() && next != Messages.COUNT) {
                    stage.ledger().trouble("messages are missing: read=" + next + " of=" + Messages.COUNT);
                }
                if (next == Messages.COUNT) {
                    evicted(idler);
                }
            }
            return true;
        }

        private void evicted(RingReader idler) {
            try {
                int _ = idler.poll((_, _, _, _) -> stage.ledger().trouble("an evicted reader got a message"), 1);
                stage.ledger().trouble("the idle reader was not evicted");
            } catch (ReaderEvictedException told) {
                // as it must be
            }
        }

        /** Null when there will be none. */
        private @Nullable RingReader join(int slot) {
            @Nullable RingReader[] joined = {null};
            boolean _ = Stage.until(ALL, () -> {
                boolean late = stage.isKill() && struck; // looked at before the last try
                joined[0] = tryJoin(slot);
                return joined[0] != null || late;
            });
            return joined[0];
        }

        private @Nullable RingReader tryJoin(int slot) {
            if (!Files.exists(file)) {
                return null;
            }
            try {
                return RingReader.join(file, slot);
            } catch (RollcallException incomplete) {
                return null;
            }
        }

        private String read(RingReader reader) throws Exception {
            int vain = 0;
            try {
                while (true) {
                    if (stage.ledger().within("await", AWAIT, () -> reader.await(AWAIT.toNanos()))) {
                        int _ = reader.poll((_, buffer, offset, length) -> {
                            Messages.check(next, buffer, offset, length);
                            next++;
                        }, 1);
                        if (next % SLOW_EVERY == 0) {
                            Linux.nanosleep(SLOW_NANOS); // so that the writer finds the ring full
                        }
                        vain = 0;
                    } else if (stage.isKill() && struck && BEFORE.contains(stage.label())
                            && ++vain == WAITS_FOR_NOBODY) {
                        return "waits in vain for a first writer";
                    }
                }
            } catch (RingClosedException end) {
                return stage.isKill() && String.valueOf(end.getMessage()).contains("state=died")
                        ? "told that the writer died"
                        : "told that the ring was closed";
            }
        }
    }
}
