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
 * A call whose group restarts: it is parked at the end of an epoch and opened again in the next, while others end it. It ends once,
 * and leaves every epoch it was in.
 */
public final class RestartStress {
    private RestartStress() {
    }

    @JCStressTest
    @Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Ended before it was parked.")
    @Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Parked, and ended later.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ReplyAgainstPark {
        private final CallRig call = new CallRig();

        public ReplyAgainstPark() {
            boolean _ = call.send();
        }

        @Actor
        public void reply(IIII_Result r) {
            r.r1 = call.reply() ? 1 : 0;
        }

        @Actor
        public void park(IIII_Result r) {
            r.r2 = call.park() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Ended before it was parked.")
    @Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Parked, and ended later.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class ErrorAgainstPark {
        private final CallRig call = new CallRig();

        public ErrorAgainstPark() {
            boolean _ = call.send();
        }

        @Actor
        public void error(IIII_Result r) {
            r.r1 = call.error() ? 1 : 0;
        }

        @Actor
        public void park(IIII_Result r) {
            r.r2 = call.park() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Ended before it was parked.")
    @Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Parked, and ended later.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Ended twice or never, or the accounts differ.")
    @State
    public static class TimeOutAgainstPark {
        private final CallRig call = new CallRig();

        public TimeOutAgainstPark() {
            boolean _ = call.send();
        }

        @Actor
        public void timeOut(IIII_Result r) {
            r.r1 = call.timeOut() ? 1 : 0;
        }

        @Actor
        public void park(IIII_Result r) {
            r.r2 = call.park() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled in its epoch.")
    @Outcome(id = "1, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Cancelled when it was parked.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Not cancelled, ended twice, or the accounts differ.")
    @State
    public static class CancelAgainstPark {
        private final CallRig call = new CallRig();

        public CancelAgainstPark() {
            boolean _ = call.send();
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r1 = call.cancel() ? 1 : 0;
        }

        @Actor
        public void park(IIII_Result r) {
            r.r2 = call.park() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1, 1, 2", expect = Expect.ACCEPTABLE, desc = "Cancelled before or after it was opened again; it has left both epochs.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Not cancelled, ended twice, or the accounts differ.")
    @State
    public static class CancelAgainstSendAgain {
        private final CallRig call = new CallRig();

        public CancelAgainstSendAgain() {
            boolean _ = call.send();
            boolean _ = call.park();
        }

        @Actor
        public void cancel(IIII_Result r) {
            r.r1 = call.cancel() ? 1 : 0;
        }

        @Actor
        public void sendAgain(IIII_Result r) {
            r.r2 = call.sendAgain() ? 1 : 0;
        }

        @Arbiter
        public void account(IIII_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            r.r4 = call.toldBoard();
            call.done();
        }
    }
}
