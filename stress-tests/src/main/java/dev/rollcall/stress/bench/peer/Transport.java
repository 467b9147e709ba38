package dev.rollcall.stress.bench.peer;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One way to carry messages from one process to others. Each process makes its own; one thread. */
interface Transport extends AutoCloseable {
    /** Longer messages get a roomier channel. */
    int LARGE = 100_000;

    /** The writing end, made before any inlet of the channel. */
    Outlet outlet(String channel, int readers, int longest);

    /** The end of one reader, 0 to readers - 1. */
    Inlet inlet(String channel, int reader, int longest);

    @Override
    void close();

    /** Writes to every reader of a channel. */
    interface Outlet {
        /** Returns when all are there. */
        void awaitReaders();

        /** Waits for space. */
        void send(UnsafeBuffer message, int length);
    }

    /** Reads what was written. */
    interface Inlet {
        /** How many messages were handed out; may wait for one. */
        int poll(Handler handler);
    }

    /** Sees a message. */
    interface Handler {
        void onMessage(DirectBuffer buffer, int offset, int length);
    }
}
