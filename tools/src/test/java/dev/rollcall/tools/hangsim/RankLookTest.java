package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.CollectiveStatus;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.tools.hangsim.Report.RankWord;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankLookTest {
    @Test
    void shouldSayDeadWhateverTheBoardSays() {
        assertThat(RankLook.of(rank(1, 0, 1, 0), true, false)).isEqualTo(new RankWord("DEAD", true));
    }

    @Test
    void shouldTellWaitingFromIdleAndRunning() {
        assertThat(RankLook.of(rank(1, 0, 5, 4), false, false).text()).isEqualTo("wait");
        assertThat(RankLook.of(rank(1, 1, 5, 5), false, false).text()).isEqualTo("idle");
        assertThat(RankLook.of(rank(1, 0, 5, 5), false, false).text()).isEqualTo("run");
    }

    @Test
    void shouldMarkTheOneThatIsNamed() {
        assertThat(RankLook.of(rank(1, 0, 5, 5), false, true)).isEqualTo(new RankWord("RUN", true));
    }

    @Test
    void shouldCountWhoIsMissingFromTheFurthestCollective() {
        assertThat(collective(rank(1, 0, 7, 6), rank(1, 0, 7, 6), rank(1, 0, 6, 6)))
                .isEqualTo("all-reduce #7: 2 entered, 1 missing");
        assertThat(collective(rank(1, 0, 7, 6), rank(1, 0, 7, 6))).isEmpty();
        assertThat(collective(rank(1, 1, 6, 6), rank(1, 1, 6, 6))).isEmpty();
    }

    @Test
    void shouldMissNobodyWhoIsShownWaiting() {
        assertThat(collective(rank(1, 0, 70, 69), rank(1, 0, 69, 68))).isEmpty();
        List<RankStatus> ranks = List.of(rank(1, 0, 70, 69), rank(1, 0, 69, 68));
        assertThat(RankLook.collective(ranks, List.of(new RankWord("wait", false), new RankWord("STOP", true))))
                .isEqualTo("all-reduce #70: 1 entered, 1 missing");
    }

    private static String collective(RankStatus... ranks) {
        return RankLook.collective(List.of(ranks),
                Arrays.stream(ranks).map(rank -> RankLook.of(rank, false, false)).toList());
    }

    /** This very thread: it runs. */
    private static RankStatus rank(long started, long finished, long entered, long completed) {
        return new RankStatus(0, ProcessIdentity.self(), Linux.gettid(), 0, Phase.READY, 1, started, started, finished,
                finished, "execute_model", "decode", 1, 1,
                List.of(new CollectiveStatus(0, entered, entered, completed, "all_reduce", 1, "bf16")), null, null);
    }
}
