package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class OutputTailTest {

    private final List<String> passedOn = new ArrayList<>();
    private final OutputTail tail = new OutputTail(3, passedOn::add);

    @Test
    void shouldPassEverythingOnAndKeepTheLastLines() throws IOException {
        drain("one\ntwo\n\nthree\nfour");
        assertThat(passedOn).containsExactly("one", "two", "", "three", "four");
        assertThat(tail.lines()).containsExactly("", "three", "four");
    }

    @Test
    void shouldSplitEndlessLines() throws IOException {
        drain("x".repeat(10_000));
        assertThat(passedOn).extracting(String::length).containsExactly(4096, 4096, 1808);
    }

    private void drain(String text) throws IOException {
        tail.drain(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
