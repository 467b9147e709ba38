package dev.rollcall.shm.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SegmentInUseException;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.testing.ShmTempDir;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every record of the board: written by its owner, read by an observer through a mapping of its own. */
class BoardTest {
    private static final int WORKERS = 3;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private Board owner;
    private Board seen;

    @BeforeEach
    void create() {
        file = folder.resolve("board");
        owner = Board.create(file, WORKERS);
        seen = Board.open(file, true);
    }

    @AfterEach
    void close() {
        seen.close();
        owner.close();
    }

    @Test
    void shouldBeEmptyAtFirst() {
        assertThat(seen.workers()).isEqualTo(WORKERS);
        assertThat(seen.driver().process()).isNull();
        assertThat(seen.driver().phase()).isEqualTo(Phase.ABSENT);
        assertThat(seen.rank(2).process()).isNull();
        assertThat(seen.rank(2).section()).isNull();
        assertThat(seen.rank(2).collectives()).isEmpty();
        assertThat(seen.rank(2).busy()).isFalse();
        assertThat(seen.watchdog().process()).isNull();
        assertThat(seen.inFlight()).isEmpty();
        assertThat(seen.verdict()).isNull();
        assertThat(seen.suspect()).isNull();
        assertThat(seen.verdictSequence()).isZero();
        assertThat(seen.flight(0)).isEmpty();
        assertThat(seen.flight(Verdict.DRIVER)).isEmpty();
        assertThat(seen.stack(0, 1)).isNull();
        assertThat(seen.isWatched()).isFalse();
    }

    @Test
    void shouldShowTheDriver() {
        BoardDriver driver = owner.asDriver();
        driver.phase(Phase.STARTING);
        driver.phase(Phase.READY);
        driver.loopThread(Linux.gettid());
        driver.pulseThread(17);
        driver.tick();
        driver.tick();
        driver.pulse();

        DriverStatus status = seen.driver();
        assertThat(status.process()).isEqualTo(ProcessIdentity.self());
        assertThat(status.phase()).isEqualTo(Phase.READY);
        assertThat(status.phaseChanges()).isEqualTo(2);
        assertThat(status.loopThreadId()).isEqualTo(Linux.gettid());
        assertThat(status.pulseThreadId()).isEqualTo(17);
        assertThat(status.loopTicks()).isEqualTo(2);
        assertThat(status.pulses()).isEqualTo(1);
    }

    @Test
    void shouldShowACycleOfLocksUntilItIsGone() {
        BoardWorker worker = owner.asWorker(1);
        assertThat(worker.current()).isZero();
        worker.started(7, 0, 0);
        assertThat(worker.current()).isEqualTo(7);

        worker.lockCycle(7, 1, "a waits for b");
        worker.lockCycle(7, 2, "x".repeat(500));
        assertThat(seen.rank(1).lockCycle()).isEqualTo(new LockCycleStatus(7, 2, "x".repeat(416)));
        assertThat(seen.rank(0).lockCycle()).isNull();

        worker.noLockCycle();
        worker.finished(7);
        assertThat(seen.rank(1).lockCycle()).isNull();
        assertThat(worker.current()).isZero();
    }

    @Test
    void shouldShowACallOnItsWayThroughARank() {
        BoardDriver driver = owner.asDriver();
        int method = driver.intern("execute_model");
        int costClass = driver.intern("decode");
        BoardWorker worker = owner.asWorker(1);
        worker.phase(Phase.READY);
        worker.loopThread(11);
        worker.pulseThread(12);
        worker.received(1);
        worker.started(1, method, costClass);
        worker.tick();
        worker.pulse();

        RankStatus busy = seen.rank(1);
        assertThat(busy.process()).isEqualTo(ProcessIdentity.self());
        assertThat(busy.busy()).isTrue();
        assertThat(busy.method()).isEqualTo("execute_model");
        assertThat(busy.costClass()).isEqualTo("decode");
        assertThat(busy.received()).isEqualTo(1);
        assertThat(busy.loopTicks()).isEqualTo(1);
        assertThat(busy.pulses()).isEqualTo(1);
        assertThat(busy.loopThreadId()).isEqualTo(11);
        assertThat(busy.pulseThreadId()).isEqualTo(12);
        worker.finished(1);
        worker.replied(1);
        worker.received(2);
        worker.started(2, driver.intern("sleep"), 0);
        RankStatus next = seen.rank(1);
        assertThat(next.finished()).isEqualTo(1);
        assertThat(next.replied()).isEqualTo(1);
        assertThat(next.method()).isEqualTo("sleep");
        assertThat(next.costClass()).isEmpty();
        assertThat(seen.rank(0).process()).as("neighbours stay untouched").isNull();
        assertThat(seen.rank(2).received()).isZero();
    }

