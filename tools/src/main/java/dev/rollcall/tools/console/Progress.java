package dev.rollcall.tools.console;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Shows on standard error that a long step is alive: one line rewritten in place on a terminal, else a line every two
 * seconds. One thread. Standard output stays free for the report.
 */
public class Progress {
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long LOG_NANOS = 2_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long lastNanos = System.nanoTime();
    private boolean dirty;

    /**
     * For one run.
     *
     * @param out      where to, standard error as a rule
     * @param terminal whether lines can be rewritten in place
     */
    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Shows the line if it is time to.
     *
     * @param text what is going on, without a line break; asked only when it is shown
     */
    public void alive(Supplier<String> text) {
        long now = System.nanoTime();
        if (now - lastNanos < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
            return;
        }
        lastNanos = now;
        String line = text.get();
        if (terminal) {
            out.print("\r\u001b[K" + line);
            dirty = true;
        } else {
            out.println(line);
        }
        out.flush();
    }

    /**
     * The same, with words before each line.
     *
     * @param words what all of it is about
     * @return shows on the same place
     */
    public Progress within(String words) {
        return new Progress(out, terminal) {
            @Override
            public void alive(Supplier<String> text) {
                Progress.this.alive(() -> words + ": " + text.get());
            }

            @Override
            public void clear() {
                // nothing is printed between its lines
            }
        };
    }

    /** Removes the line in place; call before anything is printed below it. */
    public void clear() {
        if (dirty) {
            out.print("\r\u001b[K");
            out.flush();
            dirty = false;
        }
        lastNanos = System.nanoTime();
    }
}
