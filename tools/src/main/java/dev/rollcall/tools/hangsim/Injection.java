package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.RankStatus;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.tools.hangsim.StepPlan.Step;

/** Makes the victim go wrong, in whichever way the fault goes. Stage hand's thread. */
final class Injection {
    private static final long BEGIN_NANOS = 60_000_000_000L;

    private final SimOptions options;
    private final Screen screen;
    private final Cast cast;
    private final Lesson lesson;

    Injection(SimOptions options, Screen screen, Cast cast, Lesson lesson) {
        this.options = options;
        this.screen = screen;
        this.cast = cast;
        this.lesson = lesson;
    }

    /** What came in between, "" when nothing did; from its return on the victim is at fault. */
    String run(Watch watch) {
        return switch (options.fault().place()) {
            case NOWHERE -> "";
            case SIGNAL -> signal(watch);
            case RANK -> order(watch, options.rank());
            case DRIVER -> order(watch, Verdict.DRIVER);
        };
    }

    private String signal(Watch watch) {
        Signal signal = options.fault() == Fault.CRASH ? Signal.KILL : Signal.STOP;
        int second = options.fault().alsoAt(options.rank(), options.workers());
        Step within = options.within();
        if (within != null && !screen.await(BEGIN_NANOS, "waiting for a " + within.costClass() + " step ...", () -> {
            watch.look();
            return isUnderWay(within);
        })) {
            return "no " + within.costClass() + " step came";
        }
        watch.injected(System.nanoTime());
        boolean sent = options.atDriver() ? cast.driver().signal(signal) : cast.scene().signal(options.rank(), signal);
        if (second != options.rank()) {
            sent &= cast.scene().signal(second, signal);
        }
        return sent ? "" : options.victim() + " was gone before it could be hung";
    }

    /** The victim is in such a step; when it is the driver, rank 0 is. */
    private boolean isUnderWay(Step step) {
        RankStatus status = cast.scene().board().rank(Math.max(0, options.rank()));
        return status.started() > status.finished() && status.method().equals(SimWorker.EXECUTE)
                && status.costClass().equals(step.costClass());
    }

    private String order(Watch watch, int who) {
        Fault fault = options.fault();
        FaultOrder order = new FaultOrder(cast.scene().file().memory());
        if (who == Verdict.DRIVER) {
            cast.driver().tell(fault.driverWord());
        } else {
            order.give(fault, who, lesson.within(watch));
        }
        if (!screen.await(BEGIN_NANOS, "waiting for it to begin ...", () -> {
            watch.look();
            return order.isBegun(fault, who);
        })) {
            return options.victim() + " did not begin: " + fault.option();
        }
        watch.injected(System.nanoTime());
        if (who != Verdict.DRIVER && !fault.driverWord().isEmpty()) {
            cast.driver().tell(fault.driverWord());
        }
        return "";
    }
}
