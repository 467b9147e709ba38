package dev.rollcall.stress.model;

import static dev.rollcall.stress.model.Memory.STORE_BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A call whose group restarts: parked at the end of one epoch, opened again in the next, while its caller cancels it and a reply
 * comes. It ends once, each epoch's registry is left, and no epoch's board is touched after it was unmapped.
 */
@ExtendWith(ModelReport.class)
class RestartModelTest {
    private static final int OPEN = 0;
    private static final int REPLIED = 1;
    private static final int CANCELLED = 2;
    private static final int FAILED = 3;
    private static final int PARKED = 9;

    enum Fault {
        NONE,
        /** Opens the call again without looking whether it was decided meanwhile. */
        OPENED_BY_A_STORE,
        /** Takes the call for decided when it was parked at one look and open again at the next. */
        CANCEL_LOOKS_ONCE,
        /** Where the call is may change until it is decided. */
        EPOCH_READ_BEFORE_DECIDING,
        /** The old board goes while somebody who has decided is still on his way to tell it. */
        REGISTRY_NOT_AWAITED
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldEndARestartedCallOnce(Memory memory) {
        Exploration found = Explorer.explore(restart(Fault.NONE), memory);

        assertThat(found.violation()).as(found.toString()).isNull();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldBreakWithTheFault(Fault fault) {
        Exploration found = Explorer.explore(restart(fault), STORE_BUFFER);

        assertThat(found.violation()).as(fault + ": " + found).isNotNull();
    }

    /** Words of the two epochs lie side by side: epoch 0, epoch 1. */
    private record Call(int outcome, int epoch, int ends, int registered, int unmapped) {
        Call(Model m) {
            this(m.word("outcome", OPEN), m.word("epoch", 0), m.word("ends", 0), m.words("registered", 2, 0),
                    m.words("unmapped", 2, 0));
        }
    }

    private static Model restart(Fault fault) {
        Model m = new Model();
        Call call = new Call(m);
        Script collector = m.thread("collector");
        collector.add(call.registered, 1);
        int replied = collector.register("replied");
        collector.choose(replied, 2).jumpIf(r -> r[replied] == 0, "no reply");
        end(collector, call, OPEN, REPLIED, "no reply", fault);
        collector.label("no reply");
        canceller(m.thread("canceller"), call, fault);
        restarter(m.thread("restarter"), call, fault);
        return m.atEnd(end -> {
            if (end.word(call.ends) != 1) {
                return "the call ended " + end.word(call.ends) + " times";
            }
            return end.word(call.registered) + end.word(call.registered + 1) == 0 ? null : "a registry is left behind";
        });
    }

    private static void canceller(Script s, Call call, Fault fault) {
        int now = s.register("outcome");
        int done = s.register("done");
        s.await((memory, r) -> memory.at(call.registered) == 1 || memory.at(call.outcome) != OPEN, "the call")
                .label("look")
                .load(now, call.outcome)
                .jumpIf(r -> r[now] != OPEN && r[now] != PARKED, "decided");
        end(s, call, OPEN, CANCELLED, "not open", fault);
        s.jump("decided")
                .label("not open")
                .compareAndSet(done, call.outcome, PARKED, CANCELLED)
                .jumpIf(r -> r[done] == 0, fault == Fault.CANCEL_LOOKS_ONCE ? "given up" : "look")
                .add(call.ends, 1)
                .jump("decided");
        s.label("given up")
                .load(now, call.outcome)
                .require(r -> r[now] != OPEN && r[now] != PARKED, "cancel said that the call is decided, and it is not")
                .label("decided");
    }

    private static void restarter(Script s, Call call, Fault fault) {
        int done = s.register("done");
        s.await((memory, r) -> memory.at(call.registered) == 1 || memory.at(call.outcome) != OPEN, "the call")
                .compareAndSet(done, call.outcome, OPEN, PARKED)
                .jumpIf(r -> r[done] == 0, "not parked");
        leave(s, call, 0);
        s.label("not parked")
                .when(fault != Fault.REGISTRY_NOT_AWAITED,
                        x -> x.await((memory, r) -> memory.at(call.registered) == 0, "an empty registry"))
                .release(call.unmapped, 1)
                .fullFence()
                .jumpIf(r -> r[done] == 0, "end")
                .release(call.epoch, 1)
                .fullFence()
                .add(call.registered + 1, 1);
        if (fault == Fault.OPENED_BY_A_STORE) {
            s.release(call.outcome, OPEN).fullFence();
        } else {
            s.compareAndSet(done, call.outcome, PARKED, OPEN).jumpIf(r -> r[done] == 1, "open");
            leave(s, call, 1);
            s.jump("end").label("open");
        }
        // the next epoch ends too
        end(s, call, OPEN, FAILED, "ended by others", fault);
        s.label("ended by others")
                .await((memory, r) -> memory.at(call.registered + 1) == 0, "an empty registry")
                .release(call.unmapped + 1, 1)
                .label("end");
    }

    /** Decides, then tells the board of the epoch in which the call is now, and leaves that registry. */
    private static void end(Script s, Call call, int from, int how, String otherwise, Fault fault) {
        int done = s.register("decided");
        int epoch = s.register("epoch");
        boolean early = fault == Fault.EPOCH_READ_BEFORE_DECIDING;
        String told = "told" + how;
        s.when(early, x -> x.load(epoch, call.epoch))
                .compareAndSet(done, call.outcome, from, how)
                .jumpIf(r -> r[done] == 0, otherwise)
                .when(!early, x -> x.load(epoch, call.epoch))
                .add(call.ends, 1)
                .jumpIf(r -> r[epoch] == 1, told + "1");
        leave(s, call, 0);
        s.jump(told).label(told + "1");
        leave(s, call, 1);
        s.label(told);
    }

    private static void leave(Script s, Call call, int epoch) {
        int unmapped = s.register("unmapped");
        s.load(unmapped, call.unmapped + epoch)
                .require(r -> r[unmapped] == 0, "touched the board after it was unmapped")
                .add(call.registered + epoch, -1);
    }
}
