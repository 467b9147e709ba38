package dev.rollcall.stress.waiting;

import dev.rollcall.shm.WaitCell;
import dev.rollcall.stress.support.Jitter;
import dev.rollcall.stress.support.Lines;
import dev.rollcall.stress.support.Pool;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

@JCStressTest
@Description("Closing a cell sends away whoever waits through it, and nobody looks at its memory afterwards.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "The waiter had left when close returned, or came later.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Looked once more, at what may be unmapped.")
@State
public class CellCloseStress {
    private static final long HOURS = Duration.ofHours(1).toNanos();
    private static final Pool<Lines> MEMORY = new Pool<>(Lines::map);

    private final Lines memory = MEMORY.take().clear();
    private final WaitCell cell = new WaitCell(memory.here, 0);
    private volatile boolean unmapped;
    private int looksAfter;

    @Actor
    public void waiter(I_Result r) {
        boolean _ = cell.await(this::look, HOURS);
        r.r1 = looksAfter == 0 ? 0 : 1;
    }

    private boolean look() {
        if (unmapped) {
            looksAfter++;
        }
        return false;
    }

    @Actor
    public void closer() {
        Jitter.pause();
        cell.close();
        unmapped = true;
    }

    @Arbiter
    public void rest(I_Result r) {
        MEMORY.give(memory);
    }
}
