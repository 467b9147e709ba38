package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.Verdict;
import org.junit.jupiter.api.Test;

class PhrasesTest {
    @Test
    void shouldListRanksInShort() {
        assertThat(Phrases.ranks(0)).isEqualTo("none");
        assertThat(Phrases.ranks(0b1101_1111)).isEqualTo("0-4,6,7");
        assertThat(Phrases.ranks(0b101)).isEqualTo("0,2");
        assertThat(Phrases.ranks(-1L)).isEqualTo("0-63");
        assertThat(Phrases.ranks(1L << 63)).isEqualTo("63");
    }

    @Test
    void shouldSayWho() {
        assertThat(Phrases.who(5)).isEqualTo("rank 5");
        assertThat(Phrases.who(Verdict.DRIVER)).isEqualTo("driver");
        assertThat(Phrases.who(Verdict.NOBODY)).isEqualTo("nobody");
    }
}
