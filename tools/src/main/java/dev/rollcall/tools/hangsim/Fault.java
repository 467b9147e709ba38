package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the victim, from outside by a signal or from within by itself, and what the watchdog must call it. The
 * last ones are no faults: they look like one and must not be acted on.
 */
enum Fault {
    /** Nothing. */
    NONE(0, Place.NOWHERE, null, "nothing"),
    /** Sent by the stage hand. */
    STOP(1, Place.SIGNAL, HangKind.STOPPED, "SIGSTOP"),
    /** Computes for ever. */
    SPIN(2, Place.RANK, HangKind.SPINNING, "endless loop"),
    /** A kernel that never ends. */
    BLOCK(3, Place.RANK, HangKind.BLOCKED, "native wait without end"),
    /** Sent by the stage hand. */
    CRASH(4, Place.SIGNAL, HangKind.DEAD, "SIGKILL"),
    /** Leaves in the middle of a call. */
    EXIT(5, Place.RANK, HangKind.DEAD, "System.exit in the handler"),
    /** No hang: the rank says itself what happened. */
    OVERFLOW(6, Place.RANK, null, "StackOverflowError in the handler"),
    /** No hang either: it says so, and ends. */
    EXHAUST(7, Place.RANK, null, "OutOfMemoryError in the handler"),
    /** Two Java locks taken in two orders. */
    DEADLOCK(8, Place.RANK, HangKind.DEADLOCKED, "Java deadlock"),
    /** A peer that never writes. */
    SOCKET(9, Place.RANK, HangKind.BLOCKED, "blocked socket read"),
    /** Nobody opens the other end. */
    FIFO(10, Place.RANK, HangKind.BLOCKED, "blocked FIFO open"),
    /** Its reply goes into memory that is no longer shared. */
    LOST_REPLY(11, Place.RANK, HangKind.REPLY_LOST, "lost reply"),
    /** It sees the request ring as it was. */
    UNSEEN(12, Place.RANK, HangKind.REQUEST_UNSEEN, "request never seen"),
    /** The kernel's thread ends beneath the JVM. */
    LOOP_DEATH(13, Place.RANK, HangKind.LOOP_LOST, "loop thread dead"),
    /** The driver cancels the call; the handler goes on waiting. */
    IGNORE_CANCEL(14, Place.RANK, HangKind.BLOCKED, "handler that ignores cancel"),
    /** Leaves one all-reduce out. */
    SKIP(15, Place.RANK, HangKind.MISSING_FROM_COLLECTIVE, "skipped collective"),
    /** Enters another collective first. */
    SWAP(16, Place.RANK, HangKind.COLLECTIVE_MISMATCH, "swapped collectives"),
    /** Enters with another number of elements. */
    SIZE(17, Place.RANK, HangKind.COLLECTIVE_MISMATCH, "wrong size"),
    /** Two ranks at once. */
    STOP_TWO(18, Place.SIGNAL, HangKind.STOPPED, "SIGSTOP at two ranks"),
    /** Its collector computes for ever. */
    DRIVER_SPIN(19, Place.DRIVER, HangKind.DRIVER_HUNG, "endless loop in the driver"),
    /** Not a fault: ten times slower than the others. */
    STRAGGLE(20, Place.RANK, null, "straggler x10"),
    /** Not a fault: it said that it would take so long. */
    SECTION(21, Place.RANK, null, "declared 20 s section"),
    /** Not a fault: nobody said how long calls take. */
    STALL_BURN(22, Place.RANK, null, "20 s stall that burns CPU"),
    /** Not a fault: likewise. */
    STALL_SLEEP(23, Place.RANK, null, "20 s stall that sleeps"),
    /** Not a fault: a full collection of a large heap. */
    COLLECT(24, Place.RANK, null, "garbage collection");

    /** Who does it. */
    enum Place {
        NOWHERE, SIGNAL, RANK, DRIVER
    }

    private static final int SECOND_VICTIM = 2;

    private final int code;
    private final Place place;
    private final @Nullable HangKind kind;
    private final String words;

    Fault(int code, Place place, @Nullable HangKind kind, String words) {
        this.code = code;
        this.place = place;
        this.kind = kind;
        this.words = words;
    }

    /** The number in shared memory. */
    int code() {
        return code;
    }

    static Fault ofCode(int code) {
        return Arrays.stream(values()).filter(f -> f.code == code).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault has this code: code=" + code));
    }

    String words() {
        return words;
    }

    Place place() {
        return place;
    }

    /** Whether the victim does it to itself when told through shared memory; the others come from outside as signals. */
    boolean isFromWithin() {
        return place == Place.RANK;
    }

    /** Whether somebody must be named; a rank that reports its own error is named by that. */
    boolean mustBeNamed() {
        return kind != null || reportedError() != null;
    }

    /** What the watchdog must say, or null when it must say nothing. */
    @Nullable
    HangKind expectedKind(boolean atDriver) {
        return atDriver && this == STOP ? HangKind.DRIVER_HUNG : kind;
    }

    /** The error that the victim itself reports to the driver, which then needs no watchdog; null for a hang. */
    @Nullable
    String reportedError() {
        return switch (this) {
            case OVERFLOW -> "StackOverflowError";
            case EXHAUST -> "OutOfMemoryError";
            default -> null;
        };
    }

    /** A word to the driver once it has begun, or for a driver's own fault to make it begin; "" for none. */
    String driverWord() {
        return switch (this) {
            case IGNORE_CANCEL -> "cancel";
            case DRIVER_SPIN -> "spin";
            default -> "";
        };
    }

    /** Whether it goes on in every step; the others happen once. */
    boolean isRepeated() {
        return this == STRAGGLE;
    }

    /** The second victim, or the same when there is only one. */
    int alsoAt(int rank, int workers) {
        return this == STOP_TWO ? (rank + SECOND_VICTIM) % workers : rank;
    }

    /** As on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable Fault ofOption(String text) {
        return Arrays.stream(values()).filter(f -> f.option().equals(text)).findFirst().orElse(null);
    }

    /** Whether the watchdog finds it by the limit of a call, which it must have learned before. */
    boolean needsLimit() {
        return kind == HangKind.SPINNING || kind == HangKind.BLOCKED || kind == HangKind.MISSING_FROM_COLLECTIVE;
    }

    /** What a rehearsal of its own can show; the others are told apart only by the matrix, which looks for more. */
    boolean isHang() {
        return this == NONE || kind != null;
    }

    /** The hangs, as the user names them. */
    static String options() {
        return hangs().map(Fault::option).collect(Collectors.joining(", "));
    }

    /** The hangs, a line for each. */
    static List<String> list() {
        return hangs().map(Fault::line).toList();
    }

    private static Stream<Fault> hangs() {
        return Arrays.stream(values()).filter(Fault::isHang);
    }

    private String line() {
        String named = kind == null ? "nobody is named" : "named " + kind;
        String driver = place == Place.SIGNAL && this != STOP_TWO
                ? " (the driver: " + expectedKind(true) + ")"
                : "";
        return String.format(Locale.ROOT, "%-14s %-29s %s", option(), words, named + driver);
    }
}
