package dev.rollcall.stress.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** UNIX-domain sockets of java.nio, blocking, one per reader; a length before each message. */
final class SocketTransport implements Transport {
    private final Settings settings;
    private final List<AutoCloseable> open = new ArrayList<>();

    SocketTransport(Settings settings) {
        this.settings = settings;
    }

    private UnixDomainSocketAddress address(String channel) {
        return UnixDomainSocketAddress.of(settings.directory().resolve(channel + ".sock"));
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public Outlet outlet(String channel, int readers, int longest) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            open.add(server);
            server.bind(address(channel), readers);
            return new SocketOutlet(server, new SocketChannel[readers], buffer(longest + Integer.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class SocketOutlet implements Outlet {
        private final ServerSocketChannel server;
        private final SocketChannel[] sockets;
        private final ByteBuffer buffer;
        private boolean accepted;

        SocketOutlet(ServerSocketChannel server, SocketChannel[] sockets, ByteBuffer buffer) {
            this.server = server;
            this.sockets = sockets;
            this.buffer = buffer;
        }

        @Override
        public void awaitReaders() {
            try {
                for (int i = 0; i < sockets.length; i++) {
                    sockets[i] = server.accept();
                    open.add(sockets[i]);
                }
                accepted = true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void send(UnsafeBuffer message, int length) {
            if (!accepted) {
                awaitReaders();
            }
            buffer.clear().putInt(length);
            message.getBytes(0, buffer, Integer.BYTES, length);
            try {
                for (SocketChannel socket : sockets) {
                    buffer.position(0).limit(Integer.BYTES + length);
                    while (buffer.hasRemaining()) {
                        socket.write(buffer);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public Inlet inlet(String channel, int reader, int longest) {
        try {
            SocketChannel socket = SocketChannel.open(address(channel));
            open.add(socket);
            return new SocketInlet(socket, buffer(Math.max(1 << 16, 2 * longest + 64)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class SocketInlet implements Inlet {
        private final SocketChannel socket;
        private final ByteBuffer buffer;
        private final UnsafeBuffer view;

        SocketInlet(SocketChannel socket, ByteBuffer buffer) {
            this.socket = socket;
            this.buffer = buffer.limit(0);
            this.view = new UnsafeBuffer(buffer, 0, buffer.capacity());
        }

        @Override
        public int poll(Handler handler) {
            int count = handOut(handler);
            try {
                while (count == 0) {
                    buffer.compact();
                    if (socket.read(buffer) < 0) {
                        throw new IllegalStateException("the other side has gone");
                    }
                    buffer.flip();
                    count = handOut(handler);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return count;
        }

        private int handOut(Handler handler) {
            int count = 0;
            while (buffer.remaining() >= Integer.BYTES) {
                int at = buffer.position();
                int length = buffer.getInt(at);
                if (buffer.remaining() < Integer.BYTES + length) {
                    break;
                }
                buffer.position(at + Integer.BYTES + length);
                handler.onMessage(view, at + Integer.BYTES, length);
                count++;
            }
            return count;
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(open);
    }
}
