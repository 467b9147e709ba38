package dev.rollcall.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.infra.runners.TestList;

class TallyTest {
    private static final String TEST = "dev.rollcall.stress.ring.PublishPollStress";
    private static final String TWIN = "dev.rollcall.stress.twin.PublishTwins.HeaderBeforePayload";
    private static final String ORIGINAL = "dev.rollcall.stress.twin.PublishTwins.Sound";

    @Test
    void shouldFailATestThatSawSomethingForbidden() {
        assertThat(clean(TEST).passed()).isTrue();
        assertThat(forbidden(TEST).passed()).isFalse();
        assertThat(forbidden(TEST).plus(clean(TEST)).passed()).isFalse();
        assertThat(forbidden(TEST).story()).contains("saw 1, 1: torn x3");
    }

    @Test
    void shouldFailATwinThatIsNotCaught() {
        assertThat(clean(TWIN).passed()).isFalse();
        assertThat(clean(TWIN).story()).contains("not caught");
        assertThat(clean(TWIN).plus(forbidden(TWIN)).passed()).isTrue();
    }

    @Test
    void shouldJudgeTheSoundOriginalLikeATest() {
        assertThat(clean(ORIGINAL).passed()).isTrue();
        assertThat(forbidden(ORIGINAL).passed()).isFalse();
    }

    @Test
    void shouldFailWhatGaveNoResultOrCrashed() {
        Tally crashed = new Tally(TWIN, 1, 10, Map.of("1, 1: torn", 3L), 1, List.of("VM_ERROR"));

        assertThat(new Tally(TEST).passed()).isFalse();
        assertThat(new Tally(TWIN).passed()).isFalse();
        assertThat(crashed.passed()).isFalse();
    }

    /** A name misspelt in the smoke set would silently leave that twin out. */
    @Test
    void shouldHaveATwinOfEachProtocolInTheSmokeSet() {
        Pattern smoke = Pattern.compile(Effort.SMOKE.selections().getFirst().tests());

        assertThat(protocols(name -> smoke.matcher(name).find())).isEqualTo(protocols(name -> true));
    }

    /** Those of whom a twin is among these tests. */
    private static Set<String> protocols(Predicate<String> tests) {
        return TestList.tests().stream().filter(tests).filter(name -> new Tally(name).isTwin())
                .map(name -> name.substring(0, name.lastIndexOf('.'))).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Tally clean(String name) {
        return new Tally(name, 1, 10, Map.of(), 0, List.of());
    }

    private static Tally forbidden(String name) {
        return new Tally(name, 1, 10, Map.of("1, 1: torn", 3L), 1, List.of());
    }
}
