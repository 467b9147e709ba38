package dev.rollcall.tools.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VitalsTest {
    private static final Vitals HALF_WAY = new Vitals(30, 150_000, 9_000, 98, 30, 15);

    @Test
    void shouldCallASmallDifferenceFlat() throws Exception {
        assertThat(new Vitals(60, 160_000, 12_000, 162, 42, 17).growthSince(HALF_WAY, 4)).isEmpty();
        assertThat(new Vitals(60, 90_000, 5_000, 40, 10, 9).growthSince(HALF_WAY, 4)).isEmpty();
        Vitals now = Vitals.now(0);
        assertThat(now.growthSince(now, 4)).isEmpty();
        assertThat(now.heapKb()).isPositive();
        assertThat(now.rssKb()).isPositive();
        assertThat(now.descriptors()).isPositive();
    }

    @Test
    void shouldNameWhatGrew() {
        assertThat(new Vitals(60, 150_000, 16_000, 98, 30, 15).growthSince(HALF_WAY, 4)).singleElement().asString()
                .contains("heap kB from 9000 to 16000");
        assertThat(new Vitals(60, 150_000, 9_000, 178, 38, 15).growthSince(HALF_WAY, 4)).singleElement().asString()
                .contains("descriptors from 98 to 178");
        assertThat(new Vitals(60, 250_000, 9_000, 178, 43, 24).growthSince(HALF_WAY, 4)).hasSize(4);
    }
}
