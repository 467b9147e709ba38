package dev.rollcall.stress.bench.peer;

import java.io.File;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's ring buffer in a mapped file, one per reader: the writer writes each message once for each. */
final class AgronaTransport implements Transport {
    private static final int TYPE = 1;
    private static final int BATCH = 64;
    private final Settings settings;
    private final List<MappedByteBuffer> mapped = new ArrayList<>();

    AgronaTransport(Settings settings) {
        this.settings = settings;
    }

    private OneToOneRingBuffer ring(String channel, int reader, int longest, boolean create) {
        File file = settings.directory().resolve(channel + "-" + reader).toFile();
        long bytes = (longest > LARGE ? 16L << 20 : 1L << 20) + RingBufferDescriptor.TRAILER_LENGTH;
        MappedByteBuffer buffer = create ? IoUtil.mapNewFile(file, bytes) : IoUtil.mapExistingFile(file, "ring");
        mapped.add(buffer);
        return new OneToOneRingBuffer(new UnsafeBuffer(buffer));
    }

    @Override
    public Outlet outlet(String channel, int readers, int longest) {
        OneToOneRingBuffer[] rings = new OneToOneRingBuffer[readers];
        for (int i = 0; i < readers; i++) {
            rings[i] = ring(channel, i, longest, true);
        }
        IdleStrategy idle = settings.idle();
        return new Outlet() {
            @Override
            public void awaitReaders() {
                // whoever comes later finds everything in its ring
            }

            @Override
            public void send(UnsafeBuffer message, int length) {
                for (OneToOneRingBuffer ring : rings) {
                    while (!ring.write(TYPE, message, 0, length)) {
                        idle.idle();
                    }
                }
                idle.reset();
            }
        };
    }

    @Override
    public Inlet inlet(String channel, int reader, int longest) {
        OneToOneRingBuffer ring = ring(channel, reader, longest, false);
        Forward forward = new Forward();
        MessageHandler messages = (type, buffer, offset, length) -> forward.to.onMessage(buffer, offset, length);
        return handler -> {
            forward.to = handler;
            return ring.read(messages, BATCH);
        };
    }

    private static final class Forward {
        private Handler to = (buffer, offset, length) -> {
        };
    }

    @Override
    public void close() {
        mapped.forEach(IoUtil::unmap);
        mapped.clear();
    }
}
