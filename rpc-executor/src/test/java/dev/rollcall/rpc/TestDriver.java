package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A driver to be ended. Without arguments: to be killed, while its workers hang in a native call; likewise with
 * {@link #PYTHON}, whose workers are that. With how long a call takes, and how long it is waited for, milliseconds: to be
 * asked to end, and to say what became of that call.
 */
final class TestDriver {

    static final String PYTHON = "python";

    private TestDriver() {
    }

    public static void main(String[] args) throws InterruptedException {
        boolean python = List.of(args).contains(PYTHON);
        boolean asked = args.length > 0 && !python;
        WorkerLauncher launcher = python ? CommandLauncherTest.python() : TestGroup.launcher().build();
        Duration drain = asked ? Duration.ofMillis(Long.parseLong(args[1])) : Duration.ofSeconds(5);
        CollectiveExecutor executor = CollectiveExecutor.builder(launcher, 3).drainTimeout(drain)
                .stopTimeout(Duration.ofMillis(300)).start();
        CallResult folders = executor.call(python ? "nothing" : "tmpdir", MemorySegment.NULL).join();
        for (int rank = 0; rank < executor.workers(); rank++) {
            System.out.println("pid " + executor.pid(rank));
            System.out.println("tmp " + TestWorker.text(folders.reply(rank)));
        }
        var call = executor.call("sleep", TestWorker.text(asked ? args[0] : "60000"));
        if (asked) {
            var _ = call.whenComplete((result, error) -> System.out
                    .println("outcome " + (error == null ? "completed" : error.getClass().getSimpleName())));
        }
        System.out.println("ready");
        new CountDownLatch(1).await();
        call.cancel(true);
    }
}
