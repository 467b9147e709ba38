package dev.rollcall.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** A message cut into fragments. The writer's thread. */
final class Fragments {
    private final long id;
    private final MemorySegment whole;
    private final int most;

    private Fragments(long id, MemorySegment whole, int most) {
        this.id = id;
        this.whole = whole;
        this.most = most;
    }

    static Fragments of(long id, MemorySegment whole, int most) {
        return new Fragments(id, whole, most);
    }

    void forEach(Consumer<Part> send) {
        int index = 0;
        for (long at = 0; at < whole.byteSize(); at += most) {
            send.accept(new Part(id, whole, at, (int) Math.min(most, whole.byteSize() - at), index++));
        }
    }

    /** One fragment: {@code bytes} of the whole message {@code source} from {@code offset} on. */
    record Part(long id, MemorySegment source, long offset, int bytes, int index) {
        boolean isLast() {
            return offset + bytes == source.byteSize();
        }

        void header(MemorySegment m, long at) {
            m.set(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_ID, id);
            m.set(ValueLayout.JAVA_LONG, at + RingLayout.FRAGMENT_TOTAL, source.byteSize());
            m.set(ValueLayout.JAVA_INT, at + RingLayout.FRAGMENT_INDEX, index);
            m.set(ValueLayout.JAVA_INT, at + RingLayout.FRAGMENT_INDEX + 4, 0);
        }
    }
}
