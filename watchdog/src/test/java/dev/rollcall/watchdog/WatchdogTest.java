package dev.rollcall.watchdog;

import static dev.rollcall.watchdog.WatchedGroup.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.watchdog.incident.IncidentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path incidents;

    private final WatchedGroup group = new WatchedGroup(3);

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void shouldConvictAStoppedWorkerAndSaveTheEvidence() {
        group.watch(group.options().incidents(incidents));
        group.serve("decode", 4);
        long call = group.begin("decode");
        long from = System.nanoTime();
        group.victim().signal(Signal.STOP);

        await(() -> group.board.verdict() != null, "a verdict on the board");
        long took = System.nanoTime() - from;
        group.failInFlight();
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");

        Verdict verdict = group.board.verdict();
        assertThat(verdict.kind()).isEqualTo(HangKind.STOPPED);
        assertThat(verdict.rank()).isEqualTo(2);
        assertThat(verdict.callId()).isEqualTo(call);
        assertThat(verdict.victims()).isEqualTo(0b011);
        assertThat(verdict.reason()).contains("state T").contains("started call " + call);
        assertThat(took).isGreaterThan(SECOND / 2);
        assertThat(group.board.watchdog().sealedVerdict()).isEqualTo(verdict.sequence());
        assertThat(group.watchdog().healthCheck().status()).isEqualTo(HealthCheck.Status.HUNG);
        assertThat(group.watchdog().healthCheck().reason()).startsWith("rank 2 STOPPED");
        Path saved = Path.of(group.heard.sealed.getFirst().incident());
        assertThat(verdict.incident()).isEqualTo(saved.toString());
        assertThat(saved.resolve("incident.json")).isNotEmptyFile();
        assertThat(WatchedGroup.text(saved.resolve("stacks/rank-0.txt"))).contains("stack of a played rank");
        assertThat(WatchedGroup.text(saved.resolve("proc/rank-2.txt"))).contains("(stopped)");
    }

    @Test
    void shouldSaveAnIncidentFromWhichTheVerdictCanBeReachedAgain() {
        group.watch(group.options().incidents(incidents));
        group.serve("decode", 4);
        group.begin("decode");
        group.victim().say("spin");
        await(() -> !group.heard.decided.isEmpty(), "a verdict");
        long before = System.nanoTime();
        group.failInFlight();
        long after = System.nanoTime();
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");
        Finding decided = group.heard.decided.getFirst();
        assertThat(decided.kind()).isEqualTo(HangKind.SPINNING);

        Incident incident = IncidentReader.read(Path.of(group.heard.sealed.getFirst().incident()));
        Diagnosis again = new Diagnoser().diagnose(incident.window().stream()
                .filter(snapshot -> snapshot.tick() <= incident.verdictTick()).toList(), incident.limits());

        assertThat(again.act()).contains(decided);
        assertThat(incident.limitNanos()).isGreaterThanOrEqualTo(SECOND).isEqualTo(
                incident.limits().limitFor(WatchedGroup.METHOD, "decode", 60 * SECOND).suspectNanos());
        assertThat(incident.timeline().failedNanos()).as("not when a tick saw it").isBetween(before, after);
        assertThat(incident.timeline().lastProgressNanos()).isLessThan(incident.timeline().verdictNanos() - SECOND);
        assertThat(incident.window().getLast().requests()).isNotNull();
    }

    @Test
    void shouldKeepAsManyIncidentsAsItWasTold() throws IOException {
        Path old = Files.createDirectory(incidents.resolve("old"));
        Files.writeString(old.resolve("incident.json"), "{}");
        Files.setLastModifiedTime(old, FileTime.fromMillis(1_000));
        group.watch(group.options().incidents(incidents).keepIncidents(1, 1L << 30));
        group.begin("decode");
        group.victim().signal(Signal.KILL);
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");

        assertThat(Path.of(group.heard.sealed.getFirst().incident())).exists();
        assertThat(old).doesNotExist();
        assertThatThrownBy(() -> group.options().keepIncidents(0, 1)).hasMessageContaining("count=0");
    }

    @Test
    void shouldConvictAKilledWorkerAtOnce() {
        group.watch(group.options());
        group.begin("decode");
        await(() -> group.watchdog().health().ticks() > 3, "some ticks");
        long from = System.nanoTime();
        group.victim().signal(Signal.KILL);

        await(() -> group.board.verdict() != null, "a verdict on the board");

        assertThat(System.nanoTime() - from).isLessThan(2 * SECOND);
        assertThat(group.board.verdict().kind()).isEqualTo(HangKind.DEAD);
        assertThat(group.board.verdict().rank()).isEqualTo(2);
        await(() -> group.board.watchdog().sealedVerdict() == 1, "the seal, though nothing is saved");
    }

    @Test
    void shouldStayHealthyUnderLoadAndTurnUnhealthyOnAHang() {
        group.watch(group.options());
        group.serve("decode", 4);
        try (Hogs hogs = new Hogs(4)) {
            group.begin("prefill"); // of a class not met before, longer than any limit of the others
            group.victim().say("sleep 1500");
            long from = System.nanoTime();
            do {
                assertThat(group.watchdog().healthCheck().isUp()).isTrue();
                LockSupport.parkNanos(10_000_000);
            } while (System.nanoTime() - from < 3 * SECOND / 2);
            assertThat(hogs.areAtIt()).isTrue();
        }
        group.victim().awaitAcknowledged();
        group.end();
        assertThat(group.heard.decided).isEmpty();
        assertThat(group.watchdog().healthCheck().isUp()).isTrue();

        group.begin("decode");
        group.victim().signal(Signal.STOP);

        await(() -> group.watchdog().healthCheck().status() == HealthCheck.Status.HUNG, "red");
        assertThat(group.watchdog().healthCheck().reason()).startsWith("rank 2 STOPPED");
    }

    @Test
    void shouldOnlySayWhatItWouldHaveDoneWhileObserving() {
        group.watch(group.options().mode(WatchdogMode.OBSERVE).incidents(incidents));
        group.begin("decode");
        group.victim().signal(Signal.STOP);
        await(() -> !group.heard.sealed.isEmpty(), "the evidence");

        assertThat(group.board.verdict()).isNull();
        assertThat(group.board.suspect().kind()).isEqualTo(HangKind.STOPPED);
        assertThat(group.board.watchdog().enforce()).isFalse();
        assertThat(group.heard.sealed.getFirst().incident()).isNotEmpty();
        group.victim().signal(Signal.CONT);
        await(() -> group.board.suspect() == null, "the suspicion taken back");
        assertThat(group.heard.decided).hasSize(1);
    }

    @Test
    void shouldTakeASuspicionBackWhenThereIsProgressAgain() {
        group.watch(group.options().floor(Duration.ofMillis(400)));
        group.serve("", 4);
        group.begin("");
        group.victim().say("sleep 3000");
        // Kept when seen: a watchdog that gets no processor for a while takes it back until it is sure again.
        AtomicReference<Verdict> suspect = new AtomicReference<>();
        await(() -> suspect.updateAndGet(seen -> seen == null ? group.board.suspect() : seen) != null,
                "a suspicion on the board");
        assertThat(suspect.get().kind()).isEqualTo(HangKind.BLOCKED);
        assertThat(suspect.get().reason()).contains("nanosleep");
        group.end();
        await(() -> group.board.suspect() == null, "the suspicion taken back");

        assertThat(group.heard.cleared).extracting(Finding::rank).contains(2);
        assertThat(group.board.verdict()).isNull();
    }

    @Test
    void shouldKillADriverThatHangs() {
        try (Child driver = Child.ofGroup(group.directory.boardFile(), "driver")) {
            group.leaveDrivingToAnother();
            group.watch(group.options().floor(Duration.ofMillis(300)).incidents(incidents));
            await(() -> group.watchdog().health().ticks() > 10, "some ticks");
            driver.tell("hang");

            await(() -> !group.heard.driverKilled.isEmpty(), "the end of the driver");

            assertThat(group.heard.decided.getFirst().kind()).isEqualTo(HangKind.DRIVER_HUNG);
            assertThat(group.heard.driverKilled).containsExactly(true);
            assertThat(driver.handle().isDead()).isTrue();
            assertThat(group.heard.sealed).hasSize(1);
        }
    }

    @Test
    void shouldKillAStoppedDriver() {
        try (Child driver = Child.ofGroup(group.directory.boardFile(), "driver")) {
            group.leaveDrivingToAnother();
            group.watch(group.options().floor(Duration.ofMillis(300)));
            await(() -> group.watchdog().health().ticks() > 10, "some ticks");
            driver.signal(Signal.STOP);

            await(() -> !group.heard.driverKilled.isEmpty(), "the end of the driver");

            assertThat(group.heard.decided.getFirst().reason()).contains("state T");
            assertThat(driver.handle().isDead()).isTrue();
        }
    }

    @Test
    void shouldBlameADeadDriverAloneAndWatchOnUntilItsWorkersAreDead() {
        try (Child driver = Child.ofGroup(group.directory.boardFile(), "driver")) {
            group.leaveDrivingToAnother();
            group.victim();
            group.watch(group.options());
            await(() -> group.watchdog().health().ticks() > 3, "some ticks");
            driver.signal(Signal.KILL);
            await(() -> !group.heard.sealed.isEmpty(), "the verdict");
            group.victim().signal(Signal.KILL);
            long ticks = group.watchdog().health().ticks();
            await(() -> group.watchdog().health().ticks() > ticks + 5, "more ticks");

            assertThat(group.heard.decided).hasSize(1);
            assertThat(group.heard.decided.getFirst().rank()).isEqualTo(Verdict.DRIVER);
            assertThat(group.watchdog().isEnded()).isFalse();
        }
    }

    @Test
    void shouldEndWhenTheGroupIsClosed() {
        group.watch(group.options());
        await(() -> group.watchdog().health().ticks() > 3, "some ticks");
        group.phase(Phase.CLOSED);
        await(() -> group.watchdog().isEnded(), "the end");

        assertThat(group.heard.ended).containsExactly("the group was closed");
        assertThat(group.heard.decided).isEmpty();
        assertThatThrownBy(() -> group.watchdog().doWork()).isInstanceOf(AgentTerminationException.class);
    }

    @Test
    void shouldEndWhenTheFilesAreGone() {
        group.watch(group.options());
        group.directory.close();
        await(() -> group.watchdog().isEnded(), "the end");

        assertThat(group.heard.ended).containsExactly("the group's files are gone");
    }

    @Test
    void shouldTickFromTheCallersLoopAndNeverBlock() {
        try (Watchdog own = group.options().build()) {
            assertThat(own.doWork()).isEqualTo(1);
            assertThat(own.nanosUntilTick()).isLessThanOrEqualTo(Watchdog.TICK_NANOS);
            int ticks = 0;
            for (int i = 0; i < 10; i++) {
                ticks += own.doWork();
            }
            assertThat(ticks).isLessThan(10);
            assertThat(own.roleName()).contains(group.directory.group());
        }
    }

    @Test
    void shouldRefuseASecondWatchdog() {
        group.watch(group.options());

        assertThatThrownBy(() -> group.options().build()).isInstanceOf(SegmentInUseException.class);
    }

    @Test
    void shouldRefuseAnIncidentFolderItCannotWriteTo() throws Exception {
        Path file = Files.writeString(incidents.resolve("a-file"), "not a folder");

        assertThatThrownBy(() -> group.options().incidents(file).build()).isInstanceOf(RollcallException.class);
    }

    @Test
    void shouldRefuseAFloorThatMakesNoSense() {
        assertThatThrownBy(() -> group.options().floor(Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("floor=PT0.001S");
    }
}