    @Test
    void shouldInternNamesOnceAndRefuseWhatDoesNotFit() {
        BoardDriver driver = owner.asDriver();
        assertThat(driver.intern("")).isZero();
        int id = driver.intern("method");
        assertThat(driver.intern("method")).isEqualTo(id);
        String longest = "ü".repeat(28);
        int last = driver.intern(longest);
        assertThat(seen.name(last)).isEqualTo(longest);
        assertThat(seen.name(0)).isEmpty();
        assertThat(seen.name(99)).isEqualTo("#99");
        assertThat(seen.name(-1)).isEqualTo("#-1");
        assertThat(seen.name(Integer.MAX_VALUE)).isEqualTo("#" + Integer.MAX_VALUE);
        assertThatThrownBy(() -> driver.intern("x".repeat(57))).isInstanceOf(RollcallException.class)
                .hasMessageContaining("bytes=57");
        IntStream.rangeClosed(3, 255).forEach(i -> assertThat(driver.intern("name " + i)).isEqualTo(i));
        assertThatThrownBy(() -> driver.intern("one more")).isInstanceOf(RollcallException.class)
                .hasMessageContaining("maxNames=255");
        assertThat(seen.name(255)).isEqualTo("name 255");
        assertThat(driver.intern("name 77")).isEqualTo(77);
    }

    @Test
    void shouldKeepARowPerCallInFlight() {
        BoardDriver driver = owner.asDriver();
        int method = driver.intern("m");
        for (long id = 1; id <= 70; id++) {
            driver.issued(id, method, 0, id % 2 == 0 ? -1 : 2, id * 1000);
        }
        assertThat(seen.inFlight()).hasSize(64).first().isEqualTo(new InFlightCall(1, "m", "", 2, 1000));
        assertThat(seen.driver().lastIssued()).isEqualTo(70);
        for (long id = 1; id <= 70; id++) {
            driver.ended(id, id % 10 != 0);
        }
        assertThat(seen.inFlight()).isEmpty();
        assertThat(seen.driver().completed()).isEqualTo(63);
        assertThat(seen.driver().failed()).isEqualTo(7);
        driver.issued(71, method, driver.intern("long"), -1, 5);
        assertThat(seen.inFlight()).containsExactly(new InFlightCall(71, "m", "long", -1, 5));
    }

    @Test
    void shouldReuseACancelSlotOnlyWhenAllRanksHaveFinished() {
        BoardDriver driver = owner.asDriver();
        BoardWorker[] workers = {owner.asWorker(0), owner.asWorker(1), owner.asWorker(2)};
        assertThat(workers[0].isCancelled(5)).isFalse();
        assertThat(driver.cancel(5)).isTrue();
        assertThat(driver.cancel(5)).isTrue();
        assertThat(workers[0].isCancelled(5)).isTrue();
        assertThat(workers[2].isCancelled(5 + 128)).isFalse();
        workers[0].finished(5);
        workers[1].finished(5);
        assertThat(driver.cancel(5 + 128)).as("rank 2 may still look at call 5").isFalse();
        assertThat(workers[2].isCancelled(5)).isTrue();
        workers[2].finished(6);
        assertThat(driver.cancel(5 + 128)).isTrue();
        assertThat(workers[1].isCancelled(5 + 128)).isTrue();
        assertThat(workers[1].isCancelled(5)).isFalse();
    }

