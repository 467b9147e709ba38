package dev.rollcall.stress.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Case SPINNING = only("w1-spin");

    @Test
    void shouldAskTheSameOfEverybodyButForWhatIsItsOwn() {
        assertThat(SPINNING.words(Case.PRODUCT)).contains("w=W1", "mode=spin", "warm_ms=600", "ms=800");
        assertThat(SPINNING.words(Plan.C)).contains("w=W1", "mode=spin", "warm_ms=200", "ms=800")
                .doesNotContain("warm_ms=600");
        assertThat(SPINNING.scaled(0.5).words(Plan.C)).contains("warm_ms=100", "ms=400", "hdr=1");
    }

    @Test
    void shouldPutTheProductNextToEachRivalInTurn() {
        List<String> wanted = List.of(Plan.C, Plan.AERON, Plan.AGRONA);
        assertThat(SPINNING.order(0, wanted)).containsExactly(Case.PRODUCT, Plan.C, Plan.AERON, Plan.AGRONA);
        assertThat(SPINNING.order(1, wanted)).containsExactly(Plan.AGRONA, Plan.AERON, Plan.C, Case.PRODUCT);
        assertThat(SPINNING.order(2, wanted)).containsExactly(Case.PRODUCT, Plan.AERON, Plan.AGRONA, Plan.C);
        assertThat(SPINNING.order(0, List.of())).isEmpty();
        assertThat(SPINNING.order(0, Plan.PEERS)).contains(Plan.SOCKETS);
        assertThat(SPINNING.order(6, Plan.PEERS)).doesNotContain(Plan.SOCKETS);
    }

    @Test
    void shouldSelectByTheBeginningOfAName() {
        assertThat(SPINNING.isOneOf(List.of("W1"))).isTrue();
        assertThat(SPINNING.isOneOf(List.of("w2", "w1-spin"))).isTrue();
        assertThat(SPINNING.isOneOf(List.of("w1-s"))).isFalse();
        assertThat(Plan.cases().stream().filter(work -> work.isOneOf(Plan.quick()))).hasSameSizeAs(Plan.quick());
        assertThat(Plan.cases()).extracting(Case::id).doesNotHaveDuplicates();
    }

    static Case only(String id) {
        return Plan.cases().stream().filter(work -> work.id().equals(id)).findFirst().orElseThrow();
    }
}
