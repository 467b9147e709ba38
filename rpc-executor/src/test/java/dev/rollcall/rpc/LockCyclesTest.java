package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardWorker;
import dev.rollcall.shm.board.LockCycleStatus;

/** The loop and its helpers are threads of this test; locks that can be interrupted, so that they end with it. */
class LockCyclesTest {

    @TempDir
    private Path temp;

    private final ReentrantLock one = new ReentrantLock();
    private final ReentrantLock two = new ReentrantLock();
    private final CountDownLatch held = new CountDownLatch(2);
    private Board board;
    private BoardWorker marks;
    private Thread loop;
    private Thread helper;

    @BeforeEach
    void open() {
        board = Board.create(temp.resolve("board"), 1);
        marks = board.asWorker(0);
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Thread thread : new Thread[]{loop, helper}) {
            if (thread != null) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(20));
            }
        }
        board.close();
    }

    private Thread holder(String name, ReentrantLock first, ReentrantLock second) {
        return Thread.ofPlatform().daemon().name(name).start(() -> {
            first.lock();
            try {
                held.countDown();
                held.await();
                second.lockInterruptibly();
                second.unlock();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } finally {
                first.unlock();
            }
        });
    }

    /** Waiting for the lock, that is, and not for the other to have its own. */
    private static void awaitWaiting(Thread thread, ReentrantLock lock) {
        TestGroup.await(Duration.ofSeconds(20),
                () -> lock.hasQueuedThread(thread) && thread.getState() == Thread.State.WAITING);
    }

    private LockCycleStatus seen() {
        return board.rank(0).lockCycle();
    }

    @Test
    void shouldSayWhoWaitsForWhomAndHowOftenItWasSeen() {
        loop = holder("loop", one, two);
        helper = holder("helper", two, one);
        awaitWaiting(loop, two);
        awaitWaiting(helper, one);
        marks.started(7, 0, 0);
        LockCycles locks = new LockCycles(loop, marks);

        locks.look();
        assertThat(seen()).as("a wait since the last pulse only").isNull();
        locks.look();
        locks.look();

        assertThat(seen().callId()).isEqualTo(7);
        assertThat(seen().looks()).isEqualTo(2);
        assertThat(seen().text()).contains("\"loop\" waits for", "held by \"helper\"", "\"helper\" waits for");

        marks.finished(7);
        locks.look();
        assertThat(seen()).isNull();
    }

    @Test
    void shouldNotTakeAWaitForALockThatSomebodyUsesForACycle() {
        two.lock();
        try {
            held.countDown();
            loop = holder("loop", one, two);
            awaitWaiting(loop, two);
            marks.started(7, 0, 0);
            LockCycles locks = new LockCycles(loop, marks);

            for (int i = 0; i < 5; i++) {
                locks.look();
            }

            assertThat(seen()).isNull();
        } finally {
            two.unlock();
        }
    }

    @Test
    void shouldSeeALoopThatWaitsBehindACycleOfOthers() throws InterruptedException {
        Thread first = holder("first", one, two);
        helper = holder("second", two, one);
        awaitWaiting(first, two);
        awaitWaiting(helper, one);
        loop = Thread.ofPlatform().daemon().name("loop").start(() -> {
            try {
                one.lockInterruptibly();
                one.unlock();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiting(loop, one);
        marks.started(7, 0, 0);
        LockCycles locks = new LockCycles(loop, marks);

        locks.look();
        locks.look();

        assertThat(seen().text()).startsWith("\"loop\" waits for").contains("\"first\" waits for");
        first.interrupt();
        first.join(Duration.ofSeconds(20));
    }
}
