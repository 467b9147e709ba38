package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.ModelGroup.METHOD;
import static dev.rollcall.watchdog.ModelGroup.MILLI;
import static dev.rollcall.watchdog.ModelGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.incident.EvidenceSources;
import dev.rollcall.watchdog.incident.IncidentReader;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A saved incident is judged as it was, and as it would have been. */
class ReplayTest {
    private static final Duration FLOOR = Duration.ofSeconds(1);

    @TempDir
    private Path incidents;

    /** What the watchdog saves when it decides, thinned, written and read back. */
    private Incident saved(ModelGroup group) {
        Finding finding = group.diagnosis.act().orElseThrow();
        Verdict verdict = new Verdict(1, Tier.ACT, finding.kind(), finding.rank(), finding.callId(),
                finding.confidence(), finding.victims(), finding.reason(), "");
        List<GroupSnapshot> window = group.history.window();
        GroupSnapshot at = window.getLast();
        Incident incident = new Incident(Incident.SCHEMA, "test", verdict, finding.limitNanos(), finding.runnerUp(),
                group.learned.table(), window, at.tick(), new WatchdogHealth(1, at.tick(), 50 * MILLI, 0, 0, 0, 0),
                new Timeline(0, at.atNanos() - finding.ageNanos(), 0, 0, at.atNanos(), 0), List.of());
        return IncidentReader.read(new IncidentWriter(incidents).write(incident, EvidenceSources.none()));
    }

    private static ModelGroup spinning() {
        ModelGroup group = new ModelGroup(8);
        group.serveMixedLoad();
        group.begin(METHOD, "decode", 60 * SECOND);
        group.allWaitExcept(5);
        group.rank(5).spin();
        group.untilAct(2 * SECOND);
        return group;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldReachTheSavedVerdictAgainWhateverHangs(int seed) {
        Random random = new Random(seed);
        ModelGroup group = new ModelGroup(2 + random.nextInt(8));
        group.serveMixedLoad();
        group.begin(METHOD, random.nextBoolean() ? "decode" : "prefill", 60 * SECOND);
        int victim = random.nextInt(group.ranks.size());
        group.allWaitExcept(victim);
        switch (seed % 4) {
            case 0 -> group.rank(victim).dead = true;
            case 1 -> group.rank(victim).stop();
            case 2 -> group.rank(victim).spin();
            default -> group.rank(victim).sleep("pipe_read");
        }
        group.untilAct(6 * SECOND);

        Replay replay = Replay.of(saved(group));

        assertThat(replay.same()).isTrue();
        assertThat(replay.act().finding()).isEqualTo(group.diagnosis.act().orElseThrow());
    }

    @Test
    void shouldSayWhatAShorterFloorWouldHaveDone() {
        Incident incident = saved(spinning());

        Replay replay = Replay.withFloor(incident, Duration.ofMillis(500));

        Replay.Said full = Replay.withFloor(incident, FLOOR).act();
        assertThat(replay.same()).isFalse();
        assertThat(replay.act().finding().kind()).isEqualTo(HangKind.SPINNING);
        assertThat(replay.act().finding().rank()).isEqualTo(5);
        assertThat(replay.act().finding().limitNanos()).isEqualTo(500 * MILLI);
        assertThat(full.atNanos() - replay.act().atNanos()).isEqualTo(500 * MILLI);
    }

    @Test
    void shouldSayThatALongerFloorWouldNotHaveActedYet() {
        Replay replay = Replay.withFloor(saved(spinning()), Duration.ofSeconds(5));

        assertThat(replay.act()).isNull();
        assertThat(replay.suspects()).isEmpty();
        assertThat(replay.same()).isFalse();
    }

    @Test
    void shouldNotCallAnotherVerdictTheSame() {
        Incident incident = saved(spinning());
        Verdict other =
                new Verdict(1, Tier.ACT, HangKind.SPINNING, 4, incident.verdict().callId(), 0.95, 0, "else", "");
        Incident changed = new Incident(incident.schema(), incident.product(), other, incident.limitNanos(),
                incident.runnerUp(), incident.limits(), incident.window(), incident.verdictTick(), incident.self(),
                incident.timeline(), incident.notes());

        assertThat(Replay.of(changed).same()).isFalse();
        assertThat(Replay.of(changed).act().finding().rank()).isEqualTo(5);
    }

    @Test
    void shouldTellAnIncidentInWords() {
        assertThat(IncidentReader.report(saved(spinning()))).contains("Rank 5 kept computing", "limit=1.00 s");
    }
}
