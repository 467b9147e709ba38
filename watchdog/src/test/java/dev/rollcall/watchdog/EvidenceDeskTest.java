package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceDeskTest {
    private static final long MILLI = 1_000_000L;
    /** For who answers at once on a thread of its own: the test's clock stands still meanwhile. */
    private static final long PATIENT = 10_000 * MILLI;
    private static final Verdict VERDICT = new Verdict(1, Tier.ACT, HangKind.SPINNING, 1, 7, 0.9, 1, "why", "");

    @TempDir
    private Path folder;

    private final GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 0);
    private final Board board = Board.create(directory.boardFile(), 2);
    private final BoardWatchdog boardWatchdog = board.asWatchdog(true);
    private final List<Verdict> saved = new ArrayList<>();
    private final List<Verdict> released = new ArrayList<>();

    @AfterEach
    void close() {
        CloseHelper.closeAll(boardWatchdog, board, directory);
    }

    private static Incident incident(Verdict verdict) {
        return new Incident(Incident.SCHEMA, "test", verdict, 0, "", new LearnedLimits(1_000 * MILLI).table(),
                List.of(), 1, new WatchdogHealth(1, 1, 50 * MILLI, 0, 0, 0, 0), new Timeline(0, 0, 0, 0, 1, 0),
                List.of());
    }

    private EvidenceDesk desk() {
        return new EvidenceDesk(board, boardWatchdog, new IncidentWriter(folder)::write);
    }

    @Test
    void shouldWaitForStacksNoLongerThanTheirBound() {
        try (EvidenceDesk desk = desk()) {
            desk.open(VERDICT, 0b11, List.of(), EvidenceDeskTest::incident, released::add, saved::add, 0);
            desk.work(390 * MILLI);
            assertThat(folder).isEmptyDirectory();
            desk.work(410 * MILLI);
            WatchedGroup.await(() -> {
                desk.work(500 * MILLI);
                return !saved.isEmpty();
            }, "the incident");
        }
        assertThat(Path.of(saved.getFirst().incident())).exists();
    }

    @Test
    void shouldGiveAStageThatHangsUpAndGoOnWithTheNext() {
        CountDownLatch hang = new CountDownLatch(1);
        EvidenceDesk.Saver hangsTwice = (incident, sources) -> {
            if (incident.verdict().sequence() < 3) {
                awaitQuietly(hang);
            }
            return folder.resolve("saved");
        };
        try (EvidenceDesk desk = new EvidenceDesk(board, boardWatchdog, hangsTwice)) {
            open(desk, 1);
            open(desk, 2);
            open(desk, 3);
            desk.work(1_800 * MILLI);
            assertThat(released).isEmpty();
            desk.work(1_900 * MILLI);
            desk.work(1_900 * MILLI);
            desk.work(3_800 * MILLI);
            assertThat(released).extracting(Verdict::incident).containsExactly("", "");
            assertThat(saved).isEmpty();
            assertThat(desk.isIdle()).isFalse();
            hang.countDown();
            WatchedGroup.await(() -> {
                desk.work(3_900 * MILLI);
                return saved.size() == 3;
            }, "what came late, and the third verdict");
            assertThat(released).hasSize(3);
            assertThat(desk.isIdle()).isTrue();
        }
        assertThat(saved).allMatch(verdict -> verdict.incident().endsWith("saved"));
    }

    @Test
    void shouldGiveUpWhatNeverComes() {
        CountDownLatch hang = new CountDownLatch(1);
        EvidenceDesk.Saver hangs = (incident, sources) -> {
            awaitQuietly(hang);
            return folder;
        };
        try (EvidenceDesk desk = new EvidenceDesk(board, boardWatchdog, hangs)) {
            open(desk, 1);
            desk.work(1_900 * MILLI);
            desk.work(6_100 * MILLI);
            assertThat(saved).extracting(Verdict::incident).containsExactly("");
            assertThat(desk.isIdle()).isTrue();
            hang.countDown();
        }
    }

    private void open(EvidenceDesk desk, long verdict) {
        desk.open(VERDICT.withSequence(verdict), 0, List.of(), EvidenceDeskTest::incident, released::add, saved::add,
                0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldAnswerWithoutAFolderWhenItCannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("a-file"), "not a folder");
        try (EvidenceDesk desk = new EvidenceDesk(board, boardWatchdog, new IncidentWriter(file)::write)) {
            desk.open(VERDICT, 0, List.of(), EvidenceDeskTest::incident, released::add, saved::add, 0);
            WatchedGroup.await(() -> {
                desk.work(1);
                return !saved.isEmpty();
            }, "the answer");
        }
        assertThat(saved.getFirst().incident()).isEmpty();
    }

    @Test
    void shouldSaveWhatOthersAddAndWaitForNobodyWhoHangs() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        List<Witness> witnesses = List.of(new Witness("scheduler", PATIENT, () -> "7 waiting"),
                new Witness("../mute", 300 * MILLI, () -> {
                    awaitQuietly(hang);
                    return "too late";
                }), new Witness("broken", PATIENT, () -> {
                    throw new IllegalStateException("no words");
                }));
        try (EvidenceDesk desk = desk()) {
            desk.open(VERDICT, 0, witnesses, EvidenceDeskTest::incident, released::add, saved::add, 0);
            desk.work(290 * MILLI);
            assertThat(folder).isEmptyDirectory();
            WatchedGroup.await(() -> {
                desk.work(310 * MILLI);
                return !saved.isEmpty();
            }, "the incident");
        } finally {
            hang.countDown();
        }
        Path statements = Path.of(saved.getFirst().incident()).resolve("statements");
        assertThat(statements.resolve("scheduler.txt")).hasContent("7 waiting");
        assertThat(statements.resolve("___mute.txt")).content().contains("no answer within 0.30 s");
        assertThat(statements.resolve("broken.txt")).content().contains("failed", "no words");
        assertThat(statements.resolveSibling("report.html")).content().contains("7 waiting");
    }
}
