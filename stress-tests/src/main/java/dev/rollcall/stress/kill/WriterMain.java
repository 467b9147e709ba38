package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.os.Linux;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Makes a ring, waits for two readers, evicts the second, writes all messages and closes. */
public final class WriterMain {
    /** Reads. */
    static final int READER = 0;
    /** Only holds the writer up. */
    static final int IDLER = 1;

    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long PAUSE_NANOS = 60_000_000;
    private static final int ABORTED = 10;
    private static final int PAUSED = 30;
    private static final int BATCHED = 50;

    private WriterMain() {
    }

    public static void main(String[] args) {
        Part.play(() -> write(Path.of(args[0])));
    }

    static RingConfig config() {
        return RingConfig.builder(Messages.RING_BYTES, 2).copyOut(true).maxMessage(Messages.LONGEST).build();
    }

    private static void write(Path file) {
        try (RingWriter writer = RingWriter.create(file, config())) {
            if (!writer.awaitReaders(2, PATIENCE_NANOS)) {
                throw new IllegalStateException("no readers");
            }
            boolean idlerThere = true;
            for (int number = 0; number < Messages.COUNT; number++) {
                MemorySegment message = Messages.message(number);
                boolean full = message.byteSize() <= writer.maxPayload()
                        && writer.offer(Messages.TYPE, message, 0, message.byteSize()) < 0;
                if (full && idlerThere) {
                    idlerThere = !writer.evict(IDLER);
                }
                if (full || message.byteSize() > writer.maxPayload()) {
                    writer.write(Messages.TYPE, message, 0, message.byteSize(), PATIENCE_NANOS);
                }
                between(writer, number);
            }
        }
    }

    private static void between(RingWriter writer, int number) {
        switch (number) {
            case ABORTED -> {
                if (writer.tryClaim(8) >= 0) {
                    writer.abort();
                }
            }
            case PAUSED -> Linux.nanosleep(PAUSE_NANOS); // the readers fall asleep
            case BATCHED -> {
                RingWriter.Batch batch = writer.batch();
                batch.close();
            }
            default -> {
                // on
            }
        }
    }
}
