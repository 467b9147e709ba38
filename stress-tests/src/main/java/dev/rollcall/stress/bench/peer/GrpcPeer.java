package dev.rollcall.stress.bench.peer;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.agrona.CloseHelper;

/** W1 and W3 as unary calls of gRPC-java over UNIX-domain sockets, bytes as they are, no executor between. */
final class GrpcPeer {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor
            .newBuilder(new Bytes(), new Bytes()).setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("bench/call").build();

    private GrpcPeer() {
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static EventLoopGroup oneLoop() {
        return new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private static DomainSocketAddress address(Settings settings, int index) {
        return new DomainSocketAddress(settings.directory().resolve("grpc" + index).toString());
    }

    private static byte[] stamped(int length, long number) {
        byte[] message = new byte[length];
        LONG.set(message, 0, number);
        LONG.set(message, length - Long.BYTES, ~number);
        return message;
    }

    /** Begins to answer. */
    static void answer(Settings settings) throws IOException {
        int length = Rounds.replyLength(settings);
        Server _ = NettyServerBuilder.forAddress(address(settings, settings.number(Settings.INDEX, 0)))
                .channelType(EpollServerDomainSocketChannel.class).bossEventLoopGroup(oneLoop())
                .workerEventLoopGroup(oneLoop()).directExecutor()
                .addService(ServerServiceDefinition.builder("bench")
                        .addMethod(METHOD, ServerCalls.asyncUnaryCall((request, reply) -> {
                            reply.onNext(stamped(length, (long) LONG.get(request, 0)));
                            reply.onCompleted();
                        })).build())
                .build().start();
        System.out.println("READY");
    }

    /** The asking process; prints the result and returns the number of errors. */
    static long ask(Settings settings) throws IOException {
        List<PeerProcess> others = new ArrayList<>();
        List<ManagedChannel> channels = new ArrayList<>();
        EventLoopGroup loop = oneLoop();
        try {
            for (int i = 0; i < settings.readers(); i++) {
                others.add(PeerProcess.start(settings.with("role=answer", "idx=" + i)));
                channels.add(NettyChannelBuilder.forAddress(address(settings, i))
                        .channelType(EpollDomainSocketChannel.class).eventLoopGroup(loop).usePlaintext()
                        .directExecutor().build());
            }
            Asker asker = new Asker(settings, channels);
            asker.measure(others).with("errors", asker.errors).print();
            return asker.errors;
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            CloseHelper.closeAll(others);
        }
    }

    private static final class Asker extends Rounds {
        private final List<ManagedChannel> channels;
        private final List<ListenableFuture<byte[]>> replies = new ArrayList<>();
        private final int length;
        private final int replyLength;
        private long errors;

        Asker(Settings settings, List<ManagedChannel> channels) {
            super(settings);
            this.channels = channels;
            this.length = requestLength(settings);
            this.replyLength = replyLength(settings);
        }

        @Override
        void ask(long asked) {
            byte[] request = stamped(length, asked);
            replies.clear();
            for (ManagedChannel channel : channels) {
                replies.add(ClientCalls.futureUnaryCall(channel.newCall(METHOD, CallOptions.DEFAULT), request));
            }
            for (ListenableFuture<byte[]> reply : replies) {
                check(reply, asked);
            }
        }

        private void check(ListenableFuture<byte[]> reply, long asked) {
            try {
                byte[] bytes = reply.get();
                boolean whole = bytes.length == replyLength && (long) LONG.get(bytes, 0) == asked
                        && (long) LONG.get(bytes, replyLength - Long.BYTES) == ~asked;
                errors += whole ? 0 : 1;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a call failed", e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
