package dev.rollcall.rpc;

class ThreadLauncherTest extends LauncherContract {

    @Override
    WorkerLauncher launcher(int faultRank) {
        return ThreadLauncher.of(TestWorker::new).argument("openFault", "throw")
                .argument("faultRank", Integer.toString(faultRank));
    }

    @Override
    boolean canKill() {
        return false;
    }
}
