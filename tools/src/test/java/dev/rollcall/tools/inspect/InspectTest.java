package dev.rollcall.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardWatchdog;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.Tier;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.Style;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group made by hand: this process is the driver, the only rank that came, and the watchdog. */
class InspectTest {
    private static final int METHOD_CALL = 7;

    private GroupDirectory directory;
    private Board board;
    private RingWriter requests;
    private RingReader reader;

    @BeforeEach
    void makeGroup() {
        directory = GroupDirectory.create(GroupDirectory.newName(), 3);
        board = Board.create(directory.boardFile(), 2);
        requests = RingWriter.create(directory.requestRingFile(), RingConfig.of(1 << 16, 2));
        reader = RingReader.join(directory.requestRingFile(), 1);
        requests.write(1, MemorySegment.ofArray(new byte[8]), 0, 8, 1_000_000_000L);

        BoardDriver driver = board.asDriver();
        driver.phase(Phase.READY);
        driver.issued(METHOD_CALL, driver.intern("execute_model"), driver.intern("decode"), -1, 1_000_000_000L);
        BoardWorker worker = board.asWorker(1);
        worker.phase(Phase.READY);
        worker.received(METHOD_CALL);
        worker.started(METHOD_CALL, driver.intern("execute_model"), driver.intern("decode"));
    }

    @AfterEach
    void removeGroup() {
        reader.close();
        requests.close();
        board.close();
        directory.close();
    }

    @Test
    void shouldShowEachRankByReadingOnly() {
        List<String> lines = new GroupTable(Style.PLAIN).lines(view());

        long pid = ProcessHandle.current().pid();
        assertThat(lines.getFirst()).isEqualTo(
                directory.group() + "-3  live  2 workers, 1 call in flight, no watchdog");
        assertThat(lines.get(2)).contains("driver", Long.toString(pid), "ready", "issued 7, completed 0, failed 0");
        assertThat(lines.get(3)).matches("  0 +- +- +absent +-  idle");
        assertThat(lines.get(4)).matches("  1 +" + pid + " [RSD] +ready +1  execute_model/decode call 7");
        assertThat(lines.getLast()).isEqualTo("  verdict: none");
    }

    @Test
    void shouldShowWhoIsNamed() {
        Verdict verdict = new Verdict(0, Tier.ACT, HangKind.BLOCKED, 1, METHOD_CALL, 0.95, 1, "state S", "");
        try (BoardWatchdog watchdog = board.asWatchdog(true)) {
            watchdog.suspect(verdict);
            assertThat(new GroupTable(Style.PLAIN).lines(view()).getLast())
                    .isEqualTo("  suspect: rank 1 BLOCKED, state S");

            watchdog.verdict(verdict);
            assertThat(new GroupTable(Style.PLAIN).lines(view()).getLast())
                    .isEqualTo("  verdict: rank 1 BLOCKED, state S");
            assertThat(new GroupTable(Style.PLAIN).lines(view()).getFirst()).endsWith("(enforce)");
        }
    }

    @Test
    void shouldNotShowWhomAWatchdogSuspectedThatIsGone() {
        Verdict suspicion = new Verdict(0, Tier.SUSPECT, HangKind.BLOCKED, 1, METHOD_CALL, 0.5, 0, "state S", "");
        BoardWatchdog watchdog = board.asWatchdog(true);
        watchdog.suspect(suspicion);
        watchdog.close();

        assertThat(new GroupTable(Style.PLAIN).lines(view()).getLast()).isEqualTo("  verdict: none");
    }

    @Test
    void shouldSayTheSameInJson() {
        JsonNode json = Json.parse(Json.line(GroupJson.of(view())));

        assertThat(json.path("group").asText()).isEqualTo(directory.group());
        assertThat(json.path("epoch").asInt()).isEqualTo(3);
        assertThat(json.path("live").asBoolean()).isTrue();
        assertThat(json.path("watchdog").isNull()).isTrue();
        assertThat(json.path("verdict").isNull()).isTrue();
        assertThat(json.path("ranks")).hasSize(2);
        assertThat(json.at("/ranks/0/pid").isNull()).isTrue();
        assertThat(json.at("/ranks/1/pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(json.at("/ranks/1/method").asText()).isEqualTo("execute_model");
        assertThat(json.at("/ranks/1/started").asLong()).isEqualTo(METHOD_CALL);
        assertThat(json.at("/ranks/1/lag").asLong()).isEqualTo(1);
    }

    @Test
    void shouldPassOverAGroupThatIsBeingBorn() {
        try (GroupDirectory empty = GroupDirectory.create(GroupDirectory.newName(), 0)) {
            assertThat(GroupView.read(new GroupDirectory.Info(empty.path(), empty.group(), 0, true))).isNull();
        }
    }

    private GroupView view() {
        GroupView view = GroupView.read(new GroupDirectory.Info(directory.path(), directory.group(), 3, true));
        assertThat(view).isNotNull();
        return view;
    }
}
