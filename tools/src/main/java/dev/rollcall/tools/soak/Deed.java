package dev.rollcall.tools.soak;

import java.util.Locale;
import java.util.Random;

/** What is done to a group, and how often of ten. */
enum Deed {
    /** SIGSTOP and, before any limit, SIGCONT. */
    PAUSE(6),
    /** SIGKILL. */
    KILL(2),
    /** SIGSTOP for good: the watchdog must find it. */
    STOP(1),
    /** By its owner. */
    RESTART(1);

    private static final int ALL = 10;

    private final int weight;

    Deed(int weight) {
        this.weight = weight;
    }

    static Deed any(Random random) {
        int left = random.nextInt(ALL);
        for (Deed deed : values()) {
            left -= deed.weight;
            if (left < 0) {
                return deed;
            }
        }
        throw new IllegalStateException("weights must add up to " + ALL);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
