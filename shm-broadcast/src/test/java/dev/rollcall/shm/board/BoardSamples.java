package dev.rollcall.shm.board;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** A board with something in every place. */
public final class BoardSamples {
    private static final long[] HOT = {
            BoardLayout.NAME_COUNT, BoardLayout.NAMES + 64, BoardLayout.DRIVER, BoardLayout.DRIVER + BoardLayout.PHASE,
            BoardLayout.IN_FLIGHT, BoardLayout.IN_FLIGHT + 64, BoardLayout.DRIVER_FLIGHT,
            BoardLayout.DRIVER_FLIGHT + 128,
            BoardLayout.VERDICT_SEQUENCE, BoardLayout.SUSPECT_SEQUENCE, BoardLayout.SEALED, BoardLayout.SEALED_LENGTH,
            BoardLayout.VERDICTS, BoardLayout.VERDICTS + 8, BoardLayout.VERDICTS + 40, BoardLayout.SUSPECTS + 1024,
            BoardLayout.RANKS, BoardLayout.RANKS + BoardLayout.STARTED, BoardLayout.RANKS + BoardLayout.CALLS + 64,
            BoardLayout.RANKS + BoardLayout.CALLS + 72, BoardLayout.RANKS + BoardLayout.OPEN_SECTION,
            BoardLayout.RANKS + BoardLayout.SECTIONS + 16, BoardLayout.RANKS + BoardLayout.COLLECTIVES,
            BoardLayout.RANKS + BoardLayout.COLLECTIVES + 8, BoardLayout.RANKS + BoardLayout.FLIGHT,
            BoardLayout.RANKS + BoardLayout.OPEN_CYCLE, BoardLayout.RANKS + BoardLayout.CYCLES + 24,
            BoardLayout.RANKS + BoardLayout.STACK_ANSWERED, BoardLayout.RANKS + BoardLayout.STACK_LENGTH
    };
    private static final long[] EVIL =
            {0, 1, 2, -1, 255, 256, 257, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};

    private BoardSamples() {
    }

    /** Creates it. */
    public static Path create(Path file) {
        try (Board board = Board.create(file, 2)) {
            BoardDriver driver = board.asDriver();
            driver.phase(Phase.READY);
            driver.loopThread(10);
            driver.pulseThread(11);
            driver.tick();
            driver.pulse();
            int method = driver.intern("execute_model");
            driver.intern("decode");
            driver.issued(1, method, 2, -1, 1_000);
            driver.issued(2, method, 0, 0, 2_000);
            driver.cancel(2);
            driver.ended(1, true);
            BoardWorker worker = board.asWorker(0);
            worker.phase(Phase.READY);
            worker.received(1);
            worker.started(1, method, 2);
            CollectiveMarks marks = worker.collective(0);
            marks.entered(1, "all_reduce", 4096, "bf16");
            marks.launched(1);
            worker.beginSection("warm-up", 5_000_000);
            worker.lockCycle(1, 2, "loop waits for lock A, held by pool-1");
            worker.tick();
            worker.pulse();
            BoardWatchdog watchdog = board.asWatchdog(true);
            watchdog.tick(7);
            long request = watchdog.requestStacks();
            worker.serveStackRequest(() -> "stack of request " + request);
            watchdog.suspect(new Verdict(0, Tier.SUSPECT, HangKind.SPINNING, 0, 1, 0.5, 2, "call is late", ""));
            watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.SPINNING, 0, 1, 0.9, 2, "call is very late", ""));
            watchdog.sealed(1, "/incidents/one");
            watchdog.close();
            long _ = driver.endEpoch();
        }
        return file;
    }

    /** One of the words that steer reading. */
    public static void damageHotWords(MemorySegment m, RandomGenerator random) {
        long at = HOT[random.nextInt(HOT.length)];
        m.set(ValueLayout.JAVA_LONG, at,
                random.nextInt(3) == 0 ? random.nextLong() : EVIL[random.nextInt(EVIL.length)]);
    }
}
