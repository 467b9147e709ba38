package dev.rollcall.tools;

import dev.rollcall.tools.hangsim.DryRun;
import dev.rollcall.tools.inspect.CheckCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the start script has the JVM watch to make its cache: a little of everything, in one process. */
final class StartTraining {
    private StartTraining() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        execute("hangsim", "--help");
        execute("doctor", "--json");
        Path incidents = Files.createTempDirectory("rollcall-training-");
        try {
            DryRun.run(folder -> execute("sidecar", folder.toString(), "--json-events", "--incidents",
                    incidents.resolve("incidents").toString()), folder -> {
                        execute("inspect");
                        execute("check", folder.toString());
                        int _ = CheckCommand.check(System.out, folder.getFileName().toString());
                    });
        } finally {
            Files.deleteIfExists(incidents.resolve("incidents"));
            Files.deleteIfExists(incidents);
        }
    }

    private static void execute(String... line) {
        int _ = Rollcall.commandLine().execute(line);
    }
}
