package dev.rollcall.rpc;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.stress.support.BoardRig;
import dev.rollcall.stress.support.Pool;
import dev.rollcall.stress.support.Scratch;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** One call of a group of one rank, with the registry, status, sender, board and request ring it has in production. */
public final class CallRig {
    private static final Pool<Group> GROUPS = new Pool<>(Group::new);
    private static final int RANK = 0;

    /** What outlives a call. The ring has no reader, so it is never full. */
    private record Group(BoardRig board, RingWriter ring) {
        Group() {
            this(BoardRig.create(), newRing());
        }

        private static RingWriter newRing() {
            Path file = Scratch.newFile();
            RingWriter ring = RingWriter.create(file, RingConfig.of(4096, 1));
            Scratch.unlink(file);
            return ring;
        }
    }

    /** One epoch of the group: a restarted call has two. */
    private final class Epoch {
        private final GroupStatus status = new GroupStatus();
        private final CallRegistry registry = new CallRegistry(group.board.driver, ends);
        private final RequestSender sender =
                new RequestSender(group.ring, group.board.observer, group.board.driver, registry, status, 8);

        Epoch() {
            status.ready();
        }

        boolean fail() {
            FailureCause cause = new FailureCause.Broken(RANK, "broken", null);
            boolean _ = status.fail(cause);
            return registry.failAll(cause) == 1;
        }
    }

    private final Group group = GROUPS.take();
    private final long boardBefore = onBoard();
    private final CallCounters counters = new CallCounters("group");
    private final CallEnds ends =
            new CallEnds(counters, Completions.of(Runnable::run, GroupThreads.DAEMONS, "completion"));
    private final Epoch first = new Epoch();
    private final Epoch second = new Epoch();
    private final FutureCall<CallResult> call = new FutureCall<>(counters.of("method"), CallOptions.allRanks(),
            MethodOptions.defaults(), 0, Long.MAX_VALUE, 1, result -> result);

    /** The caller; whether the call is in the epoch, or was ended by others meanwhile. */
    public boolean send() {
        return first.sender.send(call, MemorySegment.NULL) == RequestSender.Sent.YES;
    }

    /** As the collector does with a reply; whether that ended the call. */
    public boolean reply() {
        PendingCall known = first.registry.find(call.id);
        if (known == null || !known.gather(RANK, MemorySegment.NULL, 0, 0)) {
            return false;
        }
        Object result = known.result();
        return result != null && first.registry.end(known, result);
    }

    /** As the collector does with a rank's error; whether that ended the call. */
    public boolean error() {
        PendingCall known = first.registry.find(call.id);
        return known != null
                && first.registry.end(known, new RemoteCallException(RANK, "type", "message", "stack", "call"));
    }

    /** As the collector does at the deadline; whether that ended the call. */
    public boolean timeOut() {
        return !call.isDecided()
                && first.registry.end(call, new CallTimeoutException("timed out", call.id, List.of(), List.of()));
    }

    /** As the caller does; whether that ended the call. */
    public boolean cancel() {
        return call.cancel();
    }

    /** As a verdict or closing does; whether that ended the call. */
    public boolean fail() {
        return first.fail();
    }

    /** As a failure does in a group that restarts; whether the call is kept for the next epoch. */
    public boolean park() {
        boolean _ = first.status.fail(new FailureCause.Restarted("group", 0));
        for (PendingCall open : first.registry.snapshot()) {
            if (first.registry.park(open)) {
                return true;
            }
        }
        return false;
    }

    /** As the next epoch does with a call that was kept; whether it is in the epoch, or was ended by others meanwhile. */
    public boolean sendAgain() {
        call.rearm();
        return second.sender.send(call, MemorySegment.NULL) == RequestSender.Sent.YES;
    }

    /** Whoever is left to do it: the caller whose epoch is over, or the end of the next one. */
    public void endIfOpen() {
        boolean _ = second.fail() || ends.refuse(call, new FailureCause.Closed("group").forCall("call"));
    }

    /** How many times it ended, by every account of it: 1, or -1 when the accounts differ. */
    public int ends() {
        CollectiveExecutor.Counters counted = counters.snapshot(0);
        long ended = counted.completed() + counted.failed() + counted.timedOut() + counted.cancelled();
        boolean told = call.isDecided() && call.future.isDone()
                && call.future.isCompletedExceptionally() == (counted.completed() == 0);
        boolean gone = first.registry.size() == 0 && second.registry.size() == 0
                && group.board.observer.inFlight().isEmpty();
        return told && gone ? (int) ended : -1;
    }

    /** How often the board was told of an end: once for each epoch that the call was in. */
    public int toldBoard() {
        return (int) (onBoard() - boardBefore);
    }

    private long onBoard() {
        var driver = group.board.observer.driver();
        return driver.completed() + driver.failed();
    }

    /** The last: hands the group on. */
    public void done() {
        group.board.worker.finished(Long.MAX_VALUE);
        group.board.other.finished(Long.MAX_VALUE);
        GROUPS.give(group);
    }
}
