package dev.rollcall.stress.rpc;

import dev.rollcall.rpc.CallRig;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A call is sent while its group fails: it is handed back or ended, never left in an epoch that nobody sweeps any more. */
public final class SendStress {
    private SendStress() {
    }

    @JCStressTest
    @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Handed back to its caller, who ends it.")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Ended by the sweep.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left behind, ended twice, or the accounts differ.")
    @State
    public static class AgainstFail {
        private final CallRig call = new CallRig();

        @Actor
        public void send(III_Result r) {
            r.r1 = call.send() ? 1 : 0;
        }

        @Actor
        public void fail(III_Result r) {
            r.r2 = call.fail() ? 1 : 0;
        }

        @Arbiter
        public void account(III_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            call.done();
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "Handed back to its caller, open or parked.")
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Parked by the sweep.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Left behind, ended twice, or the accounts differ.")
    @State
    public static class AgainstPark {
        private final CallRig call = new CallRig();

        @Actor
        public void send(III_Result r) {
            r.r1 = call.send() ? 1 : 0;
        }

        @Actor
        public void park(III_Result r) {
            r.r2 = call.park() ? 1 : 0;
        }

        @Arbiter
        public void account(III_Result r) {
            call.endIfOpen();
            r.r3 = call.ends();
            call.done();
        }
    }
}
