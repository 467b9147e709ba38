package dev.rollcall.rpc;

import org.jspecify.annotations.Nullable;

/**
 * Calls as events of the JDK's Flight Recorder. Any thread. While nobody records, a call costs two reads of a flag: the
 * question is put to events made beforehand, so nothing is allocated.
 */
final class CallEvents {

    private static final FailedCallEvent FAILED = new FailedCallEvent();
    private static final SlowCallEvent SLOW = new SlowCallEvent();

    private CallEvents() {
    }

    static void ended(PendingCall call, Object outcome, long tookNanos) {
        if (outcome instanceof Throwable error && FAILED.isEnabled()) {
            failed(call, error, tookNanos);
        }
        if (SLOW.isEnabled()) {
            slow(call, outcome, tookNanos);
        }
    }

    private static void failed(PendingCall call, Throwable error, long tookNanos) {
        FailedCallEvent event = new FailedCallEvent();
        event.group = call.calls.group;
        event.method = call.method;
        event.costClass = call.options.costClass();
        event.callId = call.id;
        event.took = tookNanos;
        event.outcome = MethodCalls.Outcome.of(error).name();
        event.error = error.getClass().getName();
        event.message = text(error.getMessage());
        event.commit();
    }

    private static void slow(PendingCall call, Object outcome, long tookNanos) {
        SlowCallEvent event = new SlowCallEvent();
        event.group = call.calls.group;
        event.method = call.method;
        event.costClass = call.options.costClass();
        event.callId = call.id;
        event.took = tookNanos;
        event.expected = call.options.expected().toNanos();
        event.outcome = MethodCalls.Outcome.of(outcome).name();
        event.commit(); // which asks slowerThan
    }

    private static String text(@Nullable String message) {
        return message == null ? "" : message;
    }
}
