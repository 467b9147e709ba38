package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one comparison: {@code machine.json}, {@code runs.jsonl} (a line per run, appended at once, so that what was
 * measured before an interruption counts), {@code hdr/}, the product as measured in {@code app/}, and {@code notes.md} if somebody
 * has something to say about the figures. One thread.
 */
final class Saved {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NOTES = "notes.md";
    private final Path folder;

    Saved(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path app() {
        return folder.resolve("app");
    }

    Histograms histograms() {
        return new Histograms(folder.resolve("hdr"));
    }

    boolean isBegun() {
        return Files.exists(folder.resolve("machine.json"));
    }

    void begin(JsonNode machine) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("machine.json"),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(machine) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode machine() {
        try {
            return JSON.readTree(Files.readString(folder.resolve("machine.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(RunLine run) {
        ObjectNode json = run.json();
        try {
            Files.writeString(folder.resolve("runs.jsonl"), json + "\n", StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<RunLine> runs() {
        Path file = folder.resolve("runs.jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream().map(Saved::parse).map(RunLine::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HotFigures hotFigures() {
        return HotFigures.read(folder.resolve(HotFigures.FILE));
    }

    Proofs proofs() {
        return new Proofs(folder);
    }

    /** Everything but the product itself; what is there already goes, unless it is of another command or people wrote it. */
    void copyTo(Saved other) {
        try {
            if (Files.exists(other.folder)) {
                try (Stream<Path> old = Files.walk(other.folder)) {
                    for (Path path : old.filter(Files::isRegularFile).filter(path -> !stays(path)).toList()) {
                        Files.delete(path);
                    }
                }
            }
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.filter(Files::isRegularFile).filter(Saved::isPublished).toList()) {
                    Path copy = other.folder.resolve(folder.relativize(path).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean stays(Path file) {
        return file.endsWith(HotFigures.FILE) || file.endsWith(NOTES) || isProof(file);
    }

    private static boolean isPublished(Path file) {
        return stays(file) || file.toString().matches(".*(machine\\.json|runs\\.jsonl|\\.hlog)");
    }

    private static boolean isProof(Path file) {
        return file.toString().matches(".*/" + Proof.FOLDER + "/[^/]*\\.json");
    }

    static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + line, e);
        }
    }

    /** What a person says about the figures, empty if nobody does. */
    String notes() {
        Path file = folder.resolve(NOTES);
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
