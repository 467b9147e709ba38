package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Ways for a handler never to return. Worker loop thread only. */
final class Hangs {
    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

    private Hangs() {
    }

    static void spin() {
        long busy = 1;
        while (busy != 0) { // odd for ever: a loop that no compiler can see the end of
            busy = busy * 6364136223846793005L | 1;
            Thread.onSpinWait();
        }
    }

    static void block() {
        Linux.nanosleep(FOREVER_NANOS);
    }

    /** This thread holds one lock and wants the other; a helper holds the other and wants the one. */
    static void deadlock() {
        Object mine = new Object();
        Object theirs = new Object();
        CountDownLatch held = new CountDownLatch(1);
        synchronized (mine) {
            Thread.ofPlatform().daemon().name("helper").start(() -> takeBoth(theirs, held, mine));
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RollcallException("interrupted before the deadlock", e);
            }
            synchronized (theirs) {
                throw new RollcallException("no deadlock");
            }
        }
    }

    private static void takeBoth(Object first, CountDownLatch held, Object second) {
        synchronized (first) {
            held.countDown();
            synchronized (second) {
                throw new RollcallException("no deadlock");
            }
        }
    }

    /** Reads from a peer that never writes. */
    static void readSocket() {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket reader = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket silent = server.accept()) {
            throw new RollcallException("read from a silent peer: byte=" + reader.getInputStream().read() + " peer="
                    + silent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a pipe whose other end nobody opens. */
    static void openFifo() {
        Path fifo = Path.of(System.getProperty("java.io.tmpdir"), "fifo-" + ProcessHandle.current().pid());
        NativeCalls.makeFifo(fifo);
        try (var in = Files.newInputStream(fifo)) {
            throw new RollcallException("opened a pipe without a writer: byte=" + in.read());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
