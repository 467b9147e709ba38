package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.os.Signal;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Millions of messages of all sizes, every byte of them checked by every reader, while readers come and go, are killed, stopped
 * and given up. Again with {@code -Drollcall.test.seed=}; more or fewer with {@code -Drollcall.test.messages=}.
 */
@Tag("stress")
@Timeout(600)
class RingLongTest {
    private static final long SEED = Long.getLong("rollcall.test.seed", System.nanoTime() & 0xff_ffff);
    private static final long MESSAGES = Long.getLong("rollcall.test.messages", 20_000_000);
    /** Of a living machine: nothing here waits that long unless it is broken. */
    private static final long DEADLINE = 60 * Frames.SECOND;
    private static final int CAPACITY = 1 << 16;
    private static final int STAYING = 2;
    private static final int COMING = 2;
    private static final int VICTIM = STAYING + COMING;
    private static final int MOST_IN_A_BATCH = 64;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private final LongMessages messages = new LongMessages(SEED);
    private final RandomGenerator random = Frames.random(SEED);

    /** Reads to the end of the ring: {@code file slot seed}. */
    static final class Reader {
        private Reader() {
        }

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            int slot = Integer.parseInt(args[1]);
            long seed = Long.parseLong(args[2]);
            LongMessages.Check check = new LongMessages(seed).check();
            RandomGenerator random = Frames.random(seed + slot);
            try (RingReader reader = RingReader.join(file, slot)) {
                System.out.println("joined");
                while (true) {
                    read(reader, check, random);
                }
            } catch (RingClosedException end) {
                System.out.println("end next=" + check.next());
            }
        }

