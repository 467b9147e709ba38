package dev.rollcall.shm.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of several words are read whole or not at all, also when their owner was stopped or killed in the middle. */
class BoardConcurrencyTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    /** Writes everything a rank can write, for ever; all fields of a record carry the same number. */
    static final class BusyRank {
        private BusyRank() {
        }

        public static void main(String[] args) {
            Board board = Board.open(Path.of(args[0]), false);
            BoardWorker worker = board.asWorker(0);
            worker.phase(Phase.READY);
            System.out.println("busy");
            write(worker, new AtomicBoolean());
        }

        static void write(BoardWorker worker, AtomicBoolean stop) {
            CollectiveMarks marks = worker.collective(0);
            for (long i = 1; !stop.get(); i++) {
                worker.received(i);
                worker.started(i, (int) (i % 2) + 1, (int) (i % 2) + 1);
                marks.entered(i, "op" + i % 1000, i, "op" + i % 1000);
                marks.launched(i);
                marks.completed(i);
                worker.beginSection("section " + i, i);
                worker.endSection();
                worker.finished(i);
                worker.replied(i);
                worker.tick();
                worker.serveStackRequest(() -> "stack");
            }
        }
    }

    private static void check(RankStatus rank) {
        assertThat(rank.received()).isGreaterThanOrEqualTo(rank.started());
        assertThat(rank.started()).isGreaterThanOrEqualTo(rank.finished());
        assertThat(rank.finished()).isGreaterThanOrEqualTo(rank.replied());
        if (!rank.method().isEmpty()) {
            assertThat(rank.costClass()).isEqualTo(rank.method());
            assertThat(rank.method()).isEqualTo(rank.started() % 2 == 0 ? "even" : "odd");
        }
        for (CollectiveStatus collective : rank.collectives()) {
            assertThat(collective.entered()).isGreaterThanOrEqualTo(collective.launched());
            assertThat(collective.launched()).isGreaterThanOrEqualTo(collective.completed());
            if (!collective.op().isEmpty()) {
                assertThat(collective.count()).isEqualTo(collective.entered());
                assertThat(collective.op()).isEqualTo("op" + collective.entered() % 1000).isEqualTo(collective.dtype());
            }
        }
        SectionStatus section = rank.section();
        if (section != null) {
            assertThat(section.name()).isEqualTo("section " + section.boundNanos());
            assertThat(section.sequence()).isEqualTo(section.boundNanos());
        }
    }

    private static void checkFlight(List<FlightEvent> events) {
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).sequence()).isGreaterThan(events.get(i - 1).sequence());
            assertThat(events.get(i).nanoTime()).isGreaterThanOrEqualTo(events.get(i - 1).nanoTime());
        }
    }

    private static Board createBoard(Path file) {
        Board board = Board.create(file, 1);
        BoardDriver driver = board.asDriver();
        driver.intern("even");
        driver.intern("odd");
        return board;
    }

    @Test
    void shouldReadWholeRecordsWhileTheyAreWritten() throws Exception {
        try (Board board = createBoard(folder.resolve("board"));
                Board seen = Board.open(folder.resolve("board"), true)) {
            AtomicBoolean stop = new AtomicBoolean();
            BoardWorker worker = board.asWorker(0);
            Task<Void> writer = Task.start(() -> {
                BusyRank.write(worker, stop);
                return null;
            });
            int whole = 0;
            for (int i = 0; i < 20_000; i++) {
                RankStatus rank = seen.rank(0);
                check(rank);
                whole += rank.method().isEmpty() ? 0 : 1;
                if (i % 100 == 0) {
                    checkFlight(seen.flight(0));
                }
            }
            stop.set(true);
            writer.join();
            assertThat(whole).as("records seen whole").isPositive();
        }
    }

    @Test
    void shouldReadWholeVerdictsWhileTheyAreReplaced() throws Exception {
        try (Board board = createBoard(folder.resolve("board")); BoardWatchdog watchdog = board.asWatchdog(true)) {
            AtomicBoolean stop = new AtomicBoolean();
            Task<Void> writer = Task.start(() -> {
                for (long i = 1; !stop.get(); i++) {
                    watchdog.verdict(new Verdict(0, Tier.ACT, HangKind.DEAD, (int) i, i, i, i, "reason " + i, ""));
                    watchdog.suspect(
                            new Verdict(0, Tier.SUSPECT, HangKind.BLOCKED, (int) i, i, i, i, "reason " + i, ""));
                }
                return null;
            });
            for (int i = 0; i < 20_000; i++) {
                for (Verdict verdict : new Verdict[]{board.verdict(), board.suspect()}) {
                    if (verdict != null) {
                        assertThat(verdict.sequence()).isEqualTo(verdict.callId()).isEqualTo(verdict.victims());
                        assertThat(verdict.reason()).isEqualTo("reason " + verdict.sequence());
                    }
                }
            }
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void shouldStayReadableAfterItsOwnerWasStoppedAndKilled() {
        Path file = folder.resolve("board");
        try (Board board = createBoard(file);
                Board seen = Board.open(file, true);
                BoardWatchdog watchdog = board.asWatchdog(true);
                Child rank = Child.jvm(BusyRank.class, file)) {
            rank.awaitLine("busy");
            long request = watchdog.requestStacks();
            dev.rollcall.shm.testing.Await.until("stack served", () -> seen.stack(0, request) != null);
            for (int round = 0; round < 20; round++) {
                rank.signal(Signal.STOP);
                check(seen.rank(0));
                checkFlight(seen.flight(0));
                rank.signal(Signal.CONT);
            }
            ProcessIdentity identity = rank.identity();
            rank.kill();
            RankStatus last = seen.rank(0);
            check(last);
            assertThat(last.process()).isEqualTo(identity);
            assertThat(Objects.requireNonNull(last.process()).isAlive()).isFalse();
            assertThat(last.phase()).isEqualTo(Phase.READY);
            assertThat(last.started()).isPositive();
            assertThat(seen.flight(0)).hasSizeGreaterThan(200);
            assertThat(seen.stack(0, request)).isEqualTo("stack");
            assertThat(seen.rank(0)).isEqualTo(last);
        }
    }
}
