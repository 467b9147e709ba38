package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearnedLimitsTest {
    private final ModelGroup group = new ModelGroup(8);

    private LimitTable.Limit limit(String method, String costClass) {
        return group.learned.table().limitFor(method, costClass, 0);
    }

    @Test
    void shouldLearnBothClassesOfTheMixedLoadInThreeSeconds() {
        group.serveMixedLoad();

        assertThat(limit(METHOD, "decode").suspectNanos()).isEqualTo(SECOND);
        assertThat(limit(METHOD, "decode").actNanos()).isEqualTo(SECOND);
        assertThat(limit(METHOD, "prefill").suspectNanos()).isBetween(1500 * MILLI, 2500 * MILLI);
        assertThat(limit(METHOD, "prefill").actNanos()).isLessThanOrEqualTo(2500 * MILLI);
    }

    @Test
    void shouldGiveTheWarmUpLimitToAClassItDoesNotKnow() {
        group.serveMixedLoad();

        assertThat(limit(METHOD, "unheard of").suspectNanos()).isEqualTo(300 * SECOND);
        assertThat(limit("unheard of", "decode").suspectNanos()).isEqualTo(300 * SECOND);
    }

    @Test
    void shouldLearnNothingFromWarmUpCalls() {
        group.serve(METHOD, "decode", 40);
        group.serve(METHOD, "decode", 40);
        assertThat(limit(METHOD, "decode").suspectNanos()).isEqualTo(300 * SECOND);

        group.serve(METHOD, "decode", 0);
        assertThat(limit(METHOD, "decode").suspectNanos()).isEqualTo(SECOND);
    }

    @Test
    void shouldForgetAgesThatAreNoLongerRecent() {
        group.serve(METHOD, "decode", 0);
        group.serve(METHOD, "decode", 0);
        group.serve(METHOD, "decode", 20);
        assertThat(limit(METHOD, "decode").suspectNanos()).isGreaterThan(4 * SECOND);

        for (int i = 0; i < 64; i++) {
            group.serve(METHOD, "decode", 0);
        }
        assertThat(limit(METHOD, "decode").suspectNanos()).isEqualTo(SECOND);
    }

    @Test
    void shouldLearnNothingFromCallsUnderSuspicion() {
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 0);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.ticks(60);
        group.allWaitExcept();
        group.end();
        group.ticks(2);

        assertThat(group.everFound).isNotEmpty();
        assertThat(limit(METHOD, "decode").suspectNanos()).isEqualTo(SECOND);
    }

    @Test
    void shouldLearnFromCallsSeenOnlyInTheInFlightTable() {
        for (int i = 0; i < 20; i++) {
            group.begin(METHOD, "decode", 0);
            group.begin("sample_tokens", "", 0);
            group.tick();
            for (ModelGroup.Rank rank : group.ranks) {
                rank.started = rank.received;
            }
            group.end();
        }
        group.tick();

        assertThat(group.learned.table().classes()).anyMatch(c -> c.method().equals("sample_tokens"));
    }

    @Test
    void shouldNotLearnFromCallsThatWereOverWhenItCame() {
        group.ranks.forEach(rank -> {
            rank.started = 500;
            rank.finished = 500;
            rank.method = METHOD;
        });
        group.ticks(10);

        assertThat(group.learned.table().classes()).isEmpty();
    }

    @Test
    void shouldLearnFromTheRecordUnlessSomebodyWasUnderSuspicion() {
        List<PastCalls.PastCall> past = new ArrayList<>();
        for (long id = 1; id <= 4; id++) {
            past.add(new PastCalls.PastCall(id, METHOD, "fast", id * 100 * MILLI));
        }
        past.add(new PastCalls.PastCall(5, METHOD, "garbage", -1));
        PastCalls record = (after, upTo, limits) -> past.stream()
                .filter(call -> call.callId() > after && call.callId() <= upTo).toList();
        group.tick();
        GroupSnapshot asItCame = group.recorded.getLast();
        for (int i = 0; i < 6; i++) {
            group.begin(METHOD, "fast", 0);
        }
        group.ranks.forEach(rank -> {
            rank.started = 6;
            rank.finished = 5;
        });
        group.inFlight.removeIf(call -> call.callId() < 6);
        group.tick();
        GroupSnapshot underWay = group.recorded.getLast();
        LearnedLimits learned = new LearnedLimits(SECOND, record);
        LearnedLimits suspicious = new LearnedLimits(SECOND, record);
        LearnedLimits late = new LearnedLimits(SECOND, record);

        learned.observe(asItCame, false);
        learned.observe(underWay, false);
        learned.observe(underWay, false);
        suspicious.observe(asItCame, false);
        suspicious.observe(underWay, true);
        suspicious.observe(underWay, false);

        assertThat(learned.table().classes())
                .containsExactly(new LimitTable.LearnedClass(METHOD, "fast", 2, 400 * MILLI));
        assertThat(suspicious.table().classes()).isEmpty();
        late.observe(underWay, false);
        assertThat(late.table().classes()).as("nobody watched them").isEmpty();
    }

    @Test
    void shouldNeverExceedTheDeadlineOfTheCall() {
        group.serveMixedLoad();
        LimitTable table = group.learned.table();

        assertThat(table.limitFor(METHOD, "prefill", SECOND).suspectNanos()).isEqualTo(SECOND);
        assertThat(table.limitFor("unheard of", "", 60 * SECOND).actNanos()).isEqualTo(60 * SECOND);
    }

    @Test
    void shouldScaleTheWarmUpLimitWithTheFloor() {
        LimitTable table = new LearnedLimits(100 * MILLI).table();

        assertThat(table.limitFor("unheard of", "", 0).suspectNanos()).isEqualTo(30 * SECOND);
        assertThat(table.scaled(5 * SECOND)).isEqualTo(500 * MILLI);
    }

    @Test
    void shouldRefuseAFloorThatIsNone() {
        assertThatThrownBy(() -> new LearnedLimits(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("floorNanos=0");
    }

    @Test
    void shouldSayHowCloseHealthyCallsCameToTheirLimit() {
        ModelGroup group = new ModelGroup(2);
        for (int call = 0; call < 6; call++) {
            group.serve(METHOD, "decode", 4);
        }
        group.serve(METHOD, "decode", 12);
        group.tick();

        Headroom row = group.learned.headroom().getFirst();
        assertThat(row.method()).isEqualTo(METHOD);
        assertThat(row.costClass()).isEqualTo("decode");
        assertThat(row.calls()).as("neither the warm-up nor the first to teach").isEqualTo(4);
        assertThat(row.maxPercent()).as("12 ticks of 50 ms against a floor of 1 s").isBetween(50, 60);
        assertThat(row.medianPercent()).isBetween(10, 20);
    }

    @Test
    void shouldLeaveSuspectedCallsOutOfTheHeadroom() {
        ModelGroup group = new ModelGroup(8);
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.untilAct(2 * SECOND);
        group.end();
        group.ticks(4);

        assertThat(group.learned.headroom()).isNotEmpty().allMatch(row -> row.maxPercent() < 50);
    }
}
