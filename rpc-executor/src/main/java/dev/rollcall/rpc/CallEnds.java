package dev.rollcall.rpc;

/**
 * What every end of a call comes to, whoever brought it about: it is counted, and its caller is told. Any thread.
 *
 * @param counters    over all epochs
 * @param completions where callers are told
 */
record CallEnds(CallCounters counters, Completions completions) {

    /** After the call was decided. */
    void tell(PendingCall call, Object outcome) {
        call.endNanos = System.nanoTime();
        call.calls.count(outcome);
        call.decided(outcome);
        completions.execute(call);
    }

    /** Ends a call that is in no epoch: just made (then its home is null), or parked. Touches no board. */
    boolean refuse(PendingCall call, Throwable why) {
        boolean ended = call.home == null ? call.decide(why) : call.decideParked(why);
        if (ended) {
            tell(call, why);
        }
        return ended;
    }
}
