package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Counted;
import dev.rollcall.tools.console.Durations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * Plays one rehearsal: raises the curtain, lets the group serve, hangs one of its processes, looks on, clears the stage. It
 * takes part in nothing: driver, workers and watchdog are processes of their own, and the watchdog is told nothing. All
 * times are this process's. One thread.
 */
final class StageHand {
    private static final long START_NANOS = 60_000_000_000L;
    private static final long ATTACH_NANOS = 10_000_000_000L;
    private static final long WARM_UP_NANOS = 30_000_000_000L;
    private static final long CALLS_NANOS = 180_000_000_000L;
    private static final long SETTLE_NANOS = 3_000_000_000L;
    private static final long LEAVE_NANOS = 2_000_000_000L;
    private static final long LAST_WORD_NANOS = 5_000_000_000L;

    private final SimOptions options;
    private final Report report;
    private final Screen screen;
    private final Stage stage;
    private final Class<?> command;

    StageHand(SimOptions options, Report report, Screen screen, Stage stage, Class<?> command) {
        this.options = options;
        this.report = report;
        this.screen = screen;
        this.stage = stage;
        this.command = command;
    }

    /** The whole play; returns the exit code. */
    int play() {
        Outcome outcome = perform();
        return new Conclusion(options, report, screen).draw(outcome);
    }

    /** The play without its last lines: what was seen. */
    Outcome perform() {
        Child driver = stage.startDriver(DriverArguments.of(options).line());
        Scene scene = meetGroup(driver);
        Child sidecar = stage.startSidecar(command, sidecarArguments(scene));
        Watch watch = raiseCurtain(driver, sidecar, scene);
        Cast cast = new Cast(driver, sidecar, scene, Math.max(0, options.rank()));
        Aftermath aftermath = new Aftermath(options, report, screen, scene, watch, driver);
        aftermath.practise();
        Circumstance.Running around = options.fault().mustBeNamed()
                ? stage.during(options.around().begin(cast))
                : Circumstance.NONE.begin(cast);
        serve(watch, driver, aftermath, "healthy", options.after().toNanos());
        awaitCalls(watch, scene);
        blame(watch, aftermath);
        if (watch.said() == null && aftermath.trouble() == null) {
            screen.say(report.healthy(options.after().toNanos(), watch.p50Ms(), watch.p99Ms(),
                    watch.ledger().account().completed()));
            lookOn(watch, cast, aftermath);
        }
        if (options.around() == Circumstance.REST) {
            around.end(); // a driver that asks nothing would not learn that its group has failed
        }
        aftermath.run();
        // The watchdog leaves by itself when the group is gone. What has not left is told, removed, and looked for again.
        screen.await(LEAVE_NANOS, "waiting for the last processes ...", () -> stage.livingProcesses() == 0);
        watch.look();
        blame(watch, aftermath);
        int lingering = stage.leftovers();
        if (lingering > 0) {
            aftermath.trouble(Counted.of(lingering, "process or folder", "processes or folders")
                    + " did not go unaided and had to be removed"
                    + because(watch));
        }
        stage.close();
        return aftermath.outcome(stage.leftovers());
    }

    /** The fault and its verdict; or what is no fault, for its time and a little longer. */
    private void lookOn(Watch watch, Cast cast, Aftermath aftermath) {
        Fault fault = options.fault();
        if (fault.mustBeNamed()) {
            Lesson lesson = new Lesson(options);
            if (awaitLimit(lesson, watch, cast.driver(), aftermath) && inject(lesson, watch, cast, aftermath)) {
                awaitVerdict(watch, aftermath);
            }
            return;
        }
        Circumstance.Running around = stage.during(options.around().begin(cast));
        if (fault == Fault.NONE || inject(new Lesson(options), watch, cast, aftermath)) {
            serve(watch, cast.driver(), aftermath, "serving", options.howLong().toNanos());
        }
        around.end();
        if (options.around() != Circumstance.NONE && watch.said() == null && aftermath.trouble() == null) {
            serve(watch, cast.driver(), aftermath, "after it", SETTLE_NANOS);
        }
    }

    /** Some loads are looked at only after so many calls. */
    private void awaitCalls(Watch watch, Scene scene) {
        long calls = options.load().calls();
        screen.await(CALLS_NANOS, () -> "call " + scene.board().driver().lastIssued() + " of " + calls, () -> {
            watch.look();
            return watch.said() != null || scene.board().driver().lastIssued() >= calls
                    || watch.watchdogTrouble() != null;
        });
    }

    private Scene meetGroup(Child driver) {
        JsonNode created = screen.awaitEvent(driver, "created", START_NANOS, () -> "starting the driver ...");
        return stage.open(new Scene(Path.of(created.path("directory").asText())));
    }

    private List<String> sidecarArguments(Scene scene) {
        List<String> arguments = new ArrayList<>(List.of("sidecar", scene.folder().toString(), "--mode",
                options.enforce() ? "enforce" : "observe", "--floor", options.floor().toMillis() + "ms",
                "--incidents", options.incidents().toString(), "--json-events"));
        arguments.addAll(options.wishes().arguments());
        return arguments;
    }

