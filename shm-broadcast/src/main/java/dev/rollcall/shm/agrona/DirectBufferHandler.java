package dev.rollcall.shm.agrona;

import dev.rollcall.shm.FrameHandler;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sees one message as an Agrona buffer, for SBE decoders and the like. Called on the reader's thread. Agrona's buffers need a
 * JVM flag of their own ({@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED}); the ring needs none.
 */
@FunctionalInterface
public interface DirectBufferHandler {
    /**
     * One message.
     *
     * @param typeId as the writer gave it
     * @param buffer wraps the message, valid during this call only
     * @param offset of the payload in {@code buffer}
     * @param length of the payload, bytes
     */
    void onFrame(int typeId, DirectBuffer buffer, int offset, int length);

    /**
     * Makes such a handler fit a reader. Allocates nothing per message.
     *
     * @param handler sees the messages
     * @return for {@code RingReader.poll}, one thread
     */
    static FrameHandler adapt(DirectBufferHandler handler) {
        UnsafeBuffer view = new UnsafeBuffer(0, 0);
        return (typeId, memory, offset, length) -> {
            view.wrap(memory.address() + offset, Math.toIntExact(length));
            handler.onFrame(typeId, view, 0, (int) length);
        };
    }
}
