package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Puts a message together that came in fragments. The reader's thread.
 *
 * <p>The first fragment discards whatever was unfinished: a writer that gave a message up needs no space to say so. A
 * fragment that does not continue what is at hand, because the reader came in the middle of the message, is passed over
 * until the next first one. The buffer grows with what has really arrived, never with what a header merely announces.
 */
final class FragmentAssembler {
    private static final long NONE = 0;
    private final CopyBuffer buffer = new CopyBuffer();
    private final long maxMessage;
    private long id = NONE;
    private long total;
    private long received;
    private int nextIndex;

    FragmentAssembler(long maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** Copies one fragment; the caller proves afterwards that what was copied was whole. */
    void accept(MemorySegment memory, long at, long length) {
        if (length < RingLayout.FRAGMENT_BYTES) {
            throw new IncompatibleSegmentException("fragment without its header: length=" + length);
        }
        int index = memory.get(ValueLayout.JAVA_INT, at + RingLayout.FRAGMENT_INDEX);
        long message = memory.get(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_ID);
        if (index == 0) {
            begin(message, memory.get(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_TOTAL));
        } else if (message != id || index != nextIndex) {
            id = NONE;
            return;
        }
        long bytes = length - RingLayout.FRAGMENT_BYTES;
        if (bytes > total - received) {
            throw new IncompatibleSegmentException(
                    "fragments exceed their message: totalBytes=" + total + " receivedBytes=" + (received + bytes));
        }
        long needed = received + bytes;
        MemorySegment target = buffer.memory();
        if (target.byteSize() < needed) {
            target = buffer.atLeast(Math.min(total, Math.max(2 * target.byteSize(), 8 * needed)), received);
        }
        MemorySegment.copy(memory, at + RingLayout.FRAGMENT_BYTES, target, received, bytes);
        received = needed;
        nextIndex++;
    }

    private void begin(long message, long bytes) {
        if (bytes < 0 || bytes > maxMessage) {
            throw new IncompatibleSegmentException(
                    "message is too long: totalBytes=" + bytes + " maxMessage=" + maxMessage);
        }
        id = message;
        total = bytes;
        received = 0;
        nextIndex = 0;
    }

    /** Whether all is there after the last fragment; a message missed in part never is. */
    boolean isComplete() {
        return id != NONE && received == total;
    }

    MemorySegment message() {
        return buffer.memory();
    }

    long length() {
        return total;
    }

    /** Takes the last fragment back: it will be read again. */
    void undo(long length) {
        received -= length - RingLayout.FRAGMENT_BYTES;
        nextIndex--;
    }
}
