package dev.rollcall.tools.soak;

import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What is called, and how often of a hundred. */
enum CallKind {
    /** All ranks answer. */
    ECHO(79),
    /** One rank answers. */
    ECHO_ONE(8),
    /** The method is declared idempotent: it is made again after a restart. */
    ECHO_AGAIN(8),
    /** One rank throws. */
    THROW(1),
    /** Takes longer than its caller waits. */
    DAWDLE(2),
    /** Its caller gives it up. */
    UNTIL_CANCELLED(2);

    private static final int ALL = 100;

    private final int weight;

    CallKind(int weight) {
        this.weight = weight;
    }

    static CallKind any(Random random) {
        int left = random.nextInt(ALL);
        for (CallKind kind : values()) {
            left -= kind.weight;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("weights must add up to " + ALL);
    }

    String method() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable CallKind ofMethod(String method) {
        for (CallKind kind : values()) {
            if (kind.method().equals(method)) {
                return kind;
            }
        }
        return null;
    }
}
