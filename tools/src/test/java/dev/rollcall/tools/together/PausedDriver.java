package dev.rollcall.tools.together;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.Worker;
import dev.rollcall.shm.os.Linux;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;

/**
 * A driver to be stopped while it carries much. Per line it reads, the milliseconds for which its workers take no call, it has
 * 64 MiB echoed by all of them and says whether they came back as they were.
 */
final class PausedDriver {
    static final int WORKERS = 2;
    static final int BYTES = 64 << 20;

    private PausedDriver() {
    }

    /** What it carries to. */
    public static final class Echo implements Worker {
        @Override
        public MemorySegment call(CallContext call) {
            if (call.method().equals("hold")) {
                Linux.nanosleep(call.arguments().get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
                return NOTHING;
            }
            return call.arguments();
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(5).nextBytes(bytes);
        ProcessLauncher launcher = ProcessLauncher.of(Echo.class).jvmFlag("-Xmx512m").build();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, WORKERS)
                .readyTimeout(Duration.ofSeconds(30)).defaultTimeout(Duration.ofMinutes(2)).start()) {
            System.out.println(group.directory());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(carry(group, MemorySegment.ofArray(bytes), Long.parseLong(line)));
            }
        }
    }

    private static String carry(CollectiveExecutor group, MemorySegment arguments, long holdMillis)
            throws InterruptedException {
        var held = group.call("hold", MemorySegment.ofArray(new long[]{holdMillis * 1_000_000}));
        var echoed = group.call("echo", arguments);
        try {
            held.get();
            for (int rank = 0; rank < WORKERS; rank++) {
                if (echoed.get().reply(rank).mismatch(arguments) != -1) {
                    return "other bytes rank=" + rank;
                }
            }
            return "equal";
        } catch (ExecutionException e) {
            return e.getCause().toString();
        }
    }
}
