package dev.rollcall.shm.board;

import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The board as an observer sees it: any thread of any process, read-only mapping is enough. It reads the same whether the
 * owners run, are stopped or dead. What one owner writes together is read together or not at all; different owners' words are
 * read one after the other.
 */
public final class Board implements AutoCloseable {
    private final MappedFile file;
    private final MemorySegment memory;
    private final int workers;
    private final String[] names = new String[BoardLayout.MAX_NAMES];

    private Board(MappedFile file) {
        this.file = file;
        this.memory = file.memory();
        this.workers = memory.get(ValueLayout.JAVA_INT, BoardLayout.WORKERS_AT);
    }

    /**
     * Creates the board of a group.
     *
     * @param file    must not exist
     * @param workers ranks, 1 to 64
     * @return the board, mapped for writing
     * @throws dev.rollcall.shm.NoSpaceException when it does not fit
     */
    public static Board create(Path file, int workers) {
        return new Board(BoardLayout.create(file, workers));
    }

    /**
     * Opens a board.
     *
     * @param file     of the board
     * @param readOnly map without the right to store
     * @return the board
     * @throws dev.rollcall.shm.IncompatibleSegmentException when it is no board of this version
     */
    public static Board open(Path file, boolean readOnly) {
        return new Board(BoardLayout.open(file, readOnly));
    }

    /**
     * The group's size.
     *
     * @return ranks
     */
    public int workers() {
        return workers;
    }

    /**
     * A method's or cost class's name.
     *
     * @param id as interned by the driver; 0 is ""
     * @return the name, or "#id" for one that is not (yet) there
     */
    public String name(int id) {
        if (id == 0) {
            return "";
        }
        if (id < 0 || id >= BoardLayout.MAX_NAMES || id > Words.longAcquire(memory, BoardLayout.NAME_COUNT)) {
            return "#" + id;
        }
        String cached = names[id];
        if (cached == null) {
            cached = BoardLayout.shortText(memory, BoardLayout.NAMES + id * BoardLayout.NAME_BYTES,
                    BoardLayout.MAX_NAME);
            names[id] = cached;
        }
        return cached;
    }

    /**
     * The driver's block.
     *
     * @return its words now
     */
    public DriverStatus driver() {
        long phase = Words.longAcquire(memory, BoardLayout.DRIVER + BoardLayout.PHASE);
        return new DriverStatus(
                BoardLayout.identity(memory, BoardLayout.DRIVER),
                Words.intAcquire(memory, BoardLayout.DRIVER + BoardLayout.LOOP_TID),
                Words.intAcquire(memory, BoardLayout.DRIVER + BoardLayout.PULSE_TID),
                Phase.of(phase),
                phase >>> 8,
                Words.longAcquire(memory, BoardLayout.DRIVER_TICKS),
                Words.longAcquire(memory, BoardLayout.DRIVER_PULSES),
                Words.longAcquire(memory, BoardLayout.LAST_ISSUED),
                Words.longAcquire(memory, BoardLayout.COMPLETED),
                Words.longAcquire(memory, BoardLayout.FAILED));
    }

    /**
     * A rank's block.
     *
     * @param rank which
     * @return its words now
     */
    public RankStatus rank(int rank) {
        long block = block(rank);
        long phase = Words.longAcquire(memory, block + BoardLayout.PHASE);
        long replied = Words.longAcquire(memory, block + BoardLayout.REPLIED);
        long finished = Words.longAcquire(memory, block + BoardLayout.FINISHED);
        long started = Words.longAcquire(memory, block + BoardLayout.STARTED);
        long received = Words.longAcquire(memory, block + BoardLayout.RECEIVED);
        long call = block + BoardLayout.CALLS + (started & 1) * BoardLayout.CALL_BYTES;
        boolean whole = started != 0 && Words.longAcquire(memory, call) == started;
        int method = Words.intOpaque(memory, call + 8);
        int costClass = Words.intOpaque(memory, call + 12);
        VarHandle.acquireFence();
        whole &= Words.longOpaque(memory, call) == started;
        return new RankStatus(
                rank,
                BoardLayout.identity(memory, block),
                Words.intAcquire(memory, block + BoardLayout.LOOP_TID),
                Words.intAcquire(memory, block + BoardLayout.PULSE_TID),
                Phase.of(phase),
                phase >>> 8,
                received,
                started,
                finished,
                replied,
                whole ? name(method) : "",
                whole ? name(costClass) : "",
                Words.longAcquire(memory, block + BoardLayout.LOOP_TICKS),
                Words.longAcquire(memory, block + BoardLayout.PULSES),
                collectives(block),
                section(block),
                lockCycle(block));
    }

