package dev.rollcall.watchdog;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.FlightKind;
import dev.rollcall.shm.board.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;

/**
 * Past calls as the flight recorders have them: the driver's says which were of a class without a limit, the ranks' how long
 * each was in them. The ranks' are read only when there is such a call.
 */
final class FlightCalls implements PastCalls {
    private static final long ABSENT = Long.MIN_VALUE;

    private final Board board;
    /** The driver's last event that is not needed any more. */
    private long settled;

    /** A call on its way to be one that every rank has finished. */
    private static final class Open {
        private final String method;
        private final String costClass;
        private int ranks;
        private long longestNanos;

        Open(String method, String costClass) {
            this.method = method;
            this.costClass = costClass;
        }
    }

    FlightCalls(Board board) {
        this.board = board;
    }

    @Override
    public List<PastCall> of(long after, long upTo, LimitTable limits) {
        Map<Long, Open> calls = issued(after, upTo, limits);
        if (calls.isEmpty()) {
            return List.of();
        }
        for (int rank = 0; rank < board.workers(); rank++) {
            time(board.flight(rank), calls);
        }
        List<PastCall> past = new ArrayList<>(calls.size());
        calls.forEach((id, call) -> {
            if (call.ranks == board.workers()) {
                past.add(new PastCall(id, call.method, call.costClass, call.longestNanos));
            }
        });
        return past;
    }

    private Map<Long, Open> issued(long after, long upTo, LimitTable limits) {
        Map<Long, Open> calls = new LinkedHashMap<>();
        for (FlightEvent event : board.flight(Verdict.DRIVER, settled)) {
            if (event.kind() == FlightKind.FAILED || event.kind() == FlightKind.CANCELLED) {
                calls.remove(event.a()); // how soon a call fails says nothing about how long one takes
            } else if (event.kind() == FlightKind.ISSUED) {
                if (event.a() > upTo) {
                    break;
                }
                String method = board.name(event.methodId());
                String costClass = board.name(event.classId());
                if (event.a() > after && !limits.knows(method, costClass)) {
                    calls.put(event.a(), new Open(method, costClass));
                }
            }
            settled = event.sequence();
        }
        return calls;
    }

    /** Both moments are of the rank's own clock. */
    private static void time(List<FlightEvent> events, Map<Long, Open> calls) {
        Long2LongHashMap started = new Long2LongHashMap(ABSENT);
        for (FlightEvent event : events) {
            if (event.kind() == FlightKind.STARTED) {
                started.put(event.a(), event.nanoTime());
            } else if (event.kind() == FlightKind.FINISHED) {
                Open call = calls.get(event.a());
                long from = started.get(event.a());
                if (call != null && from != ABSENT) {
                    call.ranks++;
                    call.longestNanos = Math.max(call.longestNanos, event.nanoTime() - from);
                }
            }
        }
    }
}
