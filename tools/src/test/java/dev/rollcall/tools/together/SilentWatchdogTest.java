package dev.rollcall.tools.together;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.CollectiveExecutor.State;
import dev.rollcall.rpc.Health;
import dev.rollcall.rpc.ThreadLauncher;
import dev.rollcall.shm.board.WatchdogState;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import dev.rollcall.tools.Rollcall;
import dev.rollcall.tools.inspect.CheckCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

/** A sidecar that is stopped: the probe says so, the driver says so once, and the group goes on. */
@Tag("stress")
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD)
class SilentWatchdogTest {
    @TempDir
    private Path temp;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.rollcall.rpc.AttachedWatchdog");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        appender.start();
        log.addAppender(appender);
    }

    @AfterEach
    void leave() {
        log.detachAppender(appender);
        log.setLevel(null);
    }

    @Test
    void shouldBeToldByProbeAndDriverWhileTheGroupGoesOn() throws Exception {
        try (CollectiveExecutor group = CollectiveExecutor.builder(ThreadLauncher.of(() -> call -> call.arguments()), 2)
                .defaultTimeout(Duration.ofSeconds(30)).start()) {
            Process sidecar = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    Rollcall.class.getName(), "sidecar", group.directory().toString(), "--incidents",
                    temp.resolve("incidents").toString()).redirectErrorStream(true)
                    .redirectOutput(temp.resolve("sidecar").toFile()).start();
            try (PidFd watchdog = PidFd.open(ProcessIdentity.of((int) sidecar.pid()))) {
                Watching.await(() -> group.watchdog() == WatchdogState.TICKING);
                Watching.await(() -> check(group).startsWith("0 healthy "));

                lines.clear(); // one that takes long to start may have been silent, too
                watchdog.signal(Signal.STOP);
                assertThat(check(group))
                        .matches("1 suspect group=\\S+ nobody is watching: the watchdog does not tick pid="
                                + sidecar.pid() + " ticks=\\d+ silentMs=\\d+ limitMs=2000\\R");
                Watching.await(() -> group.watchdog() == WatchdogState.SILENT);
                Health health = group.checkHealth(Duration.ofSeconds(20));
                assertThat(health.isWell()).isTrue();
                assertThat(health.watchdog()).isEqualTo(WatchdogState.SILENT);
                assertThat(group.call("execute_model", MemorySegment.NULL).get(20, TimeUnit.SECONDS).workers())
                        .isEqualTo(2);

                watchdog.signal(Signal.CONT);
                Watching.await(() -> group.watchdog() == WatchdogState.TICKING);
                Watching.await(() -> check(group).startsWith("0 healthy "));
                assertThat(group.state()).isEqualTo(State.READY);
                assertThat(group.counters().groupFailures()).isZero();
            } finally {
                sidecar.destroyForcibly().waitFor();
            }
            Watching.await(() -> group.watchdog() == WatchdogState.NONE);
            assertThat(lines).as("said once").hasSize(2);
            assertThat(lines.getFirst()).startsWith("WARN watchdog does not tick, no hang will be found group="
                    + group.group() + " epoch=1 pid=" + sidecar.pid() + " ticks=");
            assertThat(lines.getLast()).startsWith("INFO watchdog ticks again group=" + group.group());
        }
    }

    private static String check(CollectiveExecutor group) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int exit = CheckCommand.check(new PrintStream(out, true, StandardCharsets.UTF_8),
                group.directory().toString());
        return exit + " " + out.toString(StandardCharsets.UTF_8);
    }
}
