package dev.rollcall.stress.bench;

import dev.rollcall.stress.bench.peer.PeerMain;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How each participant is started.
 *
 * @param product   the product's command, up to its key=value words
 * @param reference the compiled C program, null if there is no compiler
 */
record Programs(List<String> product, @Nullable Path reference) {
    /** What {@code rollcall bench} starts, without a JVM in between. No dependency: the tools are a module beside this one. */
    static List<String> product(Path app) {
        return List.of(java(), "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED", "-cp", app.resolve("rollcall.jar").toString(),
                "dev.rollcall.tools.bench.BenchMain");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Whether there is anything to start. */
    boolean has(String peer) {
        return !peer.equals(Plan.C) || reference != null;
    }

    List<String> command(Case work, String peer) {
        List<String> command = new ArrayList<>();
        if (peer.equals(Case.PRODUCT)) {
            command.addAll(product);
        } else if (peer.equals(Plan.C)) {
            command.add(Objects.requireNonNull(reference).toString());
        } else {
            command.addAll(peers());
            command.add("t=" + peer);
        }
        command.addAll(work.words(peer));
        return command;
    }

    private static List<String> peers() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(PeerMain.FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PeerMain.class.getName()));
        return command;
    }

    /** Compiles the C program into a folder; null without gcc. */
    static @Nullable Path compileReference(Path folder) throws InterruptedException {
        Path source = folder.resolve("reference.c");
        Path program = folder.resolve("reference");
        try (InputStream in = Programs.class.getResourceAsStream("reference.c")) {
            Files.createDirectories(folder);
            Files.copy(Objects.requireNonNull(in, "reference.c"), source, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Execution gcc = Execution.of(
                List.of("gcc", "-O3", "-march=native", source.toString(), "-o", program.toString()), Map.of(), 60);
        return gcc.status() == 0 ? program : null;
    }
}
