package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.BoardDriver;

/** Two parties end one call at the same time: one of them has ended it, by every account. */
class CallOutcomeTest {

    private static final int ROUNDS = 150;

    /** Who may end a call, as it is done by each. */
    private enum Ender {
        REPLY {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                call.gather(0, MemorySegment.NULL, 0, 0);
                return registry.end(call, call.result());
            }
        },
        TIMEOUT {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return registry.end(call, new CallTimeoutException("late", call.id, List.of(), List.of()));
            }
        },
        CANCEL {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return call.cancel();
            }
        },
        OWNER {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return ((FutureCall<?>) call).future.completeExceptionally(new IllegalStateException("mine"));
            }
        },
        RANK_ERROR {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return registry.end(call, new RemoteCallException(0, "type", "message", "stack", "call"));
            }
        },
        VERDICT {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return fail(registry, status, new FailureCause.Broken(0, "broken", null));
            }
        },
        CLOSE {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return fail(registry, status, new FailureCause.Closed("group"));
            }
        },
        /** The group restarts and finds that no rank has received the call; then it is ended between two epochs. */
        PARK {
            @Override
            boolean end(PendingCall call, CallRegistry registry, GroupStatus status) {
                return registry.park(call) && registry.refuse(call, new CancellationException("parked"));
            }
        };

        abstract boolean end(PendingCall call, CallRegistry registry, GroupStatus status);

        private static boolean fail(CallRegistry registry, GroupStatus status, FailureCause cause) {
            boolean _ = status.fail(cause);
            return registry.failAll(cause) == 1;
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"REPLY,TIMEOUT", "REPLY,CANCEL", "REPLY,OWNER", "REPLY,RANK_ERROR", "REPLY,VERDICT", "REPLY,CLOSE",
            "REPLY,PARK", "TIMEOUT,CANCEL", "TIMEOUT,OWNER", "TIMEOUT,RANK_ERROR", "TIMEOUT,VERDICT", "TIMEOUT,CLOSE",
            "TIMEOUT,PARK", "CANCEL,OWNER", "CANCEL,RANK_ERROR", "CANCEL,VERDICT", "CANCEL,CLOSE", "CANCEL,PARK",
            "OWNER,RANK_ERROR", "OWNER,VERDICT",
            "OWNER,CLOSE", "OWNER,PARK", "RANK_ERROR,VERDICT", "RANK_ERROR,CLOSE", "RANK_ERROR,PARK", "VERDICT,CLOSE",
            "VERDICT,PARK", "CLOSE,PARK"})
    void shouldEndOnceWhoeverComesFirst(Ender first, Ender second) throws Exception {
        try (Board board = Board.create(folder.resolve("board"), 1);
                RingWriter ring = RingWriter.create(folder.resolve("ring"), RingConfig.of(1 << 20, 1))) {
            BoardDriver marks = board.asDriver();
            CallCounters counters = new CallCounters("group");
            CallEnds ends = new CallEnds(counters, Completions.of(Runnable::run, GroupThreads.DAEMONS, "unused"));
            CyclicBarrier together = new CyclicBarrier(2);
            AtomicInteger wins = new AtomicInteger();
            Round[] round = new Round[1];
            Thread other = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    await(together);
                    wins.addAndGet(round[0].end(second));
                    await(together);
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                long before = counters.snapshot(0).completed() + ended(counters);
                round[0] = new Round(board, marks, ring, ends);
                wins.set(0);
                await(together);
                wins.addAndGet(round[0].end(first));
                await(together);
                assertThat(wins.get()).as("round %s", i).isEqualTo(1);
                assertThat(counters.snapshot(0).completed() + ended(counters) - before).isEqualTo(1);
                assertThat(round[0].call.future).isDone();
                assertThat(round[0].told).hasValue(1);
                assertThat(round[0].registry.size()).isZero();
                assertThat(board.inFlight()).isEmpty();
            }
            assertThat(other.join(java.time.Duration.ofSeconds(10))).isTrue();
        }
    }

    private static long ended(CallCounters counters) {
        CollectiveExecutor.Counters now = counters.snapshot(0);
        return now.failed() + now.cancelled() + now.timedOut();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** One call that was sent. */
    private static final class Round {

        final AtomicInteger told = new AtomicInteger();
        final CallRegistry registry;
        final GroupStatus status = new GroupStatus();
        final FutureCall<CallResult> call;

        Round(Board board, BoardDriver marks, RingWriter ring, CallEnds ends) {
            registry = new CallRegistry(marks, ends);
            call = new FutureCall<>(ends.counters().of("method"), CallOptions.allRanks(), MethodOptions.defaults(), 0,
                    Long.MAX_VALUE, 1, result -> result);
            status.ready();
            RequestSender sender = new RequestSender(ring, board, marks, registry, status, 10);
            assertThat(sender.send(call, MemorySegment.NULL)).isEqualTo(RequestSender.Sent.YES);
            var _ = call.future.whenComplete((result, error) -> told.incrementAndGet());
        }

        /** 1 when this party has ended the call. */
        int end(Ender ender) {
            return ender.end(call, registry, status) ? 1 : 0;
        }
    }
}
