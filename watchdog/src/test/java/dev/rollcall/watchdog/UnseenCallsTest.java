package dev.rollcall.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.shm.os.Linux;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A group that is played between the ticks of a watchdog driven by hand. */
class UnseenCallsTest {
    private static final String METHOD = "sample";
    private static final LimitTable NOTHING_KNOWN = new LearnedLimits(1_000_000_000L).table();

    private final GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 0);
    private final Board board = Board.create(directory.boardFile(), 2);
    private final BoardDriver driver = board.asDriver();
    private final List<BoardWorker> workers = List.of(board.asWorker(0), board.asWorker(1));
    private long calls;

    UnseenCallsTest() {
        driver.loopThread(Linux.gettid());
        driver.phase(Phase.READY);
        workers.forEach(worker -> {
            worker.loopThread(Linux.gettid());
            worker.phase(Phase.READY);
        });
    }

    @AfterEach
    void close() {
        board.close();
        directory.close();
    }

    private void issue(String costClass) {
        driver.issued(++calls, driver.intern(METHOD), driver.intern(costClass), -1, 1_000_000_000L);
    }

    private void start(BoardWorker worker) {
        worker.received(calls);
        worker.started(calls, driver.intern(METHOD), 0);
    }

    private void finish(BoardWorker worker) {
        worker.finished(calls);
        worker.replied(calls);
    }

    private void serve(String costClass, int count) {
        for (int i = 0; i < count; i++) {
            issue(costClass);
            workers.forEach(this::start);
            workers.forEach(this::finish);
            driver.ended(calls, true);
        }
    }

    /** One more is under way: its class had better be known. */
    private void begin(String costClass) {
        issue(costClass);
        workers.forEach(this::start);
    }

    private void end() {
        workers.forEach(this::finish);
        driver.ended(calls, true);
    }

    private Watchdog watchdog() {
        return Watchdog.builder(directory.path()).build();
    }

    private static void tick(Watchdog watchdog) {
        while (watchdog.doWork() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldLearnAClassWhoseCallsCameAndWentBetweenTwoTicks() {
        try (Watchdog watchdog = watchdog()) {
            serve("early", 5);
            tick(watchdog);
            begin("early");
            tick(watchdog);
            end();
            serve("fast", 5);
            serve("rare", 2);
            begin("fast");
            tick(watchdog);
            end();
            begin("rare");
            tick(watchdog);

            assertThat(watchdog.limits().classes()).extracting(LimitTable.LearnedClass::costClass)
                    .containsExactly("fast");
            assertThat(watchdog.limits().limitFor(METHOD, "fast", 0).actNanos()).isEqualTo(1_000_000_000L);
        }
    }

    /** The first two calls of a class are its warm-up, also if one was seen and both were recorded. */
    @Test
    void shouldCountNoCallTwice() {
        try (Watchdog watchdog = watchdog()) {
            begin("fast");
            tick(watchdog);
            end();
            serve("fast", 1);
            begin("fast");
            tick(watchdog);
            assertThat(watchdog.limits().classes()).isEmpty();

            end();
            begin("fast");
            tick(watchdog);
            assertThat(watchdog.limits().classes()).hasSize(1);
        }
    }

    @Test
    void shouldTakeTheTimeOfTheSlowestRankByItsOwnClock() {
        FlightCalls past = new FlightCalls(board);
        issue("fast");
        long before = System.nanoTime();
        workers.forEach(this::start);
        finish(workers.getFirst());
        long from = System.nanoTime();
        while (System.nanoTime() - from < 2_000_000) {
            Thread.onSpinWait();
        }
        finish(workers.getLast());

        assertThat(past.of(0, 1, NOTHING_KNOWN)).singleElement().satisfies(call -> {
            assertThat(call.callId()).isEqualTo(1);
            assertThat(call.method()).isEqualTo(METHOD);
            assertThat(call.costClass()).isEqualTo("fast");
            assertThat(call.longestNanos()).isBetween(2_000_000L, System.nanoTime() - before);
        });
    }

    @Test
    void shouldLeaveOutCallsThatFailed() {
        FlightCalls past = new FlightCalls(board);
        begin("fast");
        workers.forEach(this::finish);
        driver.ended(calls, false);
        serve("fast", 1);

        assertThat(past.of(0, 2, NOTHING_KNOWN)).extracting(PastCalls.PastCall::callId).containsExactly(2L);
    }

    @Test
    void shouldLeaveOutWhatSomeRankHasNotRecorded() {
        FlightCalls past = new FlightCalls(board);
        issue("fast");
        start(workers.getFirst());
        finish(workers.getFirst());
        issue("fast");

        assertThat(past.of(0, 1, NOTHING_KNOWN)).isEmpty();
        workers.forEach(this::start);
        workers.forEach(this::finish);
        assertThat(past.of(1, 2, NOTHING_KNOWN)).extracting(PastCalls.PastCall::callId).containsExactly(2L);
        assertThat(past.of(1, 2, NOTHING_KNOWN)).as("told once").isEmpty();
    }

    @Test
    void shouldLetGoOfTheGroupAndSayItWhenAnErrorEndsIt() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        try (Watchdog watchdog = Watchdog.builder(directory.path()).listener(new WatchdogListener() {
            @Override
            public void failed(Throwable cause) {
                told.set(cause);
            }
        }).build()) {
            Error error = new InternalError("out of something");
            watchdog.onLearnedClass((method, costClass) -> {
                throw error;
            });
            assertThat(board.isWatched()).isTrue();
            tick(watchdog);
            serve("fast", 5);
            begin("fast");

            assertThatThrownBy(() -> tick(watchdog)).isSameAs(error);

            assertThat(told.get()).isSameAs(error);
            assertThat(board.isWatched()).isFalse();
            assertThat(watchdog.isEnded()).isTrue();
            assertThat(watchdog.healthCheck().status()).isEqualTo(HealthCheck.Status.SUSPECT);
            assertThat(watchdog.healthCheck().reason()).startsWith("nobody is watching").contains("out of something");
            assertThatThrownBy(watchdog::doWork).isInstanceOf(AgentTerminationException.class);
        }
        try (Watchdog next = watchdog()) {
            tick(next);
            assertThat(next.healthCheck().isUp()).isTrue();
        }
    }

    @Test
    void shouldOutliveAListenerWhoseClassesAreMissing() {
        try (Watchdog watchdog = watchdog()) {
            watchdog.onLearnedClass((method, costClass) -> {
                throw new NoClassDefFoundError(method);
            });
            tick(watchdog);
            serve("fast", 5);
            begin("fast");
            tick(watchdog);
            tick(watchdog);

            assertThat(board.isWatched()).isTrue();
        }
    }
}
