package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

class GroupPropertiesTest {

    private final Map<String, String> values = new HashMap<>();
    private final GroupProperties properties = new GroupProperties(values::get);

    @Test
    void shouldReadUnits() {
        values.putAll(Map.of("rollcall.a", "4m", "rollcall.b", "4096", "rollcall.c", " 500MS ", "rollcall.d", "PT1M30S",
                "rollcall.e", "2h"));
        assertThat(properties.bytes("a", 0)).isEqualTo(4 << 20);
        assertThat(properties.bytes("b", 0)).isEqualTo(4096);
        assertThat(properties.duration("c", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(properties.duration("d", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(properties.duration("e", Duration.ZERO)).isEqualTo(Duration.ofHours(2));
        assertThat(properties.number("none", 7)).isEqualTo(7);
    }

    @Test
    void shouldNotGuess() {
        values.putAll(Map.of("rollcall.a", "four", "rollcall.b", "5", "rollcall.c", "yes"));
        assertThatThrownBy(() -> properties.bytes("a", 0)).hasMessageContaining("rollcall.a=four");
        assertThatThrownBy(() -> properties.duration("b", Duration.ZERO)).hasMessageContaining("rollcall.b=5");
        assertThatThrownBy(() -> properties.flag("c", true)).hasMessageContaining("expected=true or false");
    }

    @Test
    void shouldLetTheBuilderWin() {
        values.putAll(Map.of("rollcall.window", "3", "rollcall.call.timeout", "7s", "rollcall.restart.intensity", "2"));
        GroupSettings.Draft draft = new GroupSettings.Draft(ThreadLauncher.of(TestWorker::new), 1, properties);
        draft.window = 9;
        GroupSettings settings = draft.check();
        assertThat(settings.sizes().window()).isEqualTo(9);
        assertThat(settings.timeouts().call()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.restart()).isNotNull();
        assertThat(settings.toString()).contains("window=9").contains("call=PT7S").contains("intensity=2");
    }

    @Test
    void shouldPreferTheCallsTimeoutThenTheMethodsThenTheGroups() {
        GroupSettings.Draft draft = new GroupSettings.Draft(ThreadLauncher.of(TestWorker::new), 1, properties);
        draft.methods.put("slow", MethodOptions.defaults().within(Duration.ofMinutes(5)));
        GroupSettings settings = draft.check();
        MethodOptions slow = settings.method("slow");
        assertThat(settings.timeoutNanos(CallOptions.allRanks(), slow)).isEqualTo(300_000_000_000L);
        assertThat(settings.timeoutNanos(CallOptions.allRanks().within(Duration.ofSeconds(1)), slow))
                .isEqualTo(1_000_000_000L);
        assertThat(settings.timeoutNanos(CallOptions.allRanks(), settings.method("other")))
                .isEqualTo(60_000_000_000L);
    }
}
