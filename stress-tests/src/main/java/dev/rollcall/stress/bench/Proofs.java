package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What jcstress, models, kill steps and soak came to, each as it was last saved, as a section of RESULTS.md. One thread. */
final class Proofs {
    private static final List<String> ALL = List.of(Proof.JCSTRESS, Proof.MODELS, Proof.KILL_STEPS, Proof.SOAK);
    private static final String NONE = "-";

    private final Path results;

    Proofs(Path results) {
        this.results = results;
    }

    /** Empty when none was ever saved. */
    String markdown() {
        if (ALL.stream().noneMatch(name -> Files.exists(Proof.published(results, name)))) {
            return "";
        }
        TextTable table =
                new TextTable("proof", "what was run", "came to", "failed", "seconds", "ended", "build", "on");
        for (String name : ALL) {
            JsonNode proof = read(name);
            if (proof.isMissingNode()) {
                table.add(name, "not saved yet", NONE, NONE, NONE, NONE, NONE, NONE);
            } else {
                table.add(name, what(name, proof), cameTo(name, proof), failed(proof),
                        Long.toString(Math.round(proof.path("seconds").asDouble())), said(proof, "ended"),
                        said(proof, "build"), machine(proof));
            }
        }
        return "\n## Proofs\n\nEach was saved by its own program with `-Drollcall.results`, the soak taken over with `--soak`;"
                + " [how to run them](README.md#running).\n\n" + table.markdown() + models(read(Proof.MODELS));
    }

    private JsonNode read(String name) {
        Path file = Proof.published(results, name);
        try {
            return Files.exists(file) ? Saved.parse(Files.readString(file)) : JsonNodeFactory.instance.missingNode();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read path=" + file, e);
        }
    }

    private static String what(String name, JsonNode proof) {
        return switch (name) {
            case Proof.JCSTRESS -> form(proof) + number(proof, "tests") + " tests, " + number(proof, "twins")
                    + " twins, in " + number(proof, "configurations") + " forks";
            case Proof.MODELS -> proof.path("models").size() + " models, every interleaving";
            case Proof.KILL_STEPS -> form(proof) + number(proof, "cases") + " cases at " + number(proof, "steps")
                    + " steps of " + number(proof, "roles") + " roles, " + number(proof, "twins") + " twins";
            default -> number(proof, "workers") + " workers, seed " + proof.path("seed").asText() + ", "
                    + counts(proof.path("faults"));
        };
    }

    private static String form(JsonNode proof) {
        return proof.path("form").asText() + " set: ";
    }

    private static String cameTo(String name, JsonNode proof) {
        return switch (name) {
            case Proof.JCSTRESS -> number(proof, "samples") + " samples, " + number(proof, "caught") + " twins caught";
            case Proof.MODELS ->
                sum(proof, "states") + " states; held " + sum(proof, "held") + " times, broken variants found "
                        + sum(proof, "broken");
            case Proof.KILL_STEPS -> "latest " + number(proof, "latestMillis") + " ms after a deadline, "
                    + number(proof, "caught") + " twins caught";
            default -> number(proof, "calls") + " calls: " + counts(proof.path("outcomes")) + "; verdicts: "
                    + counts(proof.path("verdicts")) + "; " + number(proof, "falseAlarms") + " false alarms; ms: "
                    + latencies(proof.path("latencyMs"));
        };
    }

    private static String failed(JsonNode proof) {
        List<String> failed = new ArrayList<>();
        (proof.has("failed") ? proof.path("failed") : proof.path("problems"))
                .forEach(each -> failed.add(each.asText()));
        return failed.isEmpty() ? "nothing" : String.join("; ", failed);
    }

    private static String machine(JsonNode proof) {
        return proof.has("cpu") ? said(proof, "cpu") + ", " + said(proof, "cores") + " cores, " + said(proof, "jdk")
                : NONE;
    }

    private static String said(JsonNode proof, String key) {
        return proof.path(key).asText(NONE);
    }

    private static String number(JsonNode proof, String key) {
        return String.format(Locale.ROOT, "%,d", proof.path(key).asLong());
    }

    private static String sum(JsonNode proof, String key) {
        long sum = 0;
        for (JsonNode model : proof.path("models")) {
            sum += model.path(key).asLong();
        }
        return String.format(Locale.ROOT, "%,d", sum);
    }

    private static String counts(JsonNode counts) {
        List<String> words = new ArrayList<>();
        counts.properties().forEach(each -> words.add(each.getValue().asText() + " " + each.getKey()));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    private static String latencies(JsonNode millis) {
        List<String> words = new ArrayList<>();
        millis.properties().forEach(
                each -> words
                        .add(each.getKey() + " " + String.format(Locale.ROOT, "%.1f", each.getValue().asDouble())));
        return String.join(", ", words);
    }

    private static String models(JsonNode proof) {
        if (proof.path("models").isEmpty()) {
            return "";
        }
        TextTable table = new TextTable("model", "held", "broken variants found", "states");
        for (JsonNode model : proof.path("models")) {
            table.add(model.path("name").asText(), number(model, "held"), number(model, "broken"),
                    number(model, "states"));
        }
        return "\n" + table.markdown();
    }

    /** Takes over what {@code rollcall soak --json} printed. */
    void takeSoak(Path file) {
        try {
            JsonNode said = Saved.parse(Files.readString(file));
            if (!(said instanceof ObjectNode soak) || !soak.has("pass") || !soak.has("calls")) {
                throw new IllegalArgumentException("is not what rollcall soak --json prints: path=" + file);
            }
            if (!soak.has("ended")) {
                soak.put("ended", Files.getLastModifiedTime(file).toInstant().toString().replaceFirst("\\.\\d+", ""));
            }
            Proof.write(Proof.published(results, Proof.SOAK), soak);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read path=" + file, e);
        }
    }
}
