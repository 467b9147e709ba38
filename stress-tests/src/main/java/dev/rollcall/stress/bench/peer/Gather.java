package dev.rollcall.stress.bench.peer;

import dev.rollcall.stress.bench.peer.Transport.Inlet;
import dev.rollcall.stress.bench.peer.Transport.Outlet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** W1 and W3: a message to all, a new message back from each, gathered in rank order. W1 is the case of one. */
final class Gather {
    private static final int LONGEST = 256;

    private Gather() {
    }

    /** The asking process; prints the result and returns the number of errors. */
    static long ask(Settings settings, Transport transport) throws IOException, InterruptedException {
        List<PeerProcess> others = new ArrayList<>();
        try {
            Outlet out = transport.outlet("ping", settings.readers(), LONGEST);
            Inlet[] in = new Inlet[settings.readers()];
            for (int i = 0; i < in.length; i++) {
                others.add(PeerProcess.start(settings.with("role=answer", "idx=" + i)));
                in[i] = transport.inlet("pong" + i, 0, LONGEST);
            }
            out.awaitReaders();
            Asker asker = new Asker(settings, out, in);
            ResultLine line = asker.measure(others);
            asker.send(Stamp.EXIT);
            for (PeerProcess other : others) {
                other.awaitEnd();
            }
            line.with("errors", asker.errors).print();
            return asker.errors;
        } finally {
            CloseHelper.closeAll(others);
        }
    }

    private static final class Asker extends Rounds {
        private final Outlet out;
        private final Inlet[] in;
        private final int length;
        private final int replyLength;
        private final UnsafeBuffer message;
        private final IdleStrategy idle;
        private final Transport.Handler onReply = this::onReply;
        private long expected;
        private long errors;

        Asker(Settings settings, Outlet out, Inlet[] in) {
            super(settings);
            this.out = out;
            this.in = in;
            this.length = requestLength(settings);
            this.replyLength = replyLength(settings);
            this.message = Stamp.message(length);
            this.idle = settings.idle();
        }

        void send(long number) {
            Stamp.put(message, length, number);
            out.send(message, length);
        }

        @Override
        void ask(long asked) {
            expected = asked;
            send(asked);
            for (Inlet inlet : in) {
                while (inlet.poll(onReply) == 0) {
                    idle.idle();
                }
                idle.reset();
            }
        }

        private void onReply(DirectBuffer buffer, int offset, int received) {
            if (received != replyLength || !Stamp.isWhole(buffer, offset, received, expected)) {
                errors++;
            }
        }
    }

    /** An answering process. */
    static void answer(Settings settings, Transport transport) {
        int index = settings.number(Settings.INDEX, 0);
        Inlet in = transport.inlet("ping", index, LONGEST);
        Answerer answerer = new Answerer(settings, transport.outlet("pong" + index, 1, LONGEST));
        Transport.Handler handler = answerer::onRequest;
        IdleStrategy idle = settings.idle();
        System.out.println("READY");
        while (!answerer.exit) {
            idle.idle(in.poll(handler));
        }
    }

    private static final class Answerer {
        private final Outlet out;
        private final int length;
        private final UnsafeBuffer message;
        private boolean exit;

        Answerer(Settings settings, Outlet out) {
            this.out = out;
            this.length = Rounds.replyLength(settings);
            this.message = Stamp.message(length);
        }

        void onRequest(DirectBuffer buffer, int offset, int received) {
            long number = buffer.getLong(offset);
            if (number == Stamp.EXIT) {
                exit = true;
            } else {
                Stamp.put(message, length, number);
                out.send(message, length);
            }
        }
    }
}
