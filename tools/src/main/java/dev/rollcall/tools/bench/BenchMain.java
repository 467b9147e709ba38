package dev.rollcall.tools.bench;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.Warmup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One process of a benchmark. */
final class BenchMain {
    private static final long WARMUP_NANOS = 5_000_000_000L;

    private BenchMain() {
    }

    /** Runs one role and exits with 1 when a message was lost, doubled or torn. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BenchSettings settings = new BenchSettings(List.of(args));
        if (settings.number("warmup", 1) != 0) {
            boolean _ = Warmup.run(WARMUP_NANOS);
        }
        Path directory = Path.of(settings.text(BenchSettings.DIRECTORY, ""));
        switch (settings.text(BenchSettings.ROLE, "first")) {
            case "reader" -> new Throughput(settings).read(directory);
            case "echo" -> new PingPong(settings).echo(directory);
            default -> System.exit(first(settings) == 0 ? 0 : 1);
        }
    }

    private static long first(BenchSettings settings) throws IOException, InterruptedException {
        if ("W3".equals(settings.text("w", ""))) {
            return Gather.call(settings);
        }
        try (GroupDirectory group = GroupDirectory.create("bench." + GroupDirectory.newName(), 0)) {
            return "W1".equals(settings.text("w", ""))
                    ? new PingPong(settings).ask(group.path())
                    : new Throughput(settings).write(group.path());
        }
    }
}
