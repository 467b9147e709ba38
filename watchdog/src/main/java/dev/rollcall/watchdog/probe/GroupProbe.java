package dev.rollcall.watchdog.probe;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.DriverStatus;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.Ages;
import dev.rollcall.watchdog.DriverSnapshot;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.RankSnapshot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one group: board, rings, {@code /proc} and pidfds. One thread at a time, the watchdog's. Blocks on nothing;
 * threads and processes may vanish at any step.
 */
public final class GroupProbe implements AutoCloseable {
    private static final int BUFFER_BYTES = 8192;
    private static final int MAX_NOTES = 32;

    private final Board board;
    private final String group;
    private final int epoch;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ProcessProbe driver;
    private final List<ProcessProbe> ranks = new ArrayList<>();
    private final RingProbe requests;
    private final List<RingProbe> replies = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Consumer<String> note = this::note;
    /** Nothing was in flight at the last look: then ranks are looked at in turn. */
    private boolean idle;

    /**
     * A probe for one group. Nothing is opened yet.
     *
     * @param directory where its rings are
     * @param board its board, which stays the caller's
     */
    public GroupProbe(GroupDirectory directory, Board board) {
        this.board = board;
        group = directory.group();
        epoch = directory.epoch();
        long namespace = ProcessIdentity.self().pidNamespace();
        Cgroups cgroups = Cgroups.ofThisMachine();
        driver = new ProcessProbe(namespace, cgroups);
        requests = new RingProbe(directory.requestRingFile());
        for (int rank = 0; rank < board.workers(); rank++) {
            ranks.add(new ProcessProbe(namespace, cgroups));
            replies.add(new RingProbe(directory.replyRingFile(rank)));
        }
    }

    /**
     * Reads the group. Ages in the result are zero.
     *
     * @param tick number for the snapshot
     * @param atNanos time for the snapshot
     * @param lateNanos lateness for the snapshot
     * @param complete also reply rings, pulse threads, and what threads wait in
     * @return what was read
     */
    public GroupSnapshot read(long tick, long atNanos, long lateNanos, boolean complete) {
        Depth depth = complete ? Depth.COMPLETE : Depth.PLAIN;
        List<RankSnapshot> rankSnapshots = new ArrayList<>(ranks.size());
        for (int rank = 0; rank < ranks.size(); rank++) {
            RankStatus status = board.rank(rank);
            boolean rests = idle && !complete && status.received() == status.finished() && (tick + rank) % 2 != 0;
            ProcessFacts facts = ranks.get(rank).read(status.process(), status.loopThreadId(), status.pulseThreadId(),
                    status.pulses(), buffer, rests ? Depth.REST : depth, note);
            rankSnapshots.add(new RankSnapshot(status, facts, Ages.ZERO));
        }
        // The driver last: workers follow it into death, and whoever dies first must not be the one seen alive.
        DriverStatus status = board.driver();
        ProcessFacts facts = driver.read(status.process(), status.loopThreadId(), status.pulseThreadId(),
                status.pulses(), buffer, depth, note);
        List<InFlightCall> inFlight = board.inFlight();
        idle = inFlight.isEmpty();
        return new GroupSnapshot(tick, atNanos, lateNanos, group, epoch,
                new DriverSnapshot(status, facts, Ages.ZERO), rankSnapshots, inFlight,
                requests.read(note), complete ? readReplies() : List.of());
    }

    /**
     * What could not be read so far, and why.
     *
     * @return one line each
     */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    private List<RingStatus> readReplies() {
        List<RingStatus> result = new ArrayList<>(replies.size());
        for (RingProbe reply : replies) {
            @Nullable RingStatus status = reply.read(note);
            if (status == null) {
                return List.of();
            }
            result.add(status);
        }
        return result;
    }

    private void note(String text) {
        if (notes.size() < MAX_NOTES) {
            notes.add(text);
        }
    }

    @Override
    public void close() {
        driver.close();
        requests.close();
        ranks.forEach(ProcessProbe::close);
        replies.forEach(RingProbe::close);
    }
}
