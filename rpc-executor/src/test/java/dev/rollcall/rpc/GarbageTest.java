package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;

/** A rank that writes what no rank may write: it is named, and the driver lives on. */
class GarbageTest {

    private static final int RING_DATA = 4096;
    private static final int TAIL = 128;
    private static final int RANKS = 49152;
    private static final int RANK_BYTES = 49152;
    private static final Duration SECONDS_10 = Duration.ofSeconds(10);

    private CollectiveExecutor group;

    @BeforeEach
    void start() {
        group = CollectiveExecutor.builder(ThreadLauncher.of(TestWorker::new), 2).drainTimeout(Duration.ofMillis(200))
                .defaultTimeout(SECONDS_10).start();
    }

    @AfterEach
    void stop() {
        group.close();
        assertThat(group.directory()).doesNotExist();
    }

    private static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            map.order(ByteOrder.LITTLE_ENDIAN);
            return map;
        }
    }

    /** As {@code frame} stands at the rank's next position, published. */
    private void forge(int type, byte[] payload) throws IOException {
        MappedByteBuffer ring = map(group.directory().resolve("replies-1"));
        int at = RING_DATA + (int) ring.getLong(TAIL);
        ring.put(at + 8, payload);
        ring.putLong(at, ((long) type << 40) | (8 + payload.length));
    }

    private void expectBlame(String what) {
        TestGroup.await(SECONDS_10, () -> group.state() == State.FAILED);
        assertThatThrownBy(() -> TestGroup.get(group.call("rank", MemorySegment.NULL)))
                .hasMessageContaining("rank=1").hasMessageContaining(what);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBlameTheRankForRandomBytesInItsReplyRing(long seed) throws Exception {
        CompletableFuture<CallResult> inFlight = group.call("sleep", TestWorker.text("300"));
        byte[] noise = new byte[1 << 16];
        new Random(seed).nextBytes(noise);
        map(group.directory().resolve("replies-1")).put(RING_DATA, noise);
        expectBlame("reply");
        assertThatThrownBy(() -> TestGroup.get(inFlight)).isInstanceOf(RollcallException.class);
    }

    @Test
    void shouldBlameTheRankForAFrameOfUnknownType() throws Exception {
        forge(99, new byte[16]);
        expectBlame("type=99");
    }

    @Test
    void shouldBlameTheRankForAFrameOfAnotherRank() throws Exception {
        ByteBuffer reply = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putInt(0);
        forge(CallLayout.REPLY, reply.array());
        expectBlame("malformed reply");
    }

    @Test
    void shouldBlameTheRankForAnErrorThatLiesAboutItsLength() throws Exception {
        ByteBuffer error = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putInt(1).putInt(0)
                .putInt(1 << 30);
        forge(CallLayout.ERROR, error.array());
        expectBlame("malformed reply");
    }

    @Test
    void shouldOnlyCountRepliesNobodyAskedFor() throws Exception {
        ByteBuffer reply = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1_000_000).putInt(1);
        forge(CallLayout.REPLY, reply.array());
        TestGroup.await(SECONDS_10, () -> group.counters().unknownReplies() == 1);
        assertThat(group.state()).isEqualTo(State.READY);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldBlameTheRankForRandomBytesInItsBoardBlock(long seed) throws Exception {
        byte[] noise = new byte[RANK_BYTES];
        new Random(seed).nextBytes(noise);
        map(group.directory().resolve("board")).put(RANKS + RANK_BYTES, noise);
        expectBlame("board block broken");
    }

    /** Between two looks of the collector a rank may have come far: that is no garbage. */
    @Test
    void shouldBlameNobodyForMarksThatMove() throws Exception {
        try (Board board = Board.open(group.directory().resolve("board"), true)) {
            CompletableFuture<?>[] calls = new CompletableFuture<?>[5_000];
            for (int i = 0; i < calls.length; i++) {
                calls[i] = group.call("nothing", MemorySegment.NULL);
                assertThat(board.garbage(i & 1)).isNull();
            }
            TestGroup.get(CompletableFuture.allOf(calls));
        }
        assertThat(group.state()).isEqualTo(State.READY);
    }
}
