package dev.rollcall.rpc.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

import net.openhft.chronicle.bytes.BytesIn;
import net.openhft.chronicle.bytes.BytesMarshallable;
import net.openhft.chronicle.bytes.BytesOut;

import org.junit.jupiter.api.Test;

import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.CallOptions;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.Worker;
import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.RollcallException;

class BytesCodecTest {

    /** What is sent. */
    public static final class Step implements BytesMarshallable {

        public long tokens;
        public String prompt = "";

        @Override
        public void writeMarshallable(BytesOut<?> bytes) {
            bytes.writeHexDumpDescription("tokens").writeLong(tokens);
            bytes.writeHexDumpDescription("prompt").writeUtf8(prompt);
        }

        @Override
        public void readMarshallable(BytesIn<?> bytes) {
            tokens = bytes.readLong();
            prompt = String.valueOf(bytes.readUtf8());
        }
    }

    /** Nobody registered this one. */
    public static final class Gadget implements BytesMarshallable {
    }

    /** Doubles the tokens. */
    public static final class Doubler implements Worker {

        @Override
        public MemorySegment call(CallContext call) {
            Step step = (Step) CODEC.decode(call.arguments());
            step.tokens *= 2;
            return CODEC.encode(step);
        }
    }

    private static final BytesCodec CODEC = BytesCodec.builder().register(7, Step.class, Step::new).build();

    private static Step step() {
        Step step = new Step();
        step.tokens = 21;
        step.prompt = "über";
        return step;
    }

    @Test
    void shouldCarryTypedArgumentsAndResults() throws Exception {
        try (CollectiveExecutor group =
                CollectiveExecutor.builder(ProcessLauncher.of(Doubler.class).build(), 1).start()) {
            MemorySegment reply = group.call("double", CODEC.encode(step()), CallOptions.fromRank(0))
                    .get(20, TimeUnit.SECONDS).reply(0);
            Step answer = (Step) CODEC.decode(reply);
            assertThat(answer.tokens).isEqualTo(42);
            assertThat(answer.prompt).isEqualTo("über");
        }
    }

    @Test
    void shouldMakeNothingThatWasNotRegistered() {
        MemorySegment foreign = CODEC.encode(step());
        foreign.set(ValueLayout.JAVA_INT_UNALIGNED, 0, 8);
        assertThatThrownBy(() -> CODEC.decode(foreign)).isInstanceOf(IncompatibleSegmentException.class)
                .hasMessageContaining("type=8").hasMessageContaining("registered=[7]");
        assertThatThrownBy(() -> CODEC.encode(new Gadget())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Gadget");
        assertThatThrownBy(() -> CODEC.decode(MemorySegment.ofArray(new byte[2])))
                .isInstanceOf(IncompatibleSegmentException.class);
    }

    @Test
    void shouldReportBytesThatAreCutShort() {
        MemorySegment whole = CODEC.encode(step());
        assertThatThrownBy(() -> CODEC.decode(whole.asSlice(0, whole.byteSize() - 2)))
                .isInstanceOf(RollcallException.class).hasMessageContaining("cannot be read");
    }

    @Test
    void shouldDumpBytesWithTheirMeaning() {
        assertThat(CODEC.hexDump(step())).contains("07 00 00 00").contains("# type").contains("# tokens")
                .contains("# prompt");
    }
}
