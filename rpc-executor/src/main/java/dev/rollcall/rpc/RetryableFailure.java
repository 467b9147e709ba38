package dev.rollcall.rpc;

/**
 * Marks the exceptions of calls that were in flight when their group failed or restarted: nothing was wrong with the
 * call, and it may be made again once the group is ready. Whether ranks had worked on it is not known.
 */
public interface RetryableFailure {
}