    @Test
    void shouldNestSections() {
        BoardWorker worker = owner.asWorker(0);
        worker.beginSection("load weights", 60_000_000_000L);
        worker.beginSection("compile", 1_000_000);
        assertThat(seen.rank(0).section()).isEqualTo(new SectionStatus(2, "compile", 1_000_000));
        worker.endSection();
        assertThat(seen.rank(0).section()).isEqualTo(new SectionStatus(3, "load weights", 60_000_000_000L));
        worker.endSection();
        assertThat(seen.rank(0).section()).isNull();
        worker.beginSection("ä".repeat(40), 1);
        assertThat(Objects.requireNonNull(seen.rank(0).section()).name()).isEqualTo("ä".repeat(24));
        assertThatThrownBy(() -> worker.beginSection("unbounded", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldShowWhereARankIsInItsCollectives() {
        BoardWorker worker = owner.asWorker(0);
        CollectiveMarks tensor = worker.collective(0);
        CollectiveMarks pipeline = worker.collective(7);
        tensor.entered(1, "all_reduce", 4096, "bf16");
        tensor.launched(1);
        tensor.completed(1);
        tensor.entered(2, "a name longer than fifteen", 1, "f32");
        pipeline.entered(9, "send", 3, "i8");

        assertThat(seen.rank(0).collectives()).containsExactly(
                new CollectiveStatus(0, 2, 1, 1, "a name longer t", 1, "f32"),
                new CollectiveStatus(7, 9, 0, 0, "send", 3, "i8"));
        assertThat(seen.rank(0).collectives().getFirst().inside()).isTrue();
        CollectiveMarks again = worker.collective(7);
        again.completed(9);
        assertThat(seen.rank(0).collectives().getLast().inside()).isFalse();
        worker.collective(1);
        worker.collective(2);
        assertThatThrownBy(() -> worker.collective(3)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("max=4");
    }

    @Test
    void shouldRememberTheLast256Events() {
        BoardWorker worker = owner.asWorker(0);
        for (long id = 1; id <= 300; id++) {
            worker.received(id);
        }
        assertThat(seen.flight(0)).hasSize(256).allMatch(event -> event.kind() == FlightKind.RECEIVED);
        assertThat(seen.flight(0).getFirst().a()).isEqualTo(45);
        assertThat(seen.flight(0).getLast()).satisfies(event -> {
            assertThat(event.sequence()).isEqualTo(300);
            assertThat(event.a()).isEqualTo(300);
            assertThat(event.nanoTime()).isLessThanOrEqualTo(System.nanoTime());
        });
        BoardDriver driver = owner.asDriver();
        driver.issued(1, driver.intern("m"), driver.intern("c"), -1, 1);
        assertThat(seen.flight(Verdict.DRIVER)).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(FlightKind.ISSUED);
            assertThat(event.methodId()).isEqualTo(1);
            assertThat(event.classId()).isEqualTo(2);
        });
        assertThat(seen.flight(0, 298)).extracting(FlightEvent::a).containsExactly(299L, 300L);
        assertThat(seen.flight(0, 3)).hasSize(256);
        assertThat(seen.flight(0, 301)).isEmpty();
        assertThatThrownBy(() -> seen.flight(WORKERS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("workers=3");
    }

    @Test
    void shouldHandStacksOverPerRequest() {
        BoardWorker worker = owner.asWorker(2);
        try (BoardWatchdog watchdog = owner.asWatchdog(true)) {
            worker.serveStackRequest(() -> {
                throw new AssertionError("nobody asked");
            });
            long request = watchdog.requestStacks();
            assertThat(seen.stack(2, request)).isNull();
            worker.serveStackRequest(() -> "stack 1");
            worker.serveStackRequest(() -> "not asked again");
            assertThat(seen.stack(2, request)).isEqualTo("stack 1");
            assertThat(seen.stack(1, request)).isNull();
            long next = watchdog.requestStacks();
            worker.serveStackRequest(() -> "é".repeat(30_000));
            assertThat(seen.stack(2, request)).isNull();
            assertThat(seen.stack(2, next)).isEqualTo("é".repeat(18_432));
        }
    }

    @Test
    void shouldPublishSuspicionsAndVerdicts() {
        try (BoardWatchdog watchdog = owner.asWatchdog(true)) {
            Verdict suspicion =
                    new Verdict(0, Tier.SUSPECT, HangKind.SPINNING, 2, 77, 0.75, 0b101, "call is late ageMs=1200", "");
            watchdog.suspect(suspicion);
            assertThat(seen.suspect()).isEqualTo(suspicion.withSequence(1));
            watchdog.suspect(suspicion);
            assertThat(Objects.requireNonNull(seen.suspect()).sequence()).isEqualTo(2);
            watchdog.clearSuspect();
            assertThat(seen.suspect()).isNull();
            watchdog.suspect(suspicion);
            assertThat(Objects.requireNonNull(seen.suspect()).sequence()).isEqualTo(3);

            Verdict act = new Verdict(0, Tier.ACT, HangKind.DEAD, Verdict.DRIVER, 0, 1, -1, "r".repeat(500), "");
            assertThat(watchdog.verdict(act)).isEqualTo(1);
            assertThat(seen.verdictSequence()).isEqualTo(1);
            Verdict read = Objects.requireNonNull(seen.verdict());
            assertThat(read.reason()).hasSize(Verdict.MAX_REASON_BYTES);
            assertThat(read.who()).isEqualTo("driver");
            assertThat(read.victims()).isEqualTo(-1);
            assertThat(read.incident()).isEmpty();
            assertThat(seen.watchdog().sealedVerdict()).isZero();
            watchdog.sealed(1, "/incidents/one");
            assertThat(Objects.requireNonNull(seen.verdict()).incident()).isEqualTo("/incidents/one");
            assertThat(seen.watchdog().sealedVerdict()).isEqualTo(1);
            assertThat(watchdog.verdict(act.withIncident("ignored"))).isEqualTo(2);
            assertThat(Objects.requireNonNull(seen.verdict()).incident()).as("not sealed yet").isEmpty();
        }
    }

    /** Who was killed can take nothing back. */
    @Test
    void shouldForgetTheSuspectOfTheWatchdogBefore() {
        Verdict suspicion = new Verdict(0, Tier.SUSPECT, HangKind.STOPPED, 1, 7, 0.5, 0, "state T", "");
        Verdict act = new Verdict(0, Tier.ACT, HangKind.STOPPED, 1, 7, 0.99, 0, "state T", "");
        try (BoardWatchdog first = owner.asWatchdog(true)) {
            first.suspect(suspicion);
            assertThat(first.verdict(act)).isEqualTo(1);
        }
        try (BoardWatchdog next = owner.asWatchdog(true)) {
            assertThat(seen.suspect()).isNull();
            assertThat(seen.verdictSequence()).as("a verdict stands").isEqualTo(1);
            next.suspect(suspicion);
            assertThat(Objects.requireNonNull(seen.suspect()).sequence()).isEqualTo(2);
        }
    }

    @Test
    void shouldAdmitOneWatchdogAtATime() {
        BoardWatchdog first = owner.asWatchdog(false);
        first.tick(123);
        assertThat(seen.isWatched()).isTrue();
        assertThat(seen.watchdog()).isEqualTo(new WatchdogStatus(ProcessIdentity.self(), false, 1, 123, 0));
        try (Board other = Board.open(file, false)) {
            assertThatThrownBy(() -> other.asWatchdog(true)).isInstanceOf(SegmentInUseException.class)
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid());
            first.close();
            assertThat(seen.isWatched()).isFalse();
            try (BoardWatchdog second = other.asWatchdog(true)) {
                second.tick(0);
                assertThat(seen.watchdog().ticks()).isEqualTo(2);
                assertThat(seen.watchdog().enforce()).isTrue();
            }
        }
    }

    @Test
    void shouldRingTheDriverWithAVerdict() {
        BoardDriver driver = owner.asDriver();
        try (BoardWatchdog watchdog = owner.asWatchdog(true)) {
            watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.STOPPED, 1, 0, 1, 0, "", ""));
            assertThat(driver.doorbell().await(() -> owner.verdictSequence() == 1, 1)).isTrue();
            owner.asWorker(1).driverDoorbell().signal();
        }
    }

    @Test
    void shouldRefuseImpossibleShapes() {
        assertThatThrownBy(() -> Board.create(folder.resolve("b0"), 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Board.create(folder.resolve("b65"), 65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Board.create(file, 1)).isInstanceOf(SegmentInUseException.class);
        assertThatThrownBy(() -> owner.asWorker(WORKERS)).isInstanceOf(IllegalArgumentException.class);
        dev.rollcall.shm.SharedFile.create(folder.resolve("empty"), 200_000).close();
        assertThatThrownBy(() -> Board.open(folder.resolve("empty"), true))
                .isInstanceOf(IncompatibleSegmentException.class);
    }
}
