package dev.rollcall.stress.kill;

import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.WorkerLauncher;
import java.time.Duration;

/**
 * The second of two ranks is the victim, this process is the driver. What is in flight when it is killed ends with its death, when
 * it is stopped with the deadline; a restart brings a new one, also while the old one stands still.
 */
final class WorkerScene implements Scene {
    private static final int VICTIM = 1;
    private static final Duration SHORT_CALL = Duration.ofSeconds(1);
    private static final Duration LONG_CALL = Duration.ofSeconds(60);
    private static final Duration SHORT_START = Duration.ofSeconds(6);
    private static final Duration LONG_START = Duration.ofSeconds(60);
    private static final Duration ALL = Duration.ofMinutes(4);

    @Override
    public void play(Stage stage) throws Exception {
        ProcessLauncher healthy = GroupPlay.launcher().build();
        ProcessLauncher labelled = GroupPlay.launcher().jvmFlag(stage.flag()).build();
        WorkerLauncher launcher = spec -> (spec.rank() == VICTIM ? labelled : healthy).launch(spec);
        GroupPlay play = new GroupPlay(stage.ledger(), stage.group(), 2, launcher,
                stage.isStop() ? SHORT_CALL : LONG_CALL, stage.isStop() ? SHORT_START : LONG_START);
        Act act = stage.begin("driver", play::all);
        try {
            boolean _ = stage.strike(act::isDone);
        } finally {
            act.end(ALL);
        }
        if (stage.isKill() && play.timedOut()) {
            stage.ledger().trouble("a call waited for its deadline though the rank was dead");
        }
        if (!stage.isVictimDead()) {
            stage.ledger().trouble("the victim outlives its group");
        }
    }
}
