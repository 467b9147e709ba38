package dev.rollcall.watchdog;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the veto without waiting for it: the question goes to a thread, the answer is looked for in the next ticks. Neither
 * one that hangs nor one that throws forbids anything. One thread: the watchdog's.
 */
final class VetoDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long BOUND_NANOS = 100_000_000L;

    private final @Nullable Veto veto;
    private final ThreadPoolExecutor thread;
    private @Nullable Question open;

    /** What is known by now. */
    enum Answer {
        PENDING, ALLOWED, FORBIDDEN
    }

    private record Question(Finding finding, FutureTask<Boolean> answer, long askedNanos) {
    }

    VetoDesk(@Nullable Veto veto) {
        this.veto = veto;
        thread = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("rollcall-veto").factory());
    }

    /** To be asked again in the next tick while it is pending; then the other findings have to wait, too. */
    Answer ask(Finding finding, long now) {
        Veto asked = veto;
        if (asked == null) {
            return Answer.ALLOWED;
        }
        Question question = open;
        if (question == null || !question.finding.sameCase(finding)) {
            question = new Question(finding, new FutureTask<>(() -> asked.forbids(finding)), now);
            try {
                thread.execute(question.answer);
            } catch (RejectedExecutionException stuck) {
                LOG.warn("veto not asked, it still thinks about an earlier case: kind={} rank={}", finding.kind(),
                        finding.rank());
                return Answer.ALLOWED;
            }
            open = question;
        }
        if (!question.answer.isDone() && now - question.askedNanos < BOUND_NANOS) {
            return Answer.PENDING;
        }
        open = null;
        return isForbidden(question) ? Answer.FORBIDDEN : Answer.ALLOWED;
    }

    private static boolean isForbidden(Question question) {
        Finding finding = question.finding;
        if (!question.answer.isDone()) {
            LOG.warn("veto did not answer in time: kind={} rank={} boundNanos={}", finding.kind(), finding.rank(),
                    BOUND_NANOS);
            return false;
        }
        try {
            return question.answer.get();
        } catch (ExecutionException e) {
            LOG.error("veto failed: kind={} rank={}", finding.kind(), finding.rank(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
