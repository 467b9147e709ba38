package dev.rollcall.shm.os;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Labels on the steps that another process may find half done, so that a test can stop or kill a process exactly there. Any
 * thread. In production nothing is left of them: the switch is a constant of this class, so compiled code holds neither check
 * nor label.
 *
 * <p>The system property {@code rollcall.steps=<label>@<n>@<folder>} turns them on: the first thread, of all processes that were
 * given this folder, that comes to the label for the n-th time in its process writes the file {@code reached} (its process id)
 * and stays there until the file {@code go} or the folder's end. Who made the folder does to that process what it wants. The label
 * {@code *} holds nobody; every label that is passed leaves a file of its name.
 */
public final class Steps {
    private static final @Nullable String ORDER = System.getProperty("rollcall.steps");
    private static final boolean ON = ORDER != null;

    private Steps() {
    }

    /**
     * The calling thread is about to go on from here.
     *
     * @param label what has been done, and nothing after it: {@code part.action.done}
     */
    public static void at(String label) {
        if (ON) {
            Control.HERE.passed(label);
        }
    }

    /** Loaded only when on. By java.io, whose calls an interrupt does not end: the thread may have one pending. */
    private static final class Control {
        static final Control HERE = parse(String.valueOf(ORDER));
        private static final String EVERYTHING = "*";
        private static final long LOOK_NANOS = 1_000_000;

        private final String label;
        private final long turn;
        private final File folder;
        private final AtomicLong passed = new AtomicLong();
        private final Set<String> seen = ConcurrentHashMap.newKeySet();

        private Control(String label, long turn, File folder) {
            this.label = label;
            this.turn = turn;
            this.folder = folder;
        }

        private static Control parse(String order) {
            String[] parts = order.split("@", 3);
            if (parts.length != 3) {
                throw new IllegalArgumentException("expected <label>@<n>@<folder>: rollcall.steps=" + order);
            }
            return new Control(parts[0], Long.parseLong(parts[1]), new File(parts[2]));
        }

        void passed(String here) {
            try {
                if (label.equals(EVERYTHING)) {
                    boolean _ = seen.add(here) && created(here);
                } else if (label.equals(here) && passed.incrementAndGet() == turn && created("taken")) {
                    hold();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot mark a step: label=" + here + " folder=" + folder, e);
            }
        }

        private void hold() throws IOException {
            File written = new File(folder, "reached.new");
            try (FileOutputStream out = new FileOutputStream(written)) {
                out.write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
            }
            boolean _ = written.renameTo(new File(folder, "reached"));
            while (folder.exists() && !new File(folder, "go").exists()) {
                Linux.nanosleep(LOOK_NANOS);
            }
        }

        /** Now, and not by somebody else before; false also when whoever watches has gone. */
        private boolean created(String name) throws IOException {
            return folder.exists() && new File(folder, name).createNewFile();
        }
    }
}
