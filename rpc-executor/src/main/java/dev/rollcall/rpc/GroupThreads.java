package dev.rollcall.rpc;

/** Makes the threads of a group's driver. Any thread. */
@FunctionalInterface
public interface GroupThreads {

    /** Daemon platform threads with the names as they are asked for. */
    GroupThreads DAEMONS = (name, task) -> Thread.ofPlatform().daemon().name(name).unstarted(task);

    /**
     * Makes a thread.
     *
     * @param name {@code rollcall-<group>-<role>}; roles are collector, pulse, completion, undertaker and shutdown
     * @param task to be run by it; the collector and the pulse wait in the kernel, so no virtual threads for these
     * @return not yet started
     */
    Thread newThread(String name, Runnable task);
}
