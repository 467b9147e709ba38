package dev.rollcall.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.ThreadMXBean;

import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.board.CollectiveMarks;
import dev.rollcall.shm.os.Linux;

/** Does what the tests ask for. */
public final class TestWorker implements Worker {

    static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private int rank;
    private long cancelSeen;
    private long collectives;
    private WorkerContext context;
    private SharedFile word;

    @Override
    public void open(WorkerContext context) throws Exception {
        rank = context.rank();
        this.context = context;
        System.out.println("worker opened rank=" + rank);
        String fault = context.arguments().getOrDefault("openFault", "");
        boolean mine = Integer.toString(rank).equals(context.arguments().get("faultRank"));
        if (mine) {
            switch (fault) {
                case "throw" -> throw new IllegalStateException("no such model");
                case "exit" -> {
                    System.out.println("leaving early");
                    System.exit(9);
                }
                case "hang" -> Linux.nanosleep(Duration.ofMinutes(1).toNanos());
                default -> {
                    // healthy
                }
            }
        }
    }

    @Override
    public MemorySegment call(CallContext call) throws Exception {
        return switch (call.method()) {
            case "echo", "again" -> call.arguments();
            case "rank" -> text(Integer.toString(rank));
            case "class" -> text(call.costClass());
            case "trace" -> text(call.traceparent() + "|" + call.tracestate());
            case "expected" -> text(Long.toString(call.expectedNanos()));
            case "nothing" -> NOTHING;
            case "pid" -> text(Long.toString(ProcessHandle.current().pid()));
            case "allocated" -> text(Long.toString(THREADS.getCurrentThreadAllocatedBytes()));
            case "remaining" -> text(Long.toString(call.remainingNanos()));
            case "cancelled" -> text(Boolean.toString(call.isCancelled()));
            case "cancels" -> text(Long.toString(cancelSeen));
            case "tmpdir" -> text(System.getProperty("java.io.tmpdir"));
            case "sleep" -> sleep(call);
            case "poll" -> poll(call);
            case "word" -> word(call);
            case "pester" -> pester();
            case "collective" -> collective(call);
            case "scribble" -> scribble(call);
            case "fail", "failFatally" -> fail(call);
            case "big" -> MemorySegment.ofArray(new byte[Integer.parseInt(text(call))]);
            case "null" -> null;
            default -> throw new UnknownMethodException(call.method());
        };
    }

    private static MemorySegment sleep(CallContext call) {
        Linux.nanosleep(Duration.ofMillis(Long.parseLong(text(call))).toNanos());
        return NOTHING;
    }

    /** Interrupts the loop for the next second, while it is idle too. */
    private static MemorySegment pester() {
        Thread loop = Thread.currentThread();
        Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < 50; i++) {
                LockSupport.parkNanos(20_000_000);
                loop.interrupt();
            }
        });
        return NOTHING;
    }

    /** All ranks enter one; the rank named in the arguments throws before it does, the others wait as if in native code. */
    private MemorySegment collective(CallContext call) throws Exception {
        if (text(call).equals(Integer.toString(rank))) {
            throw new IOException("no memory for the reduction");
        }
        CountDownLatch aborted = new CountDownLatch(1);
        call.onCancel(aborted::countDown);
        CollectiveMarks marks = context.collective(0);
        marks.entered(++collectives, "allreduce", 1, "f32");
        if (text(call).equals("all")) {
            marks.completed(collectives);
            return NOTHING;
        }
        if (!aborted.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("never released");
        }
        throw new IOException("communicator aborted");
    }

    /** "rank file offset": that rank writes over a file of its group, where only others may or what nobody may. */
    private MemorySegment scribble(CallContext call) throws IOException {
        String[] words = text(call).split(" ", 3);
        if (Integer.parseInt(words[0]) == rank) {
            byte[] noise = new byte[49_152];
            new Random(1).nextBytes(noise);
            try (FileChannel file =
                    FileChannel.open(context.directory().file(words[1]), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(noise), Long.parseLong(words[2]));
            }
            poll(call); // a reply would stand where the noise does
        }
        return NOTHING;
    }

    private MemorySegment poll(CallContext call) {
        while (!call.isCancelled()) {
            Thread.onSpinWait();
        }
        cancelSeen = call.callId();
        return NOTHING;
    }

    /** As {@link #poll}, but what it looks at is one word of a file of its group, which the caller sets to the call's id. */
    private MemorySegment word(CallContext call) {
        if (word == null) {
            word = SharedFile.open(context.directory().file("word"), true);
        }
        while ((long) LONG.getVolatile(word.memory(), 0L) < call.callId()) {
            Thread.onSpinWait();
        }
        return NOTHING;
    }

    /** "rank kind": only that rank fails, before the others answer. */
    private MemorySegment fail(CallContext call) throws Exception {
        String[] words = text(call).split(" ", 2);
        if (Integer.parseInt(words[0]) != rank) {
            while (!call.isCancelled()) {
                Thread.onSpinWait();
            }
            return NOTHING;
        }
        switch (words[1]) {
            case "exception" -> throw new IOException("disk on fire");
            case "recursion" -> recurse(0);
            case "memory" -> {
                List<byte[]> hoard = new ArrayList<>();
                while (hoard.size() < 1_000_000) {
                    hoard.add(new byte[1 << 20]);
                }
            }
            case "exit" -> {
                System.out.println("goodbye");
                System.exit(3);
            }
            default -> throw new IllegalArgumentException(words[1]);
        }
        return NOTHING;
    }

    private static int recurse(int depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + 1;
    }

    static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(MemorySegment bytes) {
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static String text(CallContext call) {
        return text(call.arguments());
    }
}
