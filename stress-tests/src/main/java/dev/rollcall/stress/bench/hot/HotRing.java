package dev.rollcall.stress.bench.hot;

import dev.rollcall.shm.FrameHandler;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.stress.support.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A ring as users get it, wake-ups included, its writer and readers in one thread, each with a mapping of its own. */
final class HotRing implements AutoCloseable {
    private static final long CAPACITY = 1 << 20;
    private static final int TYPE = 7;
    private static final int LARGEST = 4096;

    private final RingWriter writer;
    private final RingReader[] readers;
    private final MemorySegment source = Arena.ofAuto().allocate(LARGEST, Long.BYTES);
    private final FrameHandler handler = (type, buffer, offset, length) -> take(buffer, offset);
    private long sum;

    HotRing(int readers) {
        Path file = Scratch.newFile();
        writer = RingWriter.create(file, RingConfig.of(CAPACITY, Math.max(1, readers)));
        this.readers = IntStream.range(0, readers).mapToObj(slot -> RingReader.join(file, slot))
                .toArray(RingReader[]::new);
        Scratch.unlink(file);
    }

    private void take(MemorySegment buffer, long offset) {
        sum += buffer.get(ValueLayout.JAVA_LONG, offset);
    }

    /** One message to every reader. */
    long offerAndPoll(int bytes) {
        if (writer.offer(TYPE, source, 0, bytes) < 0) {
            throw new IllegalStateException("no space: lags=" + writer.lags());
        }
        for (RingReader reader : readers) {
            if (reader.poll(handler, 1) != 1) {
                throw new IllegalStateException("no message");
            }
        }
        return sum;
    }

    /** Publishes a frame without a payload of its own. */
    long claimAndCommit(int bytes) {
        long at = writer.tryClaim(bytes);
        if (at < 0) {
            throw new IllegalStateException("no space: lags=" + writer.lags());
        }
        writer.commit(TYPE);
        return at;
    }

    @Override
    public void close() {
        for (RingReader reader : readers) {
            reader.close();
        }
        writer.close();
    }
}
