package dev.rollcall.rpc;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2ObjectHashMap;

/** Deadlines of the calls in flight, to about a millisecond. Collector only. */
final class CallTimers {

    private static final long TICK_NANOS = 1 << 20;
    private static final int TICKS = 1024;

    private final DeadlineTimerWheel wheel =
            new DeadlineTimerWheel(TimeUnit.NANOSECONDS, System.nanoTime(), TICK_NANOS, TICKS);
    private final Long2ObjectHashMap<PendingCall> calls = new Long2ObjectHashMap<>();
    private final Consumer<PendingCall> expired;
    private final DeadlineTimerWheel.TimerHandler fire = (unit, at, timer) -> fire(timer);
    private final DeadlineTimerWheel.TimerConsumer earlier =
            (deadline, timer) -> this.earliest = Math.min(this.earliest, deadline);
    // no timer fires before; may be too early after a cancellation, which costs one look
    private long earliest = Long.MAX_VALUE;

    CallTimers(Consumer<PendingCall> expired) {
        this.expired = expired;
    }

    void add(PendingCall call) {
        call.timer = wheel.scheduleTimer(call.deadlineNanos());
        calls.put(call.timer, call);
        earliest = Math.min(earliest, call.deadlineNanos());
    }

    void remove(PendingCall call) {
        if (call.timer != DeadlineTimerWheel.NULL_DEADLINE) {
            wheel.cancelTimer(call.timer);
            calls.remove(call.timer);
            call.timer = DeadlineTimerWheel.NULL_DEADLINE;
        }
    }

    /** How many fired. */
    int expire(long now) {
        if (wheel.timerCount() == 0) {
            wheel.currentTickTime(now);
            earliest = Long.MAX_VALUE;
            return 0;
        }
        int count = 0;
        while (wheel.currentTickTime() <= now) {
            count += wheel.poll(now, fire, Integer.MAX_VALUE);
        }
        if (earliest <= now) {
            earliest = Long.MAX_VALUE;
            wheel.forEach(earlier);
        }
        return count;
    }

    private boolean fire(long timer) {
        PendingCall call = calls.remove(timer);
        if (call != null) {
            call.timer = DeadlineTimerWheel.NULL_DEADLINE;
            expired.accept(call);
        }
        return true;
    }

    /** How long nothing can fire. */
    long nanosToNext(long now) {
        return earliest == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, earliest - now + TICK_NANOS);
    }
}
