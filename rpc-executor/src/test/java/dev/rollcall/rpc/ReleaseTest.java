package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.rollcall.shm.board.Board;

/** Ranks that wait in a collective for one that will not come are set free, and the group goes on. Real processes. */
class ReleaseTest {

    private static final String ALL = "all";
    private static final String NONE_COMPLETES = "";

    private static TestGroup group;

    @BeforeAll
    static void start() {
        group = TestGroup.of(3);
    }

    @AfterAll
    static void close() {
        group.close();
    }

    /** Unreleased, a rank would wait for a minute and this call with it. */
    private static void expectAllAtWork() {
        group.call("collective", ALL);
        assertThat(group.executor.state()).isEqualTo(CollectiveExecutor.State.READY);
    }

    private static void awaitInCollective(int ranks, long callId) {
        try (Board board = Board.open(group.directory.resolve("board"), true)) {
            TestGroup.await(TestGroup.SECONDS_10, () -> {
                int there = 0;
                for (int rank = 0; rank < 3; rank++) {
                    there += board.rank(rank).started() == callId ? 1 : 0;
                }
                return there == ranks;
            });
        }
    }

    private static long lastIssued() {
        try (Board board = Board.open(group.directory.resolve("board"), true)) {
            return board.driver().lastIssued();
        }
    }

    @Test
    void shouldReleasePeersOfTheRankThatThrew() {
        expectAllAtWork();
        for (int rank = 0; rank < 3; rank++) {
            String thrower = Integer.toString(rank);
            assertThatThrownBy(() -> group.call("collective", thrower)).isInstanceOf(RemoteCallException.class)
                    .hasMessageContaining("rank=" + thrower).hasMessageContaining("no memory for the reduction");
            expectAllAtWork();
        }
    }

    @Test
    void shouldReleaseRanksWhenTimeIsUpOrTheCallerGivesUp() {
        assertThatThrownBy(() -> group.call("collective", NONE_COMPLETES,
                CallOptions.allRanks().within(Duration.ofMillis(50)))).isInstanceOf(CallTimeoutException.class);
        expectAllAtWork();
        CompletableFuture<CallResult> call = group.executor.call("collective", TestWorker.text(NONE_COMPLETES));
        awaitInCollective(3, lastIssued());
        call.cancel(false);
        expectAllAtWork();
    }
}
