package dev.rollcall.tools.bench;

import dev.rollcall.tools.console.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts the benchmark in a JVM of its own: the command's own is tuned to start fast, not to run fast. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Measures ring and executor between processes and prints one JSON line.",
        "", "  w=W1     one message there and back; p50_ns and so on are half a round trip",
        "  w=W2     one writer to readers=N as fast as they go, copied in, checked",
        "  w=W3     one call to readers=N workers, 200 bytes out, 100 back from each",
        "", "  mode=spin|yield|block|default   how both sides wait; default is adaptive,",
        "                                  then futex; block sleeps at once",
        "  readers=1  size=64 (bytes, W2)  batch=1 (messages per wake, W2)",
        "  gap_us=0 (between pings or calls)  capacity=BYTES (of the rings)",
        "  warmup=1 (the library's Warmup first, in each process of W1 and W2; 0: not)",
        "  warm_ms=1000  ms=1500",
        "  idle_ms=0 (window at the end in which the idle reader's CPU is read)",
        "  hdr=1 (adds the whole histogram, as HdrHistogram encodes it)",
        "", "By the launcher only:",
        "  compare [--help]   the same beside Aeron, Agrona, sockets, gRPC and C",
        "  jmh [--help]       what a message, a mark and a call cost, by JMH"}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:measured, no error seen", "1:a message was lost, doubled or torn", "2:wrong arguments"})
public final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KEY=VALUE", arity = "0..*", description = "see above")
    private List<String> settings = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** For picocli. */
    public BenchCommand() {
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            new BenchSettings(settings).validate();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        Process bench = BenchChild.command(settings).inheritIO().start();
        try {
            return bench.waitFor() == 0 ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            bench.destroy();
        }
    }
}
