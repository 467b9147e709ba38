package dev.rollcall.rpc;

/** A call made with a {@link ReplyHandler}. Any thread. */
public interface SentCall {

    /**
     * Gives the call up, if it has not ended: its handler then gets a
     * {@link java.util.concurrent.CancellationException}.
     *
     * @return whether this ended it
     */
    boolean cancel();
}
