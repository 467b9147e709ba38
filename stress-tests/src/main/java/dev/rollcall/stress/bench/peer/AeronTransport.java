package dev.rollcall.stress.bench.peer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron IPC. The media driver is a process of its own, with one thread; its processor time is nobody's. */
final class AeronTransport implements Transport {
    private static final int FRAGMENTS = 16;
    private static final int FIRST_STREAM = 1000;
    private final Settings settings;
    private final Aeron aeron;

    AeronTransport(Settings settings) {
        this.settings = settings;
        this.aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory(settings)));
    }

    private static String directory(Settings settings) {
        return settings.directory().resolve("aeron").toString();
    }

    /** Until it is closed, this process is the media driver. */
    static MediaDriver driver(Settings settings) {
        Path directory = Path.of(directory(settings));
        return MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString())
                .dirDeleteOnStart(true).threadingMode(ThreadingMode.SHARED));
    }

    private static String uri(int longest) {
        return longest > LARGE ? "aeron:ipc?term-length=16m|mtu=65504" : "aeron:ipc?term-length=1m|mtu=8k";
    }

    private static int stream(String channel) {
        return FIRST_STREAM + Math.floorMod(channel.hashCode(), 100_000);
    }

    @Override
    public Outlet outlet(String channel, int readers, int longest) {
        ExclusivePublication publication = aeron.addExclusivePublication(uri(longest), stream(channel));
        IdleStrategy idle = settings.idle();
        return new Outlet() {
            @Override
            public void awaitReaders() {
                Patience.await("subscribers of " + channel, publication::isConnected);
            }

            @Override
            public void send(UnsafeBuffer message, int length) {
                long position = publication.offer(message, 0, length);
                while (position < 0) {
                    if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                        throw new IllegalStateException("publication has ended: code=" + position);
                    }
                    idle.idle();
                    position = publication.offer(message, 0, length);
                }
                idle.reset();
            }
        };
    }

    @Override
    public Inlet inlet(String channel, int reader, int longest) {
        Subscription subscription = aeron.addSubscription(uri(longest), stream(channel));
        Patience.await("image of " + channel, () -> subscription.imageCount() > 0);
        Forward forward = new Forward();
        FragmentAssembler assembler = new FragmentAssembler(
                (buffer, offset, length, header) -> forward.to.onMessage(buffer, offset, length));
        return handler -> {
            forward.to = handler;
            return subscription.poll(assembler, FRAGMENTS);
        };
    }

    private static final class Forward {
        private Handler to = (buffer, offset, length) -> {
        };
    }

    @Override
    public void close() {
        aeron.close();
    }
}
