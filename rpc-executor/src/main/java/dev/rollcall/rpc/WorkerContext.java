package dev.rollcall.rpc;

import java.time.Duration;
import java.util.Map;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.WaitStrategy;
import dev.rollcall.shm.board.CollectiveMarks;

/** What a rank knows about its group. Loop thread only. */
public interface WorkerContext {

    /**
     * Which rank this is.
     *
     * @return 0 to {@link #workers()} - 1
     */
    int rank();

    /**
     * How many ranks the group has.
     *
     * @return at least 1
     */
    int workers();

    /**
     * The strings the launcher was given for its workers.
     *
     * @return an immutable map, the same on every rank
     */
    Map<String, String> arguments();

    /**
     * Where the group's shared files are, for extra files of an embedder.
     *
     * @return the directory this rank is attached to; do not close it
     */
    GroupDirectory directory();

    /**
     * Chooses how this rank's loop waits for the next call. A rank that burns its core answers sooner. From
     * {@link Worker#open} only; later it has no effect.
     *
     * @param strategy {@link WaitStrategy#adaptive()} if not set
     */
    void waiting(WaitStrategy strategy);

    /**
     * The progress marks of one communicator. Setting them around a collective is what lets the watchdog tell the rank
     * that is missing from the ranks that wait for it.
     *
     * @param communicator 0 to 3
     * @return marks to be set by the loop thread
     */
    CollectiveMarks collective(int communicator);

    /**
     * Declares that what follows may take this long without other progress, for instance a compilation. Sections nest.
     *
     * @param name  shown in verdicts
     * @param bound the time after which it counts as hung
     * @return closes the section; use with try-with-resources
     */
    Section section(String name, Duration bound);

    /** An open section; see {@link WorkerContext#section}. */
    interface Section extends AutoCloseable {

        /** Ends the section. */
        @Override
        void close();
    }
}
