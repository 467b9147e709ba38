package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.HangKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is done to the victim. */
enum Fault {
    /** Nothing. */
    NONE(0, "nothing"),
    /** SIGSTOP, sent by the stage hand. */
    STOP(1, "SIGSTOP"),
    /** The handler enters an endless loop at its next step. */
    SPIN(2, "endless loop"),
    /** The handler enters a native wait without end at its next step. */
    BLOCK(3, "native wait without end"),
    /** SIGKILL, sent by the stage hand. */
    CRASH(4, "SIGKILL");

    private final int code;
    private final String words;

    Fault(int code, String words) {
        this.code = code;
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

    /** Whether the victim does it to itself when told through shared memory; the others come from outside as signals. */
    boolean isFromWithin() {
        return this == SPIN || this == BLOCK;
    }

    /** What the watchdog must say, or null when it must say nothing. */
    @Nullable
    HangKind expectedKind(boolean atDriver) {
        return switch (this) {
            case NONE -> null;
            case STOP -> atDriver ? HangKind.DRIVER_HUNG : HangKind.STOPPED;
            case SPIN -> HangKind.SPINNING;
            case BLOCK -> HangKind.BLOCKED;
            case CRASH -> HangKind.DEAD;
        };
    }

    /** As on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Fault ofOption(String text) {
        return Arrays.stream(values()).filter(f -> f.option().equals(text)).findFirst().orElse(null);
    }

    static String options() {
        return Arrays.stream(values()).map(Fault::option).collect(Collectors.joining(", "));
    }
}
