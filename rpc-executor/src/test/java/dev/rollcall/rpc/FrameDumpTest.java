package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.junit.jupiter.api.Test;

class FrameDumpTest {

    @Test
    void shouldNameEveryFieldAndHideThePayload() {
        MemorySegment frame = MemorySegment.ofArray(new byte[CallLayout.REQUEST_HEADER + 6]);
        CallLayout.request(frame, 0, 0x1234, 99, 45, 6, 3, 2, -1, CallLayout.FATAL_ERRORS);
        MemorySegment.copy("secret".getBytes(StandardCharsets.UTF_8), 0, frame, ValueLayout.JAVA_BYTE,
                CallLayout.REQUEST_HEADER, 6);
        String dump = FrameDump.request(frame, 0, frame.byteSize(), 0);
        assertThat(dump).contains("000000  34 12 00 00 00 00 00 00").contains("call id = 4660")
                .contains("reply rank = -1").contains("layout version = 1").contains("arguments, 6 bytes")
                .doesNotContain("secret").doesNotContain("73 65");
        assertThat(FrameDump.request(frame, 0, frame.byteSize(), 3)).contains("| sec").doesNotContain("secret");
    }

    @Test
    void shouldTakeAnyBytes() {
        byte[] noise = new byte[200];
        for (int seed = 0; seed < 200; seed++) {
            new Random(seed).nextBytes(noise);
            MemorySegment frame = MemorySegment.ofArray(noise);
            assertThat(FrameDump.request(frame, 0, seed, 50)).isNotEmpty();
            assertThat(FrameDump.reply(frame, 0, seed, 50)).isNotEmpty();
        }
    }
}
