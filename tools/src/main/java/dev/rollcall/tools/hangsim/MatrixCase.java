package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of the matrix: first what must be found, then what must be let be. */
enum MatrixCase {
    STOP(Fault.STOP),
    CRASH(Fault.CRASH),
    EXIT(Fault.EXIT),
    OVERFLOW(Fault.OVERFLOW),
    EXHAUST(Fault.EXHAUST),
    SPIN(Fault.SPIN),
    DEADLOCK(Fault.DEADLOCK),
    SOCKET(Fault.SOCKET),
    FIFO(Fault.FIFO),
    LOST_REPLY(Fault.LOST_REPLY, Who.FIRST),
    UNSEEN(Fault.UNSEEN),
    LOOP_DEATH(Fault.LOOP_DEATH),
    IGNORE_CANCEL(Fault.IGNORE_CANCEL),
    SKIP(Fault.SKIP),
    SWAP(Fault.SWAP),
    SIZE(Fault.SIZE),
    IDLE_STOP("SIGSTOP while idle", Fault.STOP, Who.MIDDLE, Circumstance.REST),
    STOP_TWO(Fault.STOP_TWO),
    FIRST_RANK("SIGSTOP at rank 0", Fault.STOP, Who.FIRST, Circumstance.NONE),
    LAST_RANK("SIGSTOP at the last rank", Fault.STOP, Who.LAST, Circumstance.NONE),
    DRIVER_STOP("SIGSTOP at the driver", Fault.STOP, Who.DRIVER, Circumstance.NONE),
    DRIVER_SPIN(Fault.DRIVER_SPIN, Who.DRIVER),
    HOGS_STOP(Fault.STOP, Circumstance.HOGS),
    HOGS_CRASH(Fault.CRASH, Circumstance.HOGS),
    HOGS_EXIT(Fault.EXIT, Circumstance.HOGS),
    HOGS_OVERFLOW(Fault.OVERFLOW, Circumstance.HOGS),
    HOGS_EXHAUST(Fault.EXHAUST, Circumstance.HOGS),
    HOGS_SPIN(Fault.SPIN, Circumstance.HOGS),
    HOGS_DEADLOCK(Fault.DEADLOCK, Circumstance.HOGS),

    FINE_STRAGGLER("straggler x10", Fault.STRAGGLE, 8),
    FINE_SECTION("declared 20 s section", Fault.SECTION, 24),
    FINE_FIRST_CALL("undeclared 8 s first call", Load.SLOW_START, 1),
    FINE_STALL_BURN("undeclared 20 s stall that burns CPU, call 2,000", Fault.STALL_BURN, 24),
    FINE_STALL_SLEEP("undeclared 20 s stall that sleeps, call 2,000", Fault.STALL_SLEEP, 24),
    FINE_COLLECTION("garbage collection of seconds", Fault.COLLECT, 12),
    FINE_HOGS("four hogs", Circumstance.HOGS, 10),
    FINE_QUOTA("workers under cgroup cpu 20 %", Circumstance.CPU_QUOTA, 10),
    FINE_IDLE_CLASS("SCHED_IDLE worker, four hogs", Circumstance.IDLE_CLASS, 10),
    FINE_FREEZE("cgroup freeze of 12 s and thaw", Circumstance.FREEZE, 12),
    FINE_WATCHDOG("watchdog stopped 3 s", Circumstance.STOP_WATCHDOG, 3),
    FINE_DRIVER("driver stopped 3 s", Circumstance.STOP_DRIVER, 3),
    FINE_GDB("gdb attached 5 s", Circumstance.GDB, 5),
    FINE_IDLE("idle 60 s", Circumstance.REST, 60);

    private static final Duration HEALTHY = Duration.ofSeconds(2);
    private static final int REQUESTS = 4;
    private static final int USUAL_VICTIM = 5;

    private final String words;
    private final Fault fault;
    private final Who who;
    private final Circumstance around;
    private final Load load;
    private final Duration howLong;

    private enum Who {
        FIRST, MIDDLE, LAST, DRIVER
    }

    MatrixCase(String words, Fault fault, Who who, Circumstance around, Load load, Duration howLong) {
        this.words = words;
        this.fault = fault;
        this.who = who;
        this.around = around;
        this.load = load;
        this.howLong = howLong;
    }

    MatrixCase(String words, Fault fault, Who who, Circumstance around) {
        this(words, fault, who, around, Load.DECODE, Duration.ofSeconds(20));
    }

    MatrixCase(Fault fault) {
        this(fault, Who.MIDDLE);
    }

    MatrixCase(Fault fault, Who who) {
        this(fault.words(), fault, who, Circumstance.NONE);
    }

    MatrixCase(Fault fault, Circumstance around) {
        this(fault.words() + ", four hogs", fault, Who.MIDDLE, around);
    }

    /** Who stalls has declared nothing. */
    MatrixCase(String words, Fault fault, int seconds) {
        this(words, fault, Who.MIDDLE, Circumstance.NONE,
                fault == Fault.STALL_BURN || fault == Fault.STALL_SLEEP ? Load.UNDECLARED : Load.DECODE,
                Duration.ofSeconds(seconds));
    }

    MatrixCase(String words, Circumstance around, int seconds) {
        this(words, Fault.NONE, Who.MIDDLE, around, Load.DECODE, Duration.ofSeconds(seconds));
    }

    MatrixCase(String words, Load load, int seconds) {
        this(words, Fault.NONE, Who.MIDDLE, Circumstance.NONE, load, Duration.ofSeconds(seconds));
    }

    String words() {
        return words;
    }

    Fault fault() {
        return fault;
    }

    boolean isFault() {
        return fault.mustBeNamed();
    }

    boolean isBusyMachine() {
        return around == Circumstance.HOGS;
    }

    SimOptions options(int workers, Duration floor, Path incidents) {
        int victim = switch (who) {
            case FIRST -> 0;
            case MIDDLE -> Math.min(USUAL_VICTIM, workers - 1);
            case LAST -> workers - 1;
            case DRIVER -> Verdict.DRIVER;
        };
        return new SimOptions(workers, victim, fault, null, HEALTHY, howLong, REQUESTS, 1, floor, true, incidents,
                false,
                false, load, around, SidecarWishes.NONE);
    }

    /** The first that plays it. */
    static MatrixCase of(Fault fault) {
        return Arrays.stream(values()).filter(each -> each.fault == fault).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no case of the matrix: fault=" + fault));
    }

    /** As on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable MatrixCase ofOption(String text) {
        return Arrays.stream(values()).filter(each -> each.option().equals(text)).findFirst().orElse(null);
    }
}
