package dev.rollcall.stress.rpc;

import dev.rollcall.rpc.CallRig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/**
 * Two parties end one call at once, in every pairing of those that run on different threads: exactly one wins, and board, registry
 * and future agree about it. (Reply, error and time-out all come from the collector's one thread.)
 */
public final class CallOutcomeStress {
    private CallOutcomeStress() {
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ReplyAgainstCancel {
        private final CallRig call = new CallRig();

        public ReplyAgainstCancel() {
            boolean _ = call.send();
        }

        @Actor
        public void reply(IIII_Result r) {
            r.r1 = call.reply() ? 1 : 0;
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r2 = call.cancel() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ReplyAgainstFail {
        private final CallRig call = new CallRig();

        public ReplyAgainstFail() {
            boolean _ = call.send();
        }

        @Actor
        public void reply(IIII_Result r) {
            r.r1 = call.reply() ? 1 : 0;
        }

        @Actor
        public void fail(IIII_Result r) {
            r.r2 = call.fail() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ErrorAgainstCancel {
        private final CallRig call = new CallRig();

        public ErrorAgainstCancel() {
            boolean _ = call.send();
        }

        @Actor
        public void error(IIII_Result r) {
            r.r1 = call.error() ? 1 : 0;
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r2 = call.cancel() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ErrorAgainstFail {
        private final CallRig call = new CallRig();

        public ErrorAgainstFail() {
            boolean _ = call.send();
        }

        @Actor
        public void error(IIII_Result r) {
            r.r1 = call.error() ? 1 : 0;
        }

        @Actor
        public void fail(IIII_Result r) {
            r.r2 = call.fail() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class TimeOutAgainstCancel {
        private final CallRig call = new CallRig();

        public TimeOutAgainstCancel() {
            boolean _ = call.send();
        }

        @Actor
        public void timeOut(IIII_Result r) {
            r.r1 = call.timeOut() ? 1 : 0;
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r2 = call.cancel() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class TimeOutAgainstFail {
        private final CallRig call = new CallRig();

        public TimeOutAgainstFail() {
            boolean _ = call.send();
        }

        @Actor
        public void timeOut(IIII_Result r) {
            r.r1 = call.timeOut() ? 1 : 0;
        }

        @Actor
        public void fail(IIII_Result r) {
            r.r2 = call.fail() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = {"1, 0, 1, 1", "0, 1, 1, 1"}, expect = Expect.ACCEPTABLE, desc = "One of the two ended it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class CancelAgainstFail {
        private final CallRig call = new CallRig();

        public CancelAgainstFail() {
            boolean _ = call.send();
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r1 = call.cancel() ? 1 : 0;
        }

        @Actor
        public void fail(IIII_Result r) {
            r.r2 = call.fail() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }
}
