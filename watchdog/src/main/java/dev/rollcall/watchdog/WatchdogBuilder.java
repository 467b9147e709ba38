package dev.rollcall.watchdog;

import dev.rollcall.watchdog.incident.IncidentWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Options of a {@link Watchdog}. One thread. */
public final class WatchdogBuilder {
    private static final Duration LEAST_FLOOR = Duration.ofMillis(50);
    private static final Duration LARGEST_FLOOR = Duration.ofMinutes(5);

    final Path directory;
    WatchdogMode mode = WatchdogMode.ENFORCE;
    WatchdogListener listener = WatchdogListener.NONE;
    long floorNanos = 1_000_000_000L;
    @Nullable
    Path incidents;
    int keepCount = 100;
    long keepBytes = 1L << 30;

    WatchdogBuilder(Path directory) {
        this.directory = directory;
    }

    /**
     * How far to go; enforce unless said.
     *
     * @param mode the mode
     * @return this
     */
    public WatchdogBuilder mode(WatchdogMode mode) {
        this.mode = mode;
        return this;
    }

    /**
     * Least limit of a call, and the scale of all fixed times, which are meant for 1 s.
     *
     * @param floor 50 ms to 5 min
     * @return this
     * @throws IllegalArgumentException outside that range
     */
    public WatchdogBuilder floor(Duration floor) {
        if (floor.compareTo(LEAST_FLOOR) < 0 || floor.compareTo(LARGEST_FLOOR) > 0) {
            throw new IllegalArgumentException(
                    "floor out of range: floor=" + floor + " least=" + LEAST_FLOOR + " largest=" + LARGEST_FLOOR);
        }
        floorNanos = floor.toNanos();
        return this;
    }

    /**
     * Where to save incidents; nothing is saved unless said.
     *
     * @param folder created when missing
     * @return this
     */
    public WatchdogBuilder incidents(Path folder) {
        incidents = folder;
        return this;
    }

    /**
     * How many incidents to keep in the folder; after each one written the oldest go. 100 and 1 GiB unless said. The newest
     * always stays, and nothing but incidents is ever deleted.
     *
     * @param count most incidents, at least 1
     * @param bytes most bytes of all together, at least 1
     * @return this
     * @throws IllegalArgumentException when either is less than 1
     */
    public WatchdogBuilder keepIncidents(int count, long bytes) {
        if (count < 1 || bytes < 1) {
            throw new IllegalArgumentException("nothing would be kept: count=" + count + " bytes=" + bytes);
        }
        keepCount = count;
        keepBytes = bytes;
        return this;
    }

    /**
     * Who is told.
     *
     * @param listener called on the watchdog's thread
     * @return this
     */
    public WatchdogBuilder listener(WatchdogListener listener) {
        this.listener = listener;
        return this;
    }

    /**
     * Attaches to the group.
     *
     * @return a watchdog that has not ticked yet
     * @throws dev.rollcall.shm.RollcallException when there is no such group, another watchdog is attached, or incidents
     *         cannot be saved where they should
     */
    public Watchdog build() {
        if (incidents != null) {
            IncidentWriter.checkWritable(incidents);
        }
        return new Watchdog(this);
    }
}
