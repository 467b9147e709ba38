package dev.rollcall.tools.soak;

import dev.rollcall.rpc.CallTimeoutException;
import dev.rollcall.rpc.RemoteCallException;
import dev.rollcall.rpc.ReplyHandler;
import dev.rollcall.shm.RollcallException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.jspecify.annotations.Nullable;

/** Every call, and how it ended. Any thread. */
final class Ledger {
    private static final long LONGEST_MICROS = 3_600_000_000L;
    private static final long NANOS_PER_MICRO = 1_000;

    private final int workers;
    private final Semaphore free;
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong endedTwice = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final Set<Entry> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Set<String> unexpected = ConcurrentHashMap.newKeySet();
    private final Histogram micros = new SynchronizedHistogram(LONGEST_MICROS, 3);

    Ledger(int workers, Semaphore free) {
        this.workers = workers;
        this.free = free;
    }

    Entry open(CallKind kind, int extra, int replyRank) {
        Entry entry = new Entry(made.incrementAndGet(), kind, extra, replyRank);
        open.add(entry);
        return entry;
    }

    long made() {
        return made.get();
    }

    long ended() {
        return ended.get();
    }

    long endedTwice() {
        return endedTwice.get();
    }

    /** Replies of another call, torn, missing or too many; and ends that cannot be. */
    long wrong() {
        return wrong.get();
    }

    int stillOpen() {
        return open.size();
    }

    /** Failures that are nobody's doing. */
    Set<String> unexpected() {
        return Set.copyOf(unexpected);
    }

    Map<String, Long> outcomes() {
        synchronized (outcomes) {
            return new TreeMap<>(outcomes);
        }
    }

    /** Of calls that ended with replies, restarts in between included; microseconds. */
    Histogram latencies() {
        return micros.copy();
    }

    /** One call. Its replies and its end come on the completion threads, one at a time. */
    final class Entry implements ReplyHandler {
        private final long number;
        private final CallKind kind;
        private final int extra;
        private final int replyRank;
        private final long startNanos = System.nanoTime();
        private final AtomicInteger replies = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();

        private Entry(long number, CallKind kind, int extra, int replyRank) {
            this.number = number;
            this.kind = kind;
            this.extra = extra;
            this.replyRank = replyRank;
        }

        MemorySegment request() {
            return Payload.request(number, extra);
        }

        @Override
        public void onReply(int rank, MemorySegment buffer, long offset, long length) {
            int before = replies.getAndIncrement();
            boolean asked = replyRank < 0 ? rank == before : rank == replyRank && before == 0;
            if (!asked || ends.get() > 0 || !Payload.isReply(buffer, offset, length, number, extra, rank)) {
                wrong.incrementAndGet();
            }
        }

        @Override
        public void onEnd(@Nullable Throwable error) {
            if (ends.incrementAndGet() > 1) {
                endedTwice.incrementAndGet();
                return;
            }
            Throwable why = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
            if (why == null) {
                completed();
            } else if (!(why instanceof RollcallException || why instanceof CancellationException)) {
                unexpected.add(why.toString());
            } else if (replies.get() > 0 || (why instanceof RemoteCallException && kind != CallKind.THROW)) {
                wrong.incrementAndGet();
            }
            synchronized (outcomes) {
                outcomes.merge(word(why), 1L, Long::sum);
            }
            ended.incrementAndGet();
            open.remove(this);
            free.release();
        }

        private void completed() {
            // Half of what throws asks a rank that a group of one does not have.
            boolean mayComplete = kind != CallKind.THROW || (workers == 1 && number % 2 == 1);
            if (!mayComplete || replies.get() != (replyRank < 0 ? workers : 1)) {
                wrong.incrementAndGet();
            }
            micros.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - startNanos) / NANOS_PER_MICRO));
        }

        private static String word(@Nullable Throwable why) {
            return switch (why) {
                case null -> "completed";
                case CancellationException cancelled -> "cancelled";
                case CallTimeoutException late -> "timed out";
                case RemoteCallException thrown -> "threw";
                default -> why.getClass().getSimpleName();
            };
        }
    }
}
