package dev.rollcall.rpc;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;

/** A driver to be killed: two of its workers hang in a native call. */
final class TestDriver {

    private TestDriver() {
    }

    public static void main(String[] args) throws InterruptedException {
        CollectiveExecutor executor = CollectiveExecutor.builder(TestGroup.launcher().build(), 3).start();
        CallResult folders = executor.call("tmpdir", MemorySegment.NULL).join();
        for (int rank = 0; rank < executor.workers(); rank++) {
            System.out.println("pid " + executor.pid(rank));
            System.out.println("tmp " + TestWorker.text(folders.reply(rank)));
        }
        var stuck = executor.call("sleep", TestWorker.text("60000"));
        System.out.println("ready");
        new CountDownLatch(1).await();
        stuck.cancel(true);
    }
}
