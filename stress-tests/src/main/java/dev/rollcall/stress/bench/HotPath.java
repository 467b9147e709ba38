package dev.rollcall.stress.bench;

import java.util.Arrays;

/** What JMH measures here, under the name JMH has for it. The order is that of the table. */
enum HotPath {
    OFFER_POLL_64("RingPaths.offerAndPoll64", "ring: offer and poll, 64 B"),
    OFFER_POLL_4096("RingPaths.offerAndPoll4096", "ring: offer and poll, 4 KiB"),
    OFFER_POLL_BY_FOUR("RingPaths.offerAndPollByFour64", "ring: offer, polled by 4 readers in turn, 64 B"),
    CLAIM_COMMIT("RingPaths.claimAndCommit64", "ring: tryClaim and commit, 64 B"),
    SIGNAL("BoardPaths.signalToNobody", "wait cell: signal, nobody sleeps"),
    MARKS("BoardPaths.marksOfACall", "board: received, started, finished, replied"),
    CANCELLED("BoardPaths.isCancelled", "board: isCancelled"),
    WORKER_CALL("WorkerPaths.call", "worker: a call, through both rings"),
    WORKER_RINGS("WorkerPaths.ringsOnly", "worker: the same bytes through both rings, nothing else"),
    HANDLER_64("DriverPaths.callWithHandler64", "driver: call with reply handler, 64 B, 2 ranks"),
    HANDLER_16K("DriverPaths.callWithHandler16K", "driver: call with reply handler, 16 KiB, 2 ranks"),
    FUTURE_64("DriverPaths.callWithFuture64", "driver: call with future, 64 B, 2 ranks");

    private final String method;
    private final String title;

    HotPath(String method, String title) {
        this.method = method;
        this.title = title;
    }

    static HotPath of(String method) {
        return Arrays.stream(values()).filter(path -> path.method.equals(method)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such path: " + method));
    }

    /** Class and method. */
    String method() {
        return method;
    }

    String title() {
        return title;
    }
}