    private Watch raiseCurtain(Child driver, Child sidecar, Scene scene) {
        JsonNode ready = screen.awaitEvent(driver, "ready", START_NANOS, () -> {
            scene.meetWorkers();
            return "starting workers: " + scene.livingWorkers() + " of " + options.workers() + " processes ...";
        });
        scene.meetWorkers();
        boolean attached = screen.await(ATTACH_NANOS, "waiting for the watchdog ...",
                () -> scene.board().watchdog().process() != null || sidecar.isDead());
        if (!attached || sidecar.isDead()) {
            throw new RollcallException("the watchdog did not attach: " + sidecar.lastWords());
        }
        screen.say(report.ready(scene.group(), options.workers(), ready.path("readyNanos").asLong(), sidecar.pid()));
        screen.say(report.pids(driver.pid(), scene.pids()));
        RequestLedger ledger = new RequestLedger(scene.file().memory(), options.requests());
        Watch watch = new Watch(options, scene, driver, sidecar, ledger);
        warmUp(watch, driver);
        return watch;
    }

    private void warmUp(Watch watch, Child driver) {
        boolean served = driver.tell("load")
                && screen.await(WARM_UP_NANOS, "first call (2 s, as in an engine that compiles) ...", () -> {
                    watch.look();
                    return watch.isWarm() || watch.said() != null || driver.isDead()
                            || watch.watchdogTrouble() != null;
                });
        if (!served || driver.isDead()) {
            throw new RollcallException("the driver did not serve: " + driver.lastWords());
        }
    }

    private void serve(Watch watch, Child driver, Aftermath aftermath, String word, long nanos) {
        String of = " of " + Durations.brief(nanos);
        serve(watch, driver, aftermath, nanos, elapsed -> word + " " + Durations.brief(elapsed) + of, () -> false);
    }

    /** The same, at most for that long: until it is enough. */
    private void serve(Watch watch, Child driver, Aftermath aftermath, long nanos, LongFunction<String> words,
            BooleanSupplier enough) {
        long start = System.nanoTime();
        screen.await(nanos, () -> words.apply(System.nanoTime() - start) + ", "
                + watch.ledger().account().completed() + " requests ok" + watch.warning(), () -> {
                    watch.look();
                    return watch.said() != null || driver.isDead() || enough.getAsBoolean()
                            || watch.watchdogTrouble() != null;
                });
        if (watch.said() == null && driver.isDead()) {
            // Somebody ended it from outside, or it ended by itself: the watchdog knows, and says so a moment later.
            screen.await(LAST_WORD_NANOS, "the driver has ended, waiting for the watchdog ...", () -> {
                watch.look();
                return watch.said() != null || watch.isWatchdogGone();
            });
            watch.look();
            if (watch.said() == null) {
                aftermath.trouble("the driver ended: " + driver.lastWords());
            }
        }
        blame(watch, aftermath);
    }

    /** Without a watchdog there is nothing to rehearse, and after the verdict it still has evidence to save. */
    private static void blame(Watch watch, Aftermath aftermath) {
        String trouble = watch.watchdogTrouble();
        if (trouble != null) {
            aftermath.trouble(trouble);
        }
    }

    /** Load until the watchdog can find what is coming; false when it cannot, or when something else came first. */
    private boolean awaitLimit(Lesson lesson, Watch watch, Child driver, Aftermath aftermath) {
        if (lesson.isLearned(watch)) {
            return true;
        }
        String limit = "the limit of " + lesson.step().costClass();
        screen.say("waiting for " + limit + " to be learned ...");
        long bound = options.howLong().toNanos();
        serve(watch, driver, aftermath, bound, elapsed -> "learning since " + Durations.brief(elapsed),
                () -> lesson.isLearned(watch));
        if (watch.said() != null || aftermath.trouble() != null) {
            return false;
        }
        if (!lesson.isLearned(watch)) {
            aftermath.trouble(limit + " was not learned in " + Durations.brief(bound)
                    + ": no fault without it; give a longer --after or --for");
            return false;
        }
        return true;
    }

    /** From its return on the victim is at fault; false when that could not be done. */
    private boolean inject(Lesson lesson, Watch watch, Cast cast, Aftermath aftermath) {
        String trouble = new Injection(options, screen, cast, lesson).run(watch);
        if (!trouble.isEmpty()) {
            aftermath.trouble(trouble);
            return false;
        }
        screen.say(report.event(0, "INJECT", options.fault().words() + " " + options.victim()
                + " (watchdog not told)"));
        return true;
    }

    private void awaitVerdict(Watch watch, Aftermath aftermath) {
        // Watchdog and group may end without a verdict, as in observe mode when the driver itself sees a worker die.
        long bound = options.howLong().toNanos();
        boolean named = screen.await(bound, () -> "hung for " + Durations.brief(System.nanoTime() - watch.zero())
                + ", waiting for the watchdog" + watch.warning(), () -> {
                    watch.look();
                    return watch.said() != null || (options.fault().reportedError() != null && watch.reported() != null)
                            || stage.livingProcesses() == 0 || watch.watchdogTrouble() != null;
                });
        if (!named || (watch.said() == null && watch.reported() == null)) {
            aftermath.trouble("no verdict in " + Durations.brief(System.nanoTime() - watch.zero()) + because(watch));
        }
    }

    private static String because(Watch watch) {
        String why = watch.whyUnwatched();
        return why == null ? "" : ": " + why;
    }
}
