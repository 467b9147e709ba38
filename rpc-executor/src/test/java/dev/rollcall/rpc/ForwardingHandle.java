package dev.rollcall.rpc;

import java.util.List;

/** A handle of another launcher, for tests that change one thing about it. */
class ForwardingHandle implements WorkerLauncher.Handle {

    private final WorkerLauncher.Handle worker;

    ForwardingHandle(WorkerLauncher.Handle worker) {
        this.worker = worker;
    }

    @Override
    public int rank() {
        return worker.rank();
    }

    @Override
    public long pid() {
        return worker.pid();
    }

    @Override
    public boolean isDead() {
        return worker.isDead();
    }

    @Override
    public boolean awaitDeath(long timeoutNanos) {
        return worker.awaitDeath(timeoutNanos);
    }

    @Override
    public WorkerLauncher.Exit exit() {
        return worker.exit();
    }

    @Override
    public List<String> lastOutput() {
        return worker.lastOutput();
    }

    @Override
    public void terminate() {
        worker.terminate();
    }

    @Override
    public void kill() {
        worker.kill();
    }

    @Override
    public void close() {
        worker.close();
    }
}
