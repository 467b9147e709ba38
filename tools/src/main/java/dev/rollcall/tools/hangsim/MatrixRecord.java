package dev.rollcall.tools.hangsim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.UnfitException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page and beside it the rows it is made of, {@code NAME.md} and {@code NAME.jsonl}. Rows that are there stay until the
 * case is run again, so the matrix can be run in portions. One thread.
 */
final class MatrixRecord {
    private static final String PAGE = ".md";
    private static final String ROWS = ".jsonl";

    private final Path page;
    private final Path rows;
    private final Map<MatrixCase, JsonNode> saved = new EnumMap<>(MatrixCase.class);

    /**
     * Reads what is there.
     *
     * @throws UnfitException when the name is no page's, or what is there cannot be read
     */
    MatrixRecord(Path page) {
        String name = String.valueOf(page.getFileName());
        if (!name.endsWith(PAGE)) {
            throw new UnfitException("--record wants a page to write, NAME.md: " + page);
        }
        this.page = page;
        this.rows = page.resolveSibling(name.substring(0, name.length() - PAGE.length()) + ROWS);
        try {
            if (Files.exists(rows)) {
                Files.readAllLines(rows).stream().map(Json::parse).forEach(this::keep);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Looks whether it can be written, before anything is played for it.
     *
     * @throws UnfitException when it cannot
     */
    void requireWritable() {
        for (Path file : List.of(page, rows)) {
            boolean right = Files.exists(file) ? Files.isRegularFile(file) && Files.isWritable(file)
                    : Files.isDirectory(file.resolveSibling("")) && Files.isWritable(file.resolveSibling(""));
            if (!right) {
                throw new UnfitException("cannot record: path=" + file + " ("
                        + (Files.isDirectory(file) ? "a folder"
                                : Files.exists(file.resolveSibling("")) ? "not writable" : "no such folder")
                        + ")");
            }
        }
    }

    /**
     * What a case saw is what the page says of it from now on.
     *
     * @throws RollcallException when it cannot be written any more
     */
    void add(MatrixRow row, double load) {
        Map<String, @Nullable Object> line = row.toJson();
        line.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        line.put("load", load);
        line.put("machine", machine());
        line.put("build", build());
        keep(Json.parse(Json.line(line)));
        write();
    }

    /** The rows, in the matrix's order. */
    List<JsonNode> rows() {
        return List.copyOf(saved.values());
    }

    /** Other processes of this machine, as far as one number tells; -1 where it cannot be read. */
    static double load() {
        String[] parts = read(Path.of("/proc/loadavg")).split(" ", -1);
        return parts[0].isEmpty() ? -1 : Double.parseDouble(parts[0]);
    }

    private void keep(JsonNode line) {
        MatrixCase what = MatrixCase.ofOption(line.path("case").asText());
        if (what != null) {
            saved.put(what, line);
        }
    }

    private void write() {
        try {
            Files.write(rows, saved.values().stream().map(JsonNode::toString).toList());
            Files.write(page, MatrixPage.of(saved.values()));
        } catch (IOException e) {
            throw new RollcallException("cannot record: path=" + page + " error=" + e, e);
        }
    }

    private UnfitException unusable(IOException e) {
        return new UnfitException("cannot record: path=" + page + " (" + e.getClass().getSimpleName() + ")");
    }

    private static String machine() {
        Matcher model = Pattern.compile("model name\\s*: (.*)").matcher(read(Path.of("/proc/cpuinfo")));
        return Runtime.getRuntime().availableProcessors() + " cores, "
                + (model.find() ? model.group(1).strip() : System.getProperty("os.arch")) + ", Linux "
                + System.getProperty("os.version") + ", JDK " + Runtime.version();
    }

    /** The commit this folder stands at; of a copy that is none, nothing is known. */
    private static String build() {
        String commit = git("rev-parse", "--short=10", "HEAD");
        return commit.isEmpty() ? "unknown"
                : commit + (git("status", "--porcelain", "--untracked-files=no", "--", "*.java", "pom.xml").isEmpty()
                        ? "" : " with changes");
    }

    private static String git(String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of("git"));
            command.addAll(List.of(arguments));
            Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? out.strip() : "";
        } catch (IOException noGit) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException absent) {
            return "";
        }
    }
}
