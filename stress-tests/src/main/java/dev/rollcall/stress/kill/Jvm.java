package dev.rollcall.stress.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that plays a part. Its end of input tells it that the play is over. */
final class Jvm implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(20);

    private final Process process;
    private final Path output;

    private Jvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Jvm start(Path output, List<String> flags, Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new Jvm(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(),
                output);
    }

    boolean isDead() {
        return !process.isAlive();
    }

    /** Its exit status, or -1 when it has not ended by then. */
    int exit(Duration bound) throws InterruptedException {
        return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
    }

    String output() {
        try {
            return Files.readString(output).strip().replaceAll("\\s*\\R\\s*", " | ");
        } catch (IOException none) {
            return "(" + none.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().completeOnTimeout(process, END.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