        private static void read(RingReader reader, LongMessages.Check check, RandomGenerator random) {
            if (reader.poll(check, 1 + random.nextInt(256)) == 0 && !reader.await(DEADLINE)) {
                throw new AssertionError("nothing came: position=" + reader.position() + " lag=" + reader.lag());
            }
            if (random.nextInt(4000) == 0) {
                LockSupport.parkNanos(random.nextInt(2_000_000)); // the ring gets full
            }
        }
    }

    /** Joins, reads some, leaves, again and again until the ring has ended: {@code file slot seed}. */
    static final class Guest {
        private Guest() {
        }

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            int slot = Integer.parseInt(args[1]);
            long seed = Long.parseLong(args[2]);
            LongMessages messages = new LongMessages(seed);
            RandomGenerator random = Frames.random(seed + slot);
            long visits = 0;
            long seen = 0;
            try {
                while (true) {
                    LongMessages.Check check = messages.check();
                    try (RingReader reader = RingReader.join(file, slot)) {
                        visits++;
                        for (int polls = random.nextInt(400); polls >= 0; polls--) {
                            Reader.read(reader, check, random);
                        }
                    } finally {
                        seen += check.count();
                    }
                    LockSupport.parkNanos(random.nextInt(1_000_000));
                }
            } catch (RingClosedException end) {
                System.out.println("end visits=" + visits + " seen=" + seen);
            }
        }
    }

    @Test
    void shouldLoseNothingWhoeverComesGoesAndDies() throws Exception {
        System.out.println("seed=" + SEED + " messages=" + MESSAGES);
        Path file = folder.resolve("ring");
        List<Child> staying = new ArrayList<>();
        List<Child> coming = new ArrayList<>();
        long start = System.nanoTime();
        try {
            int killed = writeToAll(file, staying, coming);
            for (Child child : staying) {
                assertThat(child.awaitLine("end")).as("seed=%d", SEED).isEqualTo("end next=" + MESSAGES);
            }
            for (Child child : coming) {
                System.out.println("guest " + child.awaitLine("end"));
            }
            System.out.println("killed=" + killed + " seconds=" + (System.nanoTime() - start) / Frames.SECOND);
            assertThat(killed).isPositive();
        } finally {
            staying.forEach(Child::close);
            coming.forEach(Child::close);
        }
    }

    /** How many were killed meanwhile. The ring is closed then. */
    private int writeToAll(Path file, List<Child> staying, List<Child> coming) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(CAPACITY, VICTIM + 1))) {
            for (int slot = 0; slot < VICTIM; slot++) {
                (slot < STAYING ? staying : coming).add(child(slot < STAYING ? Reader.class : Guest.class, file, slot));
            }
            for (Child child : staying) {
                child.awaitLine("joined"); // these see every message
            }
            Task<Integer> killing = Task.start(() -> kill(file, staying, over));
            try {
                write(writer);
            } finally {
                over.set(true);
            }
            return killing.join();
        }
    }

    private static Child child(Class<?> main, Path file, int slot) {
        return Child.jvm(List.of("-XX:TieredStopAtLevel=4"), main, file, slot, SEED);
    }

    private void write(RingWriter writer) {
        for (long number = 0; number < MESSAGES;) {
            try (var _ = writer.batch()) {
                for (int left = random.nextInt(MOST_IN_A_BATCH); left >= 0 && number < MESSAGES; left--) {
                    messages.write(writer, number++, random.nextInt(8), DEADLINE);
                }
            }
        }
    }

    /** A reader is killed, its slot goes to the next; and one of those that stay is stopped for a moment. */
    private static int kill(Path file, List<Child> staying, AtomicBoolean over) {
        RandomGenerator random = Frames.random(SEED + VICTIM);
        int killed = 0;
        while (!over.get()) {
            try (Child victim = child(Reader.class, file, VICTIM)) {
                victim.awaitLine("joined");
                LockSupport.parkNanos(random.nextLong(Frames.SECOND));
                Child stopped = staying.get(random.nextInt(staying.size()));
                stopped.signal(Signal.STOP);
                LockSupport.parkNanos(random.nextLong(Frames.SECOND / 10));
                stopped.signal(Signal.CONT);
                assertThat(victim.output()).as("seed=%d", SEED).isEmpty();
                victim.kill();
                killed++;
            }
        }
        return killed;
    }

    /** Readers that are given up at any moment join again; whatever they act on in between is whole and in order. */
    @Test
    void shouldActOnNothingTornWhoeverIsGivenUp() throws Exception {
        System.out.println("seed=" + SEED);
        Path file = folder.resolve("copied");
        List<Task<Long>> readers = new ArrayList<>();
        long evicted = 0;
        try (RingWriter writer = RingWriter.create(file,
                RingConfig.builder(CAPACITY, STAYING + COMING).copyOut(true).build())) {
            for (int slot = 0; slot < STAYING + COMING; slot++) {
                int own = slot;
                readers.add(Task.start(() -> readAndRejoin(file, own)));
            }
            assertThat(writer.awaitReaders(STAYING + COMING, DEADLINE)).isTrue();
            for (long number = 0; number < MESSAGES / 4;) {
                try {
                    messages.write(writer, number, random.nextInt(8), 200_000);
                    number++;
                } catch (RingFullException full) {
                    ReaderLag slowest = full.holders().isEmpty() ? null : full.holders().getFirst();
                    evicted += slowest != null && writer.evict(slowest.slot()) ? 1 : 0;
                }
            }
        }
        long rejoined = 0;
        for (Task<Long> reader : readers) {
            rejoined += reader.join();
        }
        System.out.println("evicted=" + evicted + " rejoined=" + rejoined);
        assertThat(evicted).as("seed=%d", SEED).isPositive();
        assertThat(rejoined).as("everybody learnt it, seed=%d", SEED).isEqualTo(evicted);
    }

    private long readAndRejoin(Path file, int slot) {
        RandomGenerator own = Frames.random(SEED + slot);
        long evictions = 0;
        try (RingReader reader = RingReader.join(file, slot)) {
            LongMessages.Check check = messages.check();
            while (true) {
                try {
                    Reader.read(reader, check, own);
                } catch (ReaderEvictedException e) {
                    evictions++;
                    reader.rejoin();
                    check = messages.check();
                }
            }
        } catch (RingClosedException end) {
            return evictions;
        }
    }
}
