package dev.rollcall.shm.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.UnsupportedPlatformException;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.Proc;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Identities and pidfds of real processes: running, stopped, dead, and dead but for a thread. */
class ProcessesTest {
    private static Child sleeper() {
        return Child.command(List.of("sleep", "600"));
    }

    private static PidFd open(Child child) {
        return Objects.requireNonNull(PidFd.open(child.identity()));
    }

    @Test
    void shouldStopContinueAndKillThroughAPidfd() {
        try (Child child = sleeper(); PidFd fd = open(child)) {
            assertThat(fd.isDead()).isFalse();
            assertThat(fd.awaitDeath(20_000_000)).isFalse();
            assertThat(fd.signal(Signal.STOP)).isTrue();
            Await.until("stopped", () -> Proc.state(child.pid()) == 'T');
            assertThat(fd.isDead()).isFalse();
            assertThat(fd.identity().isAlive()).as("stopped is not dead").isTrue();
            assertThat(fd.signal(Signal.CONT)).isTrue();
            Await.until("runs again", () -> Proc.state(child.pid()) == 'S');
            assertThat(fd.signal(Signal.KILL)).isTrue();
            assertThat(fd.awaitDeath(10_000_000_000L)).isTrue();
            child.awaitExit();
            assertThat(fd.isDead()).isTrue();
            assertThat(fd.signal(Signal.KILL)).isFalse();
            assertThat(fd.identity().isAlive()).isFalse();
            assertThat(PidFd.open(fd.identity())).isNull();
        }
    }

    @Test
    void shouldCallAnUnreapedProcessDead() {
        // bash is replaced by a sleep that never waits for its child
        try (Child parent = Child.command(List.of("bash", "-c", "sleep 600 & echo child $!; exec sleep 600"))) {
            int pid = Integer.parseInt(parent.awaitLine("child ").substring(6));
            Await.until("no shell any more, which would reap", () -> Proc.command(parent.pid()).equals("sleep"));
            ProcessIdentity child = Objects.requireNonNull(ProcessIdentity.of(pid));
            try (PidFd fd = Objects.requireNonNull(PidFd.open(child))) {
                fd.signal(Signal.KILL);
                assertThat(fd.awaitDeath(10_000_000_000L)).isTrue();
                Await.until("zombie", () -> Proc.state(pid) == 'Z');
                assertThat(child.isAlive()).isFalse();
                assertThat(fd.isDead()).isTrue();
            }
        }
    }

    @Test
    void shouldCallALeaderThatEndedBeforeItsThreadsAlive() {
        String script = """
                import threading,ctypes,time
                threading.Thread(target=lambda: time.sleep(600)).start()
                print('ready', flush=True)
                ctypes.CDLL(None).pthread_exit(None)
                """;
        org.junit.jupiter.api.Assumptions.assumeTrue(new java.io.File("/usr/bin/python3").canExecute());
        try (Child child = Child.command(List.of("/usr/bin/python3", "-c", script))) {
            child.awaitLine("ready");
            Await.until("leader is a zombie", () -> Proc.state(child.pid()) == 'Z');
            try (PidFd fd = open(child)) {
                assertThat(child.identity().isAlive()).isTrue();
                assertThat(fd.isDead()).isFalse();
                fd.signal(Signal.KILL);
                assertThat(fd.awaitDeath(10_000_000_000L)).isTrue();
            }
        }
    }

    @Test
    void shouldRefuseARecycledPid() {
        try (Child child = sleeper()) {
            ProcessIdentity now = child.identity();
            ProcessIdentity former = new ProcessIdentity(
                    now.pid(), now.startTicks() - 1, now.bootIdHigh(), now.bootIdLow(), now.pidNamespace());
            assertThat(former.isAlive()).isFalse();
            assertThat(PidFd.open(former)).isNull();
            assertThat(new ProcessIdentity(now.pid(), now.startTicks(), 1, 2, now.pidNamespace()).isAlive()).isFalse();
            ProcessIdentity foreign = new ProcessIdentity(
                    now.pid(), now.startTicks(), now.bootIdHigh(), now.bootIdLow(), now.pidNamespace() + 1);
            assertThatThrownBy(() -> PidFd.open(foreign)).isInstanceOf(UnsupportedPlatformException.class)
                    .hasMessageContaining("ownPidNamespace=");
        }
    }

    @Test
    void shouldRefuseToSignalItself() {
        ProcessIdentity self = ProcessIdentity.self();
        assertThat(self.isAlive()).isTrue();
        assertThat(self).isEqualTo(ProcessIdentity.of(self.pid()));
        try (PidFd fd = Objects.requireNonNull(PidFd.open(self))) {
            assertThatThrownBy(() -> fd.signal(Signal.KILL)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldEndAtOnceWithTheStatusAskedFor() {
        try (Child child = Child.jvm(ExitMain.class, 72)) {
            assertThat(child.awaitExit()).isEqualTo(72);
        }
    }

    @Test
    void shouldNotTakeItsOwnWantOfDescriptorsForADeath() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (Child other = sleeper();
                Child looker = Child.command(List.of("bash", "-c", "ulimit -n 64; exec \"$@\"", "bash", java,
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                        System.getProperty("java.class.path"), NoDescriptorsMain.class.getName(),
                        String.valueOf(other.pid())))) {
            assertThat(looker.awaitLine("before ")).startsWith("before alive").contains("gone");
            assertThat(looker.awaitLine("without ")).startsWith("without unknown: ").contains("EMFILE");
            assertThat(looker.awaitLine("after ")).isEqualTo("after alive");
        }
    }

    @Test
    void shouldFindNobodyUnderAnImpossibleNumber() {
        assertThat(ProcessIdentity.of(Integer.MAX_VALUE)).isNull();
    }

    @Test
    void shouldKnowItsThreadsAndPages() {
        assertThat(new java.io.File("/proc/self/task/" + Linux.gettid())).exists();
        assertThat(Linux.pageSize()).isGreaterThanOrEqualTo(4096)
                .satisfies(size -> assertThat(Long.bitCount(size)).isEqualTo(1));
        PidFd fd = Objects.requireNonNull(PidFd.open(ProcessIdentity.self()));
        fd.close();
        fd.close();
        assertThatThrownBy(fd::isDead).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pidfd is closed");
    }
}
