package dev.rollcall.watchdog.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.ThreadFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against real processes. */
class ProcessProbeTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
    private final List<String> missing = new ArrayList<>();
    private final ProcessIdentity self = ProcessIdentity.self();
    private final ProcessProbe probe = new ProcessProbe(self.pidNamespace(), Cgroups.ofThisMachine());
    private Process process;

    private ProcessIdentity start(String... command) throws IOException {
        process = new ProcessBuilder(command).start();
        return ProcessIdentity.of((int) process.pid());
    }

    @AfterEach
    void close() throws InterruptedException {
        probe.close();
        if (process != null) {
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private ProcessFacts read(ProcessIdentity identity, boolean complete) {
        return probe.read(identity, identity.pid(), 0, 0, buffer, complete ? Depth.COMPLETE : Depth.PLAIN,
                missing::add);
    }

    private ProcessFacts readUntil(ProcessIdentity identity, Predicate<ProcessFacts> wanted) {
        long from = System.nanoTime();
        ProcessFacts facts = read(identity, true);
        while (!wanted.test(facts)) {
            assertThat(System.nanoTime() - from).as("last read %s", facts).isLessThan(10_000_000_000L);
            LockSupport.parkNanos(1_000_000);
            facts = read(identity, true);
        }
        return facts;
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    @Test
    void shouldSayWhereASleepingThreadSleeps() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");

        ThreadFacts loop = readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'S'
                && f.loop().wchan().contains("nanosleep")).loop();

        assertThat(loop.tid()).isEqualTo(sleeper.pid());
        assertThat(loop.syscall()).matches("\\d+ 0x.*");
        assertThat(loop.tracerPid()).isZero();
        assertThat(loop.runNanos()).isGreaterThan(0);
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldReadOnlyWhatIsCheapUnlessAsked() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");
        readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'S');

        ThreadFacts loop = read(sleeper, false).loop();

        assertThat(loop.state()).isEqualTo('S');
        assertThat(loop.wchan()).isEmpty();
        assertThat(loop.syscall()).isEmpty();
        assertThat(loop.tracerPid()).isEqualTo(-1);
    }

    @Test
    void shouldLetASleepingThreadRestAndLookAtAnyOther() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");
        ThreadFacts asleep = readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'S').loop();

        assertThat(rest(sleeper)).isSameAs(asleep);
        signal("STOP");
        ThreadFacts stopped = readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'T').loop();
        assertThat(rest(sleeper)).isNotSameAs(stopped);
    }

    private ThreadFacts rest(ProcessIdentity identity) {
        return probe.read(identity, identity.pid(), 0, 0, buffer, Depth.REST, missing::add).loop();
    }

    @Test
    void shouldSeeAStopAndItsEnd() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");
        signal("STOP");
        ProcessFacts stopped = readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'T');
        assertThat(stopped.dead()).isFalse();

        signal("CONT");
        readUntil(sleeper, f -> f.loop() != null && f.loop().state() == 'S');
    }

    @Test
    void shouldSeeRunTimeGrowInASpinningThread() throws Exception {
        ProcessIdentity spinner = start("sh", "-c", "while :; do :; done");
        long first = readUntil(spinner, f -> f.loop() != null && f.loop().state() == 'R').loop().runNanos();

        ThreadFacts later = readUntil(spinner, f -> f.loop() != null && f.loop().runNanos() > first + 50_000_000L)
                .loop();

        assertThat(later.cpuTicks()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void shouldSeeDeathOfAProcessWhoseDescriptorsItHolds() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");
        readUntil(sleeper, f -> f.loop() != null);
        signal("KILL");

        ProcessFacts facts = readUntil(sleeper, ProcessFacts::dead);

        assertThat(facts.loop()).isNull();
        assertThat(read(sleeper, false).dead()).isTrue();
    }

    @Test
    void shouldCallAProcessDeadThatWasGoneBeforeItCame() throws Exception {
        ProcessIdentity gone = start("cat");
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();

        assertThat(read(gone, true).dead()).isTrue();
    }

    @Test
    void shouldKnowARecycledPidFromTheProcessItMeans() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");
        ProcessIdentity earlier = new ProcessIdentity(sleeper.pid(), sleeper.startTicks() - 1, sleeper.bootIdHigh(),
                sleeper.bootIdLow(), sleeper.pidNamespace());

        assertThat(read(earlier, true).dead()).isTrue();
        assertThat(read(sleeper, true).dead()).isFalse();
    }

    @Test
    void shouldCallAProcessDeadWhoseNumberIsAThreadsNow() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Integer> tid = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            tid.complete(Linux.gettid());
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            ProcessIdentity earlier = new ProcessIdentity(tid.get(10, TimeUnit.SECONDS), self.startTicks() - 1,
                    self.bootIdHigh(), self.bootIdLow(), self.pidNamespace());

            assertThat(read(earlier, true).dead()).isTrue();
            assertThat(read(earlier, true).dead()).isTrue();
        } finally {
            end.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }

    @Test
    void shouldCountTheThreadsAtWorkOnceThePulseHasBeenStillForAWhile() throws Exception {
        ProcessIdentity busy = start("sh", "-c", "while :; do :; done");
        ProcessFacts first = probe.read(busy, 0, 0, 7, buffer, Depth.COMPLETE, missing::add);
        ProcessFacts later = first;
        for (int i = 0; i < 10; i++) {
            later = probe.read(busy, 0, 0, 7, buffer, Depth.COMPLETE, missing::add);
        }

        assertThat(first.awake()).isEqualTo(-1);
        assertThat(later.awake()).isEqualTo(1);
        assertThat(probe.read(busy, busy.pid(), 0, 7, buffer, Depth.COMPLETE, missing::add).awake())
                .as("not the loop's own")
                .isZero();
        assertThat(probe.read(busy, 0, 0, 8, buffer, Depth.COMPLETE, missing::add).awake()).isEqualTo(-1);
    }

    @Test
    void shouldKnowNothingOfAProcessThatHasNotComeYet() {
        assertThat(probe.read(null, 0, 0, 0, buffer, Depth.COMPLETE, missing::add)).isEqualTo(ProcessFacts.NONE);
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldSayThatAnotherNamespaceCannotBeLookedInto() {
        ProcessIdentity elsewhere = new ProcessIdentity(self.pid(), self.startTicks(), self.bootIdHigh(),
                self.bootIdLow(), self.pidNamespace() + 1);

        assertThat(read(elsewhere, true)).isEqualTo(ProcessFacts.NONE);
        assertThat(missing).singleElement().asString().contains("pid namespace");
    }

    @Test
    void shouldGoOnWhenAThreadVanishesAndFollowItsSuccessor() throws Exception {
        ProcessIdentity sleeper = start("sleep", "60");

        assertThat(probe.read(sleeper, 4_000_000, 0, 0, buffer, Depth.COMPLETE, missing::add).loop())
                .extracting(ThreadFacts::state).isEqualTo('X');
        assertThat(probe.read(sleeper, sleeper.pid(), sleeper.pid(), 0, buffer, Depth.COMPLETE, missing::add).pulse())
                .isNotNull();
        assertThat(missing).isEmpty();
    }
}
