package dev.rollcall.rpc;

class ProcessLauncherTest extends LauncherContract {

    @Override
    WorkerLauncher launcher(int faultRank) {
        return TestGroup.launcher().argument("openFault", "throw").argument("faultRank", Integer.toString(faultRank))
                .build();
    }

    @Override
    boolean canKill() {
        return true;
    }
}
