package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.WatchedGroup.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far it goes: by kind, and by veto. */
class WatchdogResponseTest {
    private static final Duration FLOOR = Duration.ofMillis(300);

    @TempDir
    private Path incidents;

    private final WatchedGroup group = new WatchedGroup(3);

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void shouldOnlySayWhatIsNotToBeActedOnAndActOnTheRest() {
        group.watch(group.options().floor(FLOOR).incidents(incidents).respond(HangKind.STOPPED, Response.OBSERVE)
                .contributor("scheduler", () -> "7 waiting"));
        group.begin("decode");
        group.victim().signal(Signal.STOP);
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");

        assertThat(group.board.verdict()).isNull();
        Path saved = Path.of(group.heard.sealed.getFirst().incident());
        assertThat(IncidentReader.read(saved).notes()).anyMatch(note -> note.startsWith("response to STOPPED=observe"));
        assertThat(saved.resolve("statements/scheduler.txt")).hasContent("7 waiting");

        group.victim().signal(Signal.KILL);
        await(() -> group.board.verdict() != null, "a verdict");
        assertThat(group.board.verdict().kind()).isEqualTo(HangKind.DEAD);
        assertThat(group.watchdog().counters().actedOn(HangKind.STOPPED)).isZero();
        await(() -> group.watchdog().counters().actedOn(HangKind.DEAD) == 1, "the count, which follows the verdict");
    }

    @Test
    void shouldTellADriverThatHangsAndNotEndItWhenCallsAreOnlyToFail() {
        try (Child driver = Child.ofGroup(group.directory.boardFile(), "driver")) {
            group.leaveDrivingToAnother();
            group.watch(group.options().floor(FLOOR).incidents(incidents)
                    .respond(HangKind.DRIVER_HUNG, Response.FAIL));
            await(() -> group.watchdog().health().ticks() > 10, "some ticks");
            driver.signal(Signal.STOP);
            await(() -> !group.heard.sealed.isEmpty(), "the evidence");
            long ticks = group.watchdog().health().ticks();
            await(() -> group.watchdog().health().ticks() > ticks + 3, "more ticks");

            assertThat(group.board.verdict().kind()).isEqualTo(HangKind.DRIVER_HUNG);
            assertThat(group.watchdog().counters().actedOn(HangKind.DRIVER_HUNG)).isEqualTo(1);
            assertThat(group.heard.driverKilled).isEmpty();
            assertThat(driver.handle().isDead()).isFalse();
        }
    }

    @Test
    void shouldHeedAVetoOncePerCase() {
        List<Finding> asked = new CopyOnWriteArrayList<>();
        group.watch(group.options().floor(FLOOR).incidents(incidents).veto(asked::add));
        group.begin("decode");
        group.victim().signal(Signal.STOP);
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");
        long ticks = group.watchdog().health().ticks();
        await(() -> group.watchdog().health().ticks() > ticks + 3, "more ticks");

        assertThat(group.board.verdict()).isNull();
        assertThat(asked).extracting(Finding::kind).containsExactly(HangKind.STOPPED);
        assertThat(IncidentReader.read(Path.of(group.heard.sealed.getFirst().incident())).notes())
                .anyMatch(note -> note.startsWith("vetoed"));
    }

    @Test
    void shouldRefuseToActOnWhatIsNobodysFault() {
        assertThatThrownBy(() -> group.options().respond(HangKind.STARVED, Response.FAIL))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("STARVED");
    }
}
