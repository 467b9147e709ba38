package dev.rollcall.tools.hangsim;

import dev.rollcall.rpc.WorkerContext;
import dev.rollcall.shm.os.Linux;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rank does to itself when told to. Worker loop thread only. */
final class Mischief {
    private static final long STALL_NANOS = 20_000_000_000L;
    private static final Duration SECTION_BOUND = Duration.ofSeconds(30);
    private static final int SLOWER = 10;
    private static final int MEGABYTE = 1 << 20;

    private final WorkerContext context;
    private final FaultOrder orders;
    private boolean done;
    private @Nullable LongCollection collection;

    Mischief(WorkerContext context, FaultOrder orders) {
        this.context = context;
        this.orders = orders;
    }

    /**
     * What is to go wrong in this call of execute; NONE as a rule. Begun by this, unless it takes effect later: times count
     * from where it does.
     */
    Fault beginInExecute(String costClass) {
        Fault fault = due(costClass);
        return switch (fault) {
            case LOST_REPLY, UNSEEN -> Fault.NONE;
            case LOOP_DEATH, SKIP, SWAP, SIZE -> fault;
            case COLLECT -> isHeapFilled() ? begin(fault) : Fault.NONE;
            default -> begin(fault);
        };
    }

    /**
     * The same in sample, the last call of a step. Its reply is one rank's alone: the reply that is lost must be; and the next
     * request comes at once, never to be seen.
     */
    void inSample(String costClass) {
        switch (due(costClass)) {
            case LOST_REPLY -> {
                StaleMapping.cutOff(context.directory().replyRingFile(context.rank()));
                begin(Fault.LOST_REPLY);
            }
            case UNSEEN -> {
                StaleMapping.cutOff(context.directory().requestRingFile());
                begin(Fault.UNSEEN);
            }
            default -> {
                return;
            }
        }
    }

    private Fault due(String costClass) {
        Fault fault = orders.mine(context.rank(), costClass);
        return done && !fault.isRepeated() ? Fault.NONE : fault;
    }

    Fault begin(Fault fault) {
        if (fault != Fault.NONE) {
            done = true;
            orders.begin(fault, context.rank());
        }
        return fault;
    }

    /** Does it at the start of the handler. What concerns the collectives or the pace is the caller's. */
    void perform(Fault fault) {
        switch (fault) {
            case SPIN -> Hangs.spin();
            case BLOCK, IGNORE_CANCEL -> Hangs.block();
            case DEADLOCK -> Hangs.deadlock();
            case SOCKET -> Hangs.readSocket();
            case FIFO -> Hangs.openFifo();
            case EXIT -> System.exit(3);
            case OVERFLOW -> throw new IllegalStateException("depth " + recurse(0));
            case EXHAUST -> throw new IllegalStateException("megabytes " + fillHeap());
            case LOOP_DEATH -> NativeCalls.endThisThread(() -> begin(fault));
            case SECTION -> {
                WorkerContext.Section section = context.section("compile kernels", SECTION_BOUND);
                Linux.nanosleep(STALL_NANOS);
                section.close();
            }
            case STALL_SLEEP -> Linux.nanosleep(STALL_NANOS);
            case STALL_BURN -> burn(STALL_NANOS);
            case COLLECT -> collect();
            default -> {
                return; // from outside, or in the collectives, or in the pace
            }
        }
    }

    /** How many times longer its kernels take. */
    static int slower(Fault fault) {
        return fault == Fault.STRAGGLE ? SLOWER : 1;
    }

    private static int recurse(int depth) {
        return depth < 0 ? depth : recurse(depth + 1) + 1;
    }

    private static int fillHeap() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[MEGABYTE]);
        }
        return all.size();
    }

    private static void burn(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    private boolean isHeapFilled() {
        if (collection == null) {
            collection = new LongCollection();
        }
        return collection.isReady();
    }

    private void collect() {
        if (collection != null) {
            orders.lasted(collection.collect());
            collection = null;
        }
    }
}