    private @Nullable LockCycleStatus lockCycle(long block) {
        long open = Words.longAcquire(memory, block + BoardLayout.OPEN_CYCLE);
        if (open == 0) {
            return null;
        }
        long at = block + BoardLayout.CYCLES + (open & 1) * BoardLayout.CYCLE_BYTES;
        boolean whole = Words.longAcquire(memory, at) == open;
        long callId = Words.longOpaque(memory, at + 8);
        long looks = Words.longOpaque(memory, at + 16);
        String text = BoardLayout.text(memory, at + 32, BoardLayout.MAX_CYCLE_TEXT, Words.intOpaque(memory, at + 24));
        VarHandle.acquireFence();
        return whole && Words.longOpaque(memory, at) == open ? new LockCycleStatus(callId, looks, text) : null;
    }

    /**
     * Whether a rank's block holds what no rank writes: marks out of their order, or of calls that were never made.
     *
     * @param rank which
     * @return what is wrong, null when nothing is. No allocation then
     */
    public @Nullable String garbage(int rank) {
        long block = block(rank);
        // In this order each is at least as new as the one before, and no smaller.
        long replied = Words.longAcquire(memory, block + BoardLayout.REPLIED);
        long finished = Words.longAcquire(memory, block + BoardLayout.FINISHED);
        long started = Words.longAcquire(memory, block + BoardLayout.STARTED);
        long received = Words.longAcquire(memory, block + BoardLayout.RECEIVED);
        long issued = Words.longAcquire(memory, BoardLayout.LAST_ISSUED);
        if (replied >= 0 && replied <= finished && finished <= started && started <= received && received <= issued) {
            return null;
        }
        return "marks out of order rank=" + rank + " replied=" + replied + " finished=" + finished + " started="
                + started + " received=" + received + " lastIssued=" + issued;
    }

    private List<CollectiveStatus> collectives(long block) {
        List<CollectiveStatus> found = List.of();
        for (int i = 0; i < BoardLayout.MAX_COLLECTIVES; i++) {
            long at = block + BoardLayout.COLLECTIVES + i * BoardLayout.COLLECTIVE_BYTES;
            long communicator = Words.longAcquire(memory, at) - 1;
            if (communicator < 0) {
                break;
            }
            if (found.isEmpty()) {
                found = new ArrayList<>(BoardLayout.MAX_COLLECTIVES);
            }
            found.add(CollectiveMarks.read(memory, at, (int) communicator));
        }
        return found;
    }

    private @Nullable SectionStatus section(long block) {
        long open = Words.longAcquire(memory, block + BoardLayout.OPEN_SECTION);
        if (open == 0) {
            return null;
        }
        long at = block + BoardLayout.SECTIONS + (open & 1) * BoardLayout.SECTION_BYTES;
        boolean whole = Words.longAcquire(memory, at) == open;
        long bound = Words.longOpaque(memory, at + 8);
        String name = BoardLayout.text(memory, at + 32, BoardLayout.MAX_SECTION_NAME, Words.intOpaque(memory, at + 16));
        VarHandle.acquireFence();
        return whole && Words.longOpaque(memory, at) == open ? new SectionStatus(open, name, bound) : null;
    }

    /**
     * The watchdog's block.
     *
     * @return its words now
     */
    public WatchdogStatus watchdog() {
        return new WatchdogStatus(
                BoardLayout.identity(memory, BoardLayout.WATCHDOG),
                Words.longAcquire(memory, BoardLayout.ENFORCE) != 0,
                Words.longAcquire(memory, BoardLayout.WATCHDOG_TICKS),
                Words.longAcquire(memory, BoardLayout.WORST_STALL),
                Words.longAcquire(memory, BoardLayout.SEALED));
    }

    /**
     * The calls the driver waits for, oldest first; at most 64 have a row.
     *
     * @return a value
     */
    public List<InFlightCall> inFlight() {
        List<InFlightCall> calls = new ArrayList<>();
        for (int i = 0; i < BoardLayout.IN_FLIGHT_ROWS; i++) {
            long row = BoardLayout.IN_FLIGHT + i * BoardLayout.ROW_BYTES;
            long callId = Words.longAcquire(memory, row);
            if (callId == 0) {
                continue;
            }
            int method = Words.intOpaque(memory, row + 8);
            int costClass = Words.intOpaque(memory, row + 12);
            int replyRank = Words.intOpaque(memory, row + 16);
            long timeout = Words.longOpaque(memory, row + 24);
            VarHandle.acquireFence();
            if (Words.longOpaque(memory, row) == callId) {
                calls.add(new InFlightCall(callId, name(method), name(costClass), replyRank, timeout));
            }
        }
        calls.sort((a, b) -> Long.compare(a.callId(), b.callId()));
        return calls;
    }

