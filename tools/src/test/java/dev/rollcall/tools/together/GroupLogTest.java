package dev.rollcall.tools.together;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.rollcall.rpc.CallContext;
import dev.rollcall.rpc.CollectiveExecutor;
import dev.rollcall.rpc.MethodOptions;
import dev.rollcall.rpc.ProcessLauncher;
import dev.rollcall.rpc.Worker;
import dev.rollcall.rpc.WorkerContext;
import dev.rollcall.shm.GroupDirectory;

/** What an embedder finds in its log: what the group runs with, and what its workers print, each with its rank. */
@Timeout(60)
@Execution(ExecutionMode.SAME_THREAD)
class GroupLogTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.rollcall.rpc");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName() + ' ' + event.getFormattedMessage());
        }
    };

    /** Prints on both of its streams. */
    public static final class Printer implements Worker {
        @Override
        public void open(WorkerContext context) {
            System.out.println("loading shard " + context.rank());
            System.err.println("no driver for shard " + context.rank());
        }

        @Override
        public MemorySegment call(CallContext call) {
            return NOTHING;
        }
    }

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
    void shouldTellTheEffectiveValuesOnceAndWhoPrintedWhat() throws Exception {
        String name = GroupDirectory.newName();
        ProcessLauncher launcher =
                ProcessLauncher.of(Printer.class).jvmFlag("-Xmx32m").environment("TOKEN", "sesame").build();
        try (CollectiveExecutor group = CollectiveExecutor.builder(launcher, 2).group(name).window(7)
                .drainTimeout(Duration.ofMillis(1500)).method("step", MethodOptions.defaults().fatal()).start()) {
            assertThat(group.call("step", MemorySegment.NULL).get(20, TimeUnit.SECONDS).workers()).isEqualTo(2);
        }
        assertThat(lines).filteredOn(line -> line.contains(name)).filteredOn(line -> line.contains("window="))
                .singleElement().asString()
                .contains("group ready group=" + name, "workers=2", "requestBytes=4194304", "replyBytes=1048576",
                        "maxMessage=268435456", "window=7",
                        "ready=PT10M", "call=PT1M", "drain=PT1.5S", "stop=PT2S", "evidence=PT2S", "step=", "restart=",
                        "invoked=false", "closeOnShutdown=true", "launcher=ProcessLauncher", "-Xmx32m", "aotFolder=")
                .doesNotContain("sesame");
        for (int rank = 0; rank < 2; rank++) {
            String prefix = "dev.rollcall.rpc.workers rank=" + rank + " | ";
            String out = prefix + "loading shard " + rank;
            String err = prefix + "no driver for shard " + rank;
            assertThat(lines).filteredOn(line -> line.equals(out) || line.equals(err)).containsExactly(out, err);
        }
    }
}
