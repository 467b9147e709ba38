package dev.rollcall.stress.twin;

import dev.rollcall.stress.support.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A record is read while it is written. */
public final class RecordTwins {
    private RecordTwins() {
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Being overwritten: none.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of different records.")
    @State
    public static class Sound {
        private static final Pool<HandRecord> POOL = new Pool<>(() -> new HandRecord(HandRecord.Fault.NONE));

        private final HandRecord record = POOL.take();

        @Actor
        public void write() {
            record.write();
            record.write();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = record.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(record);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Being overwritten: none.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of different records.")
    @State
    public static class NotZeroedFirst {
        private static final Pool<HandRecord> POOL =
                new Pool<>(() -> new HandRecord(HandRecord.Fault.NOT_ZEROED_FIRST));

        private final HandRecord record = POOL.take();

        @Actor
        public void write() {
            record.write();
            record.write();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = record.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(record);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Being overwritten: none.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of different records.")
    @State
    public static class NoSecondLook {
        private static final Pool<HandRecord> POOL = new Pool<>(() -> new HandRecord(HandRecord.Fault.NO_SECOND_LOOK));

        private final HandRecord record = POOL.take();

        @Actor
        public void write() {
            record.write();
            record.write();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = record.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(record);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Being overwritten: none.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of different records.")
    @State
    public static class SequenceStoredFirst {
        private static final Pool<HandRecord> POOL =
                new Pool<>(() -> new HandRecord(HandRecord.Fault.SEQUENCE_STORED_FIRST));

        private final HandRecord record = POOL.take();

        @Actor
        public void write() {
            record.write();
            record.write();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = record.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(record);
        }
    }

    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Being overwritten: none.")
    @Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "Whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Torn: fields of different records.")
    @State
    public static class TwoAcquireLoads {
        private static final Pool<HandRecord> POOL =
                new Pool<>(() -> new HandRecord(HandRecord.Fault.TWO_ACQUIRE_LOADS));

        private final HandRecord record = POOL.take();

        @Actor
        public void write() {
            record.write();
            record.write();
        }

        @Actor
        public void read(I_Result r) {
            r.r1 = record.read();
        }

        @Arbiter
        public void rest(I_Result r) {
            POOL.give(record);
        }
    }
}
