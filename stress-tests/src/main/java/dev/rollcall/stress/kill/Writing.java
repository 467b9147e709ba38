package dev.rollcall.stress.kill;

import dev.rollcall.shm.RingFullException;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.os.Linux;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** The side of this process while a reader is the victim: all messages, on a thread of its own. */
class Writing {
    private static final Duration WRITE = Duration.ofMillis(300);
    private static final Duration JOIN = Duration.ofMillis(500);
    private static final Duration ALL = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 60_000_000;
    private static final int PAUSED = 30;

    private final Stage stage;
    private final RingWriter writer;
    private volatile boolean struck;
    private volatile boolean closed;

    Writing(Stage stage, RingWriter writer) {
        this.stage = stage;
        this.writer = writer;
    }

    /** The victim has its signal. */
    final void struck() {
        struck = true;
    }

    final boolean isStruck() {
        return struck;
    }

    final boolean isClosed() {
        return closed;
    }

    /** Before each try to write that message. */
    void before(int number) throws Exception {
        // for one that does more than write
    }

    final boolean all() throws Exception {
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

    final boolean awaitReader() throws Exception {
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

    final void write(int number) throws Exception {
        MemorySegment message = Messages.message(number);
        long start = System.nanoTime();
        while (true) {
            before(number);
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
