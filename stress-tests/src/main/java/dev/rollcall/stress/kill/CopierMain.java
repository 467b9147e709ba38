package dev.rollcall.stress.kill;

import dev.rollcall.shm.ReaderEvictedException;
import dev.rollcall.shm.RingClosedException;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Joins a copy-out ring and reads to its end; evicted, it says after how many messages, and comes back. */
public final class CopierMain {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long SLOW_NANOS = 30_000_000;
    private static final int SLOW_EVERY = 16;

    private final Path told;
    private long next;
    private long handled;
    private boolean joinedAgain;

    private CopierMain(Path told) {
        this.told = told;
    }

    public static void main(String[] args) {
        Part.play(() -> new CopierMain(Path.of(args[1])).read(Path.of(args[0])));
    }

    /** What it says of an eviction. */
    static String evictedAfter(long messages) {
        return "evicted after " + messages + "\n";
    }

    private void read(Path file) throws IOException {
        try (RingReader reader = RingReader.join(file, ReaderMain.SLOT)) {
            while (true) {
                try {
                    readOn(reader);
                } catch (ReaderEvictedException evicted) {
                    Files.writeString(told, evictedAfter(handled), StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                    joinedAgain = true;
                    reader.rejoin();
                }
            }
        } catch (RingClosedException end) {
            if (next != Messages.COUNT) {
                throw new IllegalStateException("messages are missing: read=" + next + " of=" + Messages.COUNT, end);
            }
        }
    }

    private void readOn(RingReader reader) {
        while (reader.await(PATIENCE_NANOS)) {
            int _ = reader.poll((_, buffer, offset, length) -> message(buffer, offset, length), 3);
            if (handled % SLOW_EVERY == 0) {
                Linux.nanosleep(SLOW_NANOS); // so that the writer finds the ring full
            }
        }
    }

    /** Without a gap, but where it was away: nothing that was written meanwhile is its own. */
    private void message(MemorySegment buffer, long offset, long length) {
        if (joinedAgain) {
            long number = buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
            if (number < next || number >= Messages.COUNT) {
                throw new IllegalStateException("a message of while it was away: number=" + number + " next=" + next);
            }
            next = number;
            joinedAgain = false;
        }
        Messages.check(next, buffer, offset, length);
        next++;
        handled++;
    }
}
