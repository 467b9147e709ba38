package dev.rollcall.shm.board;

import dev.rollcall.shm.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A flight recorder: the last 256 events of one process. Records from one thread at a time; read by any observer, while the
 * owner runs, is stopped or dead. A slot's sequence is zeroed first and stored last.
 */
final class Flight {
    private final MemorySegment memory;
    private final long base;
    private long next;

    Flight(MemorySegment memory, long base) {
        this.memory = memory;
        this.base = base;
        this.next = Words.longOpaque(memory, base) + 1;
    }

    void record(FlightKind kind, long a, long b) {
        long at = event(base, next);
        Words.longOpaque(memory, at, 0L);
        VarHandle.releaseFence();
        Words.longOpaque(memory, at + 8, System.nanoTime());
        Words.longOpaque(memory, at + 16, a);
        Words.longOpaque(memory, at + 24, ((long) kind.code() << 56) | (b & 0x00ff_ffff_ffff_ffffL));
        Words.longRelease(memory, at, next);
        Words.longRelease(memory, base, next);
        next++;
    }

    static List<FlightEvent> read(MemorySegment memory, long base, long after) {
        long last = Words.longAcquire(memory, base);
        List<FlightEvent> events = new ArrayList<>();
        long count = Math.clamp(last - after, 0, Math.clamp(last, 0, BoardLayout.FLIGHT_SLOTS));
        for (long i = count - 1; i >= 0; i--) {
            long sequence = last - i;
            long at = event(base, sequence);
            long before = Words.longAcquire(memory, at);
            long nanoTime = Words.longOpaque(memory, at + 8);
            long a = Words.longOpaque(memory, at + 16);
            long kindAndB = Words.longOpaque(memory, at + 24);
            VarHandle.acquireFence();
            if (before == sequence && Words.longOpaque(memory, at) == sequence) {
                events.add(new FlightEvent(
                        sequence, nanoTime, FlightKind.of((int) (kindAndB >>> 56)), a, (kindAndB << 8) >> 8));
            }
        }
        return events;
    }

    private static long event(long base, long sequence) {
        return base + BoardLayout.FLIGHT_EVENTS
                + (sequence & (BoardLayout.FLIGHT_SLOTS - 1)) * BoardLayout.FLIGHT_BYTES;
    }
}
