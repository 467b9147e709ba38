package dev.rollcall.shm.board;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A verdict in {@code slot[sequence & 1]}: sequence zeroed first, stored last. The head word names the current one, 0 for none. */
final class VerdictRecord {
    private static final long REASON = 64;
    private static final int ATTEMPTS = 10_000;

    private VerdictRecord() {
    }

    static void write(MemorySegment m, long head, long slots, Verdict verdict) {
        long at = slots + (verdict.sequence() & 1) * BoardLayout.VERDICT_BYTES;
        Words.longOpaque(m, at, 0L);
        Steps.at("board.verdict.record-zeroed");
        VarHandle.releaseFence();
        Words.intOpaque(m, at + 8, verdict.kind().code());
        Words.intOpaque(m, at + 12, verdict.rank());
        Words.longOpaque(m, at + 16, verdict.callId());
        Words.longOpaque(m, at + 24, Double.doubleToRawLongBits(verdict.confidence()));
        Words.longOpaque(m, at + 32, verdict.victims());
        m.set(ValueLayout.JAVA_INT, at + 40,
                BoardLayout.putText(m, at + REASON, Verdict.MAX_REASON_BYTES, verdict.reason()));
        Words.longRelease(m, at, verdict.sequence());
        Steps.at("board.verdict.record-stored");
        Words.longRelease(m, head, verdict.sequence());
    }

    static @Nullable Verdict read(MemorySegment m, long head, long slots, Tier tier) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long sequence = Words.longAcquire(m, head);
            if (sequence == 0) {
                return null;
            }
            long at = slots + (sequence & 1) * BoardLayout.VERDICT_BYTES;
            boolean whole = Words.longAcquire(m, at) == sequence;
            int kind = Words.intOpaque(m, at + 8);
            int rank = Words.intOpaque(m, at + 12);
            long callId = Words.longOpaque(m, at + 16);
            double confidence = Double.longBitsToDouble(Words.longOpaque(m, at + 24));
            long victims = Words.longOpaque(m, at + 32);
            String reason = BoardLayout.text(m, at + REASON, Verdict.MAX_REASON_BYTES, Words.intOpaque(m, at + 40));
            VarHandle.acquireFence();
            if (whole && Words.longOpaque(m, at) == sequence) {
                return new Verdict(
                        sequence, tier, HangKind.of(kind), rank, callId, confidence, victims, reason,
                        incident(m, tier, sequence));
            }
            Thread.onSpinWait(); // two newer ones were written meanwhile: the head has moved
        }
        throw new IncompatibleSegmentException(
                "verdict is not readable: tier=" + tier + " sequence=" + Words.longAcquire(m, head));
    }

    private static String incident(MemorySegment m, Tier tier, long sequence) {
        if (tier != Tier.ACT || Words.longAcquire(m, BoardLayout.SEALED) != sequence) {
            return "";
        }
        String path = BoardLayout.text(
                m, BoardLayout.SEALED_PATH, BoardLayout.MAX_INCIDENT, Words.longOpaque(m, BoardLayout.SEALED_LENGTH));
        VarHandle.acquireFence();
        return Words.longOpaque(m, BoardLayout.SEALED) == sequence ? path : ""; // another verdict's was sealed meanwhile
    }
}
