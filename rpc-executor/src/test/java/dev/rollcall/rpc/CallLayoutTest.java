package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;

import org.junit.jupiter.api.Test;

class CallLayoutTest {

    @Test
    void shouldReadBackRequest() {
        MemorySegment memory = MemorySegment.ofArray(new byte[8 + CallLayout.REQUEST_HEADER]);
        CallLayout.request(memory, 8, 7, 123, 45, 6, 3, 2, -1, CallLayout.PING);
        assertThat(CallLayout.callId(memory, 8)).isEqualTo(7);
        assertThat(CallLayout.deadline(memory, 8)).isEqualTo(123);
        assertThat(CallLayout.budget(memory, 8)).isEqualTo(45);
        assertThat(CallLayout.expected(memory, 8)).isEqualTo(6);
        assertThat(CallLayout.method(memory, 8)).isEqualTo(3);
        assertThat(CallLayout.costClass(memory, 8)).isEqualTo(2);
        assertThat(CallLayout.replyRank(memory, 8)).isEqualTo(-1);
    }

    @Test
    void shouldReadBackErrorTexts() {
        MemorySegment error = CallLayout.error(9, 5, CallLayout.FATAL, "Type", "", "stack\n  at ü");
        assertThat(CallLayout.callId(error, 0)).isEqualTo(9);
        assertThat(CallLayout.rank(error, 0)).isEqualTo(5);
        assertThat(CallLayout.errorTexts(error, 0, error.byteSize())).containsExactly("Type", "", "stack\n  at ü");
    }

    @Test
    void shouldCutLongTextsAtACharacter() {
        MemorySegment error = CallLayout.error(1, 0, 0, "T", "m", "a" + "ü".repeat(CallLayout.MAX_TEXT));
        String[] texts = CallLayout.errorTexts(error, 0, error.byteSize());
        assertThat(texts[2]).hasSize(CallLayout.MAX_TEXT / 2).endsWith("ü");
    }

    @Test
    void shouldRefuseErrorsThatLieAboutTheirLength() {
        MemorySegment error = CallLayout.error(1, 0, 0, "Type", "message", "stack");
        for (long length = 0; length < error.byteSize(); length++) {
            assertThat(CallLayout.errorTexts(error, 0, length)).as("length=%s", length).isNull();
        }
    }

    @Test
    void shouldRefuseRequestsOfAnotherVersionOrWithALyingTrace() {
        LoopCall call = new LoopCall(0, null, null, null, null, true);
        MemorySegment request = MemorySegment.ofArray(new byte[CallLayout.REQUEST_HEADER + 16]);
        CallLayout.request(request, 0, 7, 123, 45, 6, 0, 0, -1, 0);
        assertThat(call.read(request, 0, request.byteSize())).isTrue();
        assertThat(call.length()).isEqualTo(16);
        assertThat(call.read(request, 0, CallLayout.REQUEST_HEADER - 1)).isFalse();
        for (int trace : new int[]{-1, 17, 2000}) {
            request.set(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 48, trace);
            assertThat(call.read(request, 0, request.byteSize())).as("trace=%s", trace).isFalse();
        }
        CallLayout.request(request, 0, 7, 123, 45, 6, 0, 0, -1, 0);
        request.set(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 52, CallLayout.VERSION + 1);
        assertThat(call.read(request, 0, request.byteSize())).isFalse();
    }
}
