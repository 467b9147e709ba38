package dev.rollcall.rpc;

import java.io.IOException;
import java.io.UncheckedIOException;

import dev.rollcall.shm.os.Linux;

/**
 * Whether a deadline on the wire may be read on this side. Any thread.
 *
 * <p>{@link System#nanoTime()} of a JVM on Linux is CLOCK_MONOTONIC, one clock per boot and time namespace, so an
 * instant of the driver means the same to its workers: unless one of them runs in a time namespace of its own (a
 * restored container may). The driver therefore hands its time namespace and one reading to each worker, and the worker
 * believes deadlines only if the namespace is its own and the reading lies in its past. Otherwise it counts the call's
 * budget from the moment it saw the frame, which errs on the side of working too long.
 */
final class SharedClock {

    private SharedClock() {
    }

    static String stamp() {
        return System.nanoTime() + " " + namespace();
    }

    static boolean isShared(String stamp) {
        int space = stamp.indexOf(' ');
        if (space < 0 || !stamp.substring(space + 1).equals(namespace())) {
            return false;
        }
        try {
            return Long.parseLong(stamp, 0, space, 10) - System.nanoTime() <= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String namespace() {
        try {
            return Linux.timeNamespace();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of oneself
        }
    }
}
