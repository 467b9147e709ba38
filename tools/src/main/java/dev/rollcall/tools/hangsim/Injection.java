package dev.rollcall.tools.hangsim;

import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.Signal;

/** Makes the victim go wrong, in whichever way the fault goes. Stage hand's thread. */
final class Injection {
    private static final long BEGIN_NANOS = 60_000_000_000L;

    private final SimOptions options;
    private final Screen screen;
    private final Cast cast;

    Injection(SimOptions options, Screen screen, Cast cast) {
        this.options = options;
        this.screen = screen;
        this.cast = cast;
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
        watch.injected(System.nanoTime());
        boolean sent = options.atDriver() ? cast.driver().signal(signal) : cast.scene().signal(options.rank(), signal);
        if (second != options.rank()) {
            sent &= cast.scene().signal(second, signal);
        }
        return sent ? "" : options.victim() + " was gone before it could be hung";
    }

    private String order(Watch watch, int who) {
        Fault fault = options.fault();
        FaultOrder order = new FaultOrder(cast.scene().file().memory());
        if (who == Verdict.DRIVER) {
            cast.driver().tell(fault.driverWord());
        } else {
            order.give(fault, who);
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