    /**
     * The sequence of the latest act verdict: one load, for whoever looks often.
     *
     * @return 0 while there is none
     */
    public long verdictSequence() {
        return Words.longAcquire(memory, BoardLayout.VERDICT_SEQUENCE);
    }

    /**
     * The latest act verdict.
     *
     * @return null while there is none
     */
    public @Nullable Verdict verdict() {
        return VerdictRecord.read(memory, BoardLayout.VERDICT_SEQUENCE, BoardLayout.VERDICTS, Tier.ACT);
    }

    /**
     * The suspicion that stands.
     *
     * @return null while nobody is suspected
     */
    public @Nullable Verdict suspect() {
        return VerdictRecord.read(memory, BoardLayout.SUSPECT_SEQUENCE, BoardLayout.SUSPECTS, Tier.SUSPECT);
    }

    /**
     * The last 256 events of a process.
     *
     * @param rank a rank, or {@link Verdict#DRIVER}
     * @return oldest first; events being overwritten meanwhile are left out
     */
    public List<FlightEvent> flight(int rank) {
        return flight(rank, 0);
    }

    /**
     * The events of a process since one that was seen before, out of its last 256.
     *
     * @param rank  a rank, or {@link Verdict#DRIVER}
     * @param after sequence of the last event that is not wanted any more
     * @return oldest first; events being overwritten meanwhile are left out
     */
    public List<FlightEvent> flight(int rank, long after) {
        return Flight.read(memory,
                rank == Verdict.DRIVER ? BoardLayout.DRIVER_FLIGHT : block(rank) + BoardLayout.FLIGHT, after);
    }

    /**
     * The stacks a rank's pulse thread wrote for a request.
     *
     * @param rank    which
     * @param request as {@link BoardWatchdog#requestStacks()} gave it
     * @return the text, or null while that rank has not answered
     */
    public @Nullable String stack(int rank, long request) {
        long block = block(rank);
        if (Words.longAcquire(memory, block + BoardLayout.STACK_ANSWERED) != request) {
            return null;
        }
        String text = BoardLayout.text(
                memory, block + BoardLayout.STACK, BoardLayout.MAX_STACK,
                Words.longOpaque(memory, block + BoardLayout.STACK_LENGTH));
        VarHandle.acquireFence();
        return Words.longOpaque(memory, block + BoardLayout.STACK_ANSWERED) == request ? text : null;
    }

    /**
     * Writes the driver's words. The calling process is the driver from now on. Nothing refuses a second one: the caller sees
     * to it that there is one, or two would write the same words.
     *
     * @return the driver's side
     */
    public BoardDriver asDriver() {
        return new BoardDriver(memory, workers);
    }

    /**
     * Writes a rank's words. The calling process is that rank from now on. Nothing refuses a second one for the same rank, in
     * this process or another: whoever hands out ranks hands each out once, or two would write the same words, and
     * observers read marks that contradict each other ({@link #garbage}).
     *
     * @param rank which
     * @return the rank's side
     */
    public BoardWorker asWorker(int rank) {
        return new BoardWorker(memory, block(rank));
    }

    /**
     * Writes the watchdog's words, under the watchdog's lock.
     *
     * @param enforce whether it will act
     * @return the watchdog's side
     * @throws SegmentInUseException when another watchdog is attached
     */
    public BoardWatchdog asWatchdog(boolean enforce) {
        if (!file.tryLock(BoardLayout.WATCHDOG_LOCK)) {
            throw new SegmentInUseException("another watchdog is attached: pid="
                    + Words.longOpaque(memory, BoardLayout.WATCHDOG + BoardLayout.PID) + " path=" + file.path());
        }
        Steps.at("board.watch.locked");
        return new BoardWatchdog(memory, enforce, () -> file.unlock(BoardLayout.WATCHDOG_LOCK));
    }

    /**
     * Whether a watchdog, of another process or another mapping, is attached and alive.
     *
     * @return true while its lock is held
     */
    public boolean isWatched() {
        return file.isLockedByOther(BoardLayout.WATCHDOG_LOCK);
    }

    private long block(int rank) {
        if (rank < 0 || rank >= workers) {
            throw new IllegalArgumentException("no such rank: rank=" + rank + " workers=" + workers);
        }
        return BoardLayout.rank(rank);
    }

    /** Unmaps; no thread may be waiting on the doorbell through this board. Idempotent. */
    @Override
    public void close() {
        file.close();
    }
}
