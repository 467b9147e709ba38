package dev.rollcall.stress.bench.peer;

import io.aeron.driver.MediaDriver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process of a run: {@code PeerMain t=aeron|agrona|uds|grpc w=W1|W2|W3 mode=...}. The first starts the others and prints
 * the result.
 */
public final class PeerMain {
    /** What each of them is started with. */
    public static final List<String> FLAGS = List.of(
            "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Dagrona.disable.bounds.checks=true",
            "-Daeron.pre.touch.mapped.memory=true");
    static final List<String> COMMAND = command();

    private static final Path SHARED = Path.of("/dev/shm");
    private static final String PREFIX = "rollcall-peers-";

    private PeerMain() {
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerMain.class.getName()));
        return command;
    }

    /** Exits with 1 when a message was lost, doubled or torn. */
    public static void main(String[] words) throws IOException, InterruptedException {
        Settings settings = new Settings(List.of(words));
        String role = settings.text(Settings.ROLE, "first");
        if (role.equals("first")) {
            System.exit(first(settings) == 0 ? 0 : 1);
            return;
        }
        Thread parent = Thread.ofPlatform().daemon().start(PeerMain::endWithParent);
        if (role.equals("driver")) {
            try (MediaDriver _ = AeronTransport.driver(settings)) {
                System.out.println("READY");
                parent.join();
            }
        } else if (settings.text("t", "").equals("grpc")) {
            GrpcPeer.answer(settings);
            parent.join();
        } else {
            try (Transport transport = transport(settings)) {
                if (role.equals("read")) {
                    Throughput.read(settings, transport);
                } else {
                    Gather.answer(settings, transport);
                }
            }
        }
    }

    private static Transport transport(Settings settings) {
        return switch (settings.text("t", "")) {
            case "aeron" -> new AeronTransport(settings);
            case "agrona" -> new AgronaTransport(settings);
            case "uds" -> new SocketTransport(settings);
            default -> throw new IllegalArgumentException("no such transport: t=" + settings.text("t", ""));
        };
    }

    /** Standard input is a pipe from the first process: nobody is left spinning when that is killed. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                Thread.onSpinWait(); // nothing is ever written
            }
        } catch (IOException e) {
            System.err.println("lost the first process: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    private static long first(Settings given) throws IOException, InterruptedException {
        sweep();
        Path directory = Files.createTempDirectory(SHARED, PREFIX + ProcessHandle.current().pid() + "-");
        Thread hook = Thread.ofPlatform().unstarted(() -> remove(directory));
        Runtime.getRuntime().addShutdownHook(hook);
        PeerProcess driver = null;
        try {
            Settings settings = new Settings(given.with(Settings.DIRECTORY + "=" + directory));
            if (settings.text("t", "").equals("grpc")) {
                return GrpcPeer.ask(settings);
            }
            driver = driver(settings);
            try (Transport transport = transport(settings)) {
                return settings.workload().equals("W2")
                        ? Throughput.write(settings, transport)
                        : Gather.ask(settings, transport);
            }
        } finally {
            if (driver != null) {
                driver.close();
            }
            remove(directory);
        }
    }

    private static @Nullable PeerProcess driver(Settings settings) throws IOException {
        return settings.text("t", "").equals("aeron") ? PeerProcess.start(settings.with("role=driver")) : null;
    }

    /** What runs left that were killed. */
    private static void sweep() throws IOException {
        try (Stream<Path> all = Files.list(SHARED)) {
            all.filter(path -> path.getFileName().toString().matches(PREFIX + "[0-9]+-.*")).filter(path -> {
                String pid = path.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
                return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
            }).forEach(PeerMain::remove);
        }
    }

    /** What is gone by then is gone. */
    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("could not remove " + directory + ": " + e.getMessage());
        }
    }
}
