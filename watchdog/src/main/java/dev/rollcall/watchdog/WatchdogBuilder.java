package dev.rollcall.watchdog;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Options of a {@link Watchdog}. One thread. */
public final class WatchdogBuilder {
    private static final Duration LEAST_FLOOR = Duration.ofMillis(50);
    private static final Duration LARGEST_FLOOR = Duration.ofMinutes(5);
    private static final long CONTRIBUTOR_NANOS = 400_000_000L;

    final Path directory;
    WatchdogMode mode = WatchdogMode.ENFORCE;
    final List<WatchdogListener> listeners = new ArrayList<>();
    final Map<HangKind, Response> responses = new EnumMap<>(HangKind.class);
    final List<Witness> contributors = new ArrayList<>();
    @Nullable
    Veto veto;
    boolean tools;
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
     * @param folder created with mode 0700 when missing; one that is there must be this user's, and nobody else may write
     *        to it
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
     * Who is told; each call adds one.
     *
     * @param listener called on the watchdog's thread
     * @return this
     */
    public WatchdogBuilder listener(WatchdogListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * How far to go against one kind of hang; {@link Response#KILL} unless said. In observe mode nothing is acted on.
     *
     * @param kind which
     * @param response how far
     * @return this
     * @throws IllegalArgumentException for a kind that is never acted on, see {@link Finding#excuses()}
     */
    public WatchdogBuilder respond(HangKind kind, Response response) {
        if (Finding.excuses(kind)) {
            throw new IllegalArgumentException("never acted on: kind=" + kind + " response=" + response);
        }
        responses.put(kind, response);
        return this;
    }

    /**
     * Who is asked before a verdict is acted on; that takes a tick of 50 ms, 0.1 s at most.
     *
     * @param asked on a thread of its own
     * @return this
     */
    public WatchdogBuilder veto(Veto asked) {
        veto = asked;
        return this;
    }

    /**
     * Adds what an embedder knows to each incident: the state of its scheduler, say. Its text goes into the folder as it is,
     * 256 Ki characters at most, so leave out what users have asked.
     *
     * @param name of the file
     * @param words asked on a thread of its own, waited for up to 0.4 s
     * @return this
     */
    public WatchdogBuilder contributor(String name, Supplier<String> words) {
        contributors.add(new Witness(name, CONTRIBUTOR_NANOS, words::get));
        return this;
    }

    /**
     * Whether jcmd, py-spy and gdb may look at the culprit, where this machine has them; not unless said. They start
     * processes on a machine that is in trouble, and take up to 1.3 s.
     *
     * @param allowed whether they are
     * @return this
     */
    public WatchdogBuilder externalTools(boolean allowed) {
        tools = allowed;
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
