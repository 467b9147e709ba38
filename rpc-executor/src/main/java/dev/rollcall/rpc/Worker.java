package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;

/**
 * What a rank does. All three methods are called by the worker's loop thread, one at a time, so an implementation needs
 * no locks of its own.
 *
 * <p>An implementation has a public constructor without parameters; {@link WorkerProcess} makes one per process.
 */
public interface Worker {

    /** The reply that carries no bytes. */
    MemorySegment NOTHING = MemorySegment.NULL;

    /**
     * Called once before the rank reports ready: load the model, join the communicators.
     *
     * @param context what this rank knows about its group; valid until {@link #close()}
     * @throws Exception fails the start of the whole group; type, message and stack are reported with the rank
     */
    default void open(WorkerContext context) throws Exception {
    }

    /**
     * Answers one call. The arguments lie in shared memory and may be read until this method returns.
     *
     * @param call the call; the object is reused for the next one
     * @return the reply, copied out before the next call is taken; {@link #NOTHING} for none. Ignored when this rank
     *         was not asked to reply
     * @throws Exception ends the call for the caller at once, also when this rank was not asked to reply
     * @throws UnknownMethodException when {@link CallContext#method()} is not one this worker knows
     */
    MemorySegment call(CallContext call) throws Exception;

    /**
     * Called once after the last call, not after a failed {@link #open}. Must return within a second.
     *
     * @throws Exception is printed; the process ends all the same
     */
    default void close() throws Exception {
    }
}
