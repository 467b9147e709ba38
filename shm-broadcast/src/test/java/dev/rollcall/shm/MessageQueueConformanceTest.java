package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users of vLLM's MessageQueue rely on, told by its own tests: the same promises, kept here. Names follow that project's
 * list.
 */
class MessageQueueConformanceTest {
    private static final int ARRAYS = 10_000;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    enum Mode {
        SPINNING, PARKED;

        WaitStrategy strategy() {
            return this == SPINNING ? WaitStrategy.spinning() : WaitStrategy.sleeping();
        }
    }

    /** Both sides make the same arrays from the same seed; every hundredth may be too large for a frame. */
    private static byte[] array(int i) {
        RandomGenerator random = Frames.random(i);
        byte[] bytes = new byte[random.nextInt(1, i % 100 == 0 ? 200_000 : 2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void randomDelay(RandomGenerator random) {
        if (random.nextInt(64) == 0) {
            LockSupport.parkNanos(random.nextInt(1_000_000));
        }
    }

    /** Reads all arrays, with delays, and compares every byte. */
    static final class ArrayReader {
        private ArrayReader() {
        }

        public static void main(String[] args) {
            int rank = Integer.parseInt(args[1]);
            RandomGenerator random = Frames.random(1000 + rank);
            try (BroadcastQueue queue = BroadcastQueue.attach(args[0], rank)) {
                for (int i = 0; i < ARRAYS; i++) {
                    byte[] found = queue.dequeue(LONG);
                    if (!java.util.Arrays.equals(found, array(i))) {
                        System.out.println("differs at " + i);
                        return;
                    }
                    randomDelay(random);
                }
                System.out.println("equal " + ARRAYS);
            }
        }
    }

    @Test
    void shouldCarryTenThousandArraysThroughATinyRingBitEqual() {
        try (BroadcastQueue queue = BroadcastQueue.create(RingConfig.of(1 << 16, 3));
                Child one = Child.jvm(ArrayReader.class, queue.handle(), 0);
                Child two = Child.jvm(ArrayReader.class, queue.handle(), 1);
                Child three = Child.jvm(ArrayReader.class, queue.handle(), 2)) {
            assertThat(queue.awaitReady(LONG)).isTrue();
            RandomGenerator random = Frames.random(999);
            for (int i = 0; i < ARRAYS; i++) {
                queue.enqueue(array(i), LONG);
                randomDelay(random);
            }
            for (Child child : List.of(one, two, three)) {
                assertThat(child.awaitLine("")).isEqualTo("equal " + ARRAYS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTimeOutFirstAndThenBeSentAwayByAShutdownFromAnotherThread(Mode mode) throws Exception {
        Path file = folder.resolve("ring");
        try (RingWriter _ = RingWriter.create(file, RingConfig.of(Frames.PAGE, 1))) {
            RingReader reader = RingReader.join(file, 0).waiting(mode.strategy());
            assertThat(reader.await(10_000_000)).isFalse();
            Task<Boolean> waiting = Task.start(() -> reader.await(60 * Frames.SECOND));
            if (mode == Mode.PARKED) {
                Await.untilAsleep(waiting);
            } else {
                Await.until("spins", () -> waiting.tid() != 0);
            }
            long start = System.nanoTime();
            reader.close();
            assertThatThrownBy(waiting::join).isInstanceOf(RingClosedException.class);
            assertThat(System.nanoTime() - start).isLessThan(Frames.SECOND);
        }
    }

    @Test
    void shouldWakeAParkedReaderWhichDoesNotRunWhileIdle() throws Exception {
        try (BroadcastQueue queue = BroadcastQueue.create(1);
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            long[] cpu = new long[1];
            AtomicBoolean begun = new AtomicBoolean();
            Task<byte[]> parked = Task.start(() -> {
                assertThat(reader.dequeue(Duration.ofMillis(1))).isNull(); // classes loaded before the count begins
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                begun.set(true);
                byte[] message = reader.dequeue(LONG);
                cpu[0] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
                return message;
            });
            Await.until("counts", () -> begun.get());
            Await.untilAsleep(parked);
            assertThat(queue.awaitReady(Duration.ZERO)).isTrue();
            LockSupport.parkNanos(500_000_000); // half a second of nothing
            queue.enqueue(new byte[]{42}, Duration.ZERO);
            assertThat(parked.join()).containsExactly(42);
            assertThat(cpu[0]).as("cpu ns of half a second parked: 2 %").isLessThan(10_000_000);
        }
    }

    @Test
    void shouldFreeTheSlotOfAReaderWhoseHandlerThrows() {
        Path file = folder.resolve("ring");
        try (RingWriter writer = RingWriter.create(file, RingConfig.of(Frames.PAGE, 1));
                RingReader reader = RingReader.join(file, 0)) {
            for (int i = 0; i < 10; i++) {
                writer.write(1, Frames.text("x".repeat(3000)), 0, 3000, 0);
                assertThatThrownBy(() -> reader.poll((_, _, _, _) -> {
                    throw new IllegalArgumentException("no");
                }, 1)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void shouldWaitNotAtAllOnAnExpiredDeadline() {
        try (BroadcastQueue queue = BroadcastQueue.create(1);
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            long start = System.nanoTime();
            for (Duration expired : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
                assertThat(reader.dequeue(expired)).isNull();
            }
            assertThat(System.nanoTime() - start).isLessThan(Frames.SECOND);
        }
    }

    @Test
    void shouldNeverHandOutMemoryThatIsUsedAgain() {
        try (BroadcastQueue queue = BroadcastQueue.create(RingConfig.of(1 << 16, 1));
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            List<byte[]> kept = new ArrayList<>();
            for (int i = 1; i < 100; i++) {
                queue.enqueue(Frames.pattern(i, 1_000 * (i % 10) + 8), LONG);
                kept.add(reader.dequeue(LONG));
            }
            for (int i = 1; i < 100; i++) {
                assertThat(kept.get(i - 1)).isEqualTo(Frames.pattern(i, 1_000 * (i % 10) + 8));
            }
        }
    }

    @Test
    void shouldCarryWhatIsLargerThanTheRing() throws Exception {
        try (BroadcastQueue queue = BroadcastQueue.create(RingConfig.of(2 << 20, 1));
                BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
            for (int bytes : new int[]{2 << 20, 16 << 20}) {
                Task<byte[]> taken = Task.start(() -> reader.dequeue(LONG));
                byte[] message = Frames.pattern(bytes, bytes);
                queue.enqueue(message, LONG);
                assertThat(java.util.Arrays.equals(taken.join(), message)).as("%d bytes intact", bytes).isTrue();
            }
        }
    }

    /** Creates one queue that fits and one that does not, and uses the first to its last byte. */
    static final class SmallSharedMemory {
        private SmallSharedMemory() {
        }

        public static void main(String[] args) {
            RingConfig fits = RingConfig.of(1 << 16, 1);
            try (BroadcastQueue queue = BroadcastQueue.create(fits);
                    BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
                try {
                    BroadcastQueue.create(1).close();
                    System.out.println("fits");
                } catch (NoSpaceException e) {
                    System.out.println("refused " + e.getMessage());
                }
                byte[] message = Frames.pattern(1, 1 << 18);
                Task<byte[]> taken = Task.start(() -> reader.dequeue(LONG));
                queue.enqueue(message, LONG);
                System.out.println("equal " + java.util.Arrays.equals(taken.join(), message));
                System.out.println("groups " + GroupDirectory.list().size());
            } catch (Exception e) {
                System.out.println("failed " + e);
            }
        }
    }

    /** In a mount namespace of its own, with a /dev/shm of 1 MiB: as a container whose shared memory is too small. */
    @Test
    void shouldCheckForFreeSpaceBeforeAnybodyIsKilledBySigbus() {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "no unshare");
        List<String> mounted = List.of("/usr/bin/unshare", "--mount", "--", "sh", "-c",
                "mount -t tmpfs -o size=1m,mode=1777 tmpfs /dev/shm && echo mounted && exec \"$@\"", "sh");
        try (Child child = Child.jvmUnder(mounted, SmallSharedMemory.class)) {
            String first = child.awaitLine("");
            Assumptions.assumeTrue(first.equals("mounted"), "no small tmpfs to be had here: " + first);
            assertThat(child.awaitLine("")).startsWith("refused ").contains("needed=", "free=", "path=/dev/shm/");
            assertThat(child.awaitLine("")).isEqualTo("equal true");
            assertThat(child.awaitLine("")).isEqualTo("groups 1");
            assertThat(child.awaitExit()).isZero();
        }
    }

    @Test
    void shouldNotLetThirtyTwoWritersCreatedAtOnceCollide() throws Exception {
        List<Task<BroadcastQueue>> creating = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(32);
        for (int i = 0; i < 32; i++) {
            creating.add(Task.start(() -> {
                together.await(20, TimeUnit.SECONDS);
                return BroadcastQueue.create(RingConfig.of(Frames.PAGE, 1));
            }));
        }
        Set<String> handles = new HashSet<>();
        for (int i = 0; i < 32; i++) {
            BroadcastQueue queue = creating.get(i).join();
            handles.add(queue.handle());
            try (BroadcastQueue reader = BroadcastQueue.attach(queue.handle(), 0)) {
                queue.enqueue(new byte[]{(byte) i}, Duration.ZERO);
                assertThat(reader.dequeue(LONG)).containsExactly(i);
            }
            queue.close();
        }
        assertThat(handles).hasSize(32);
    }
}
