package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one kind of proof came to, as a few lines of JSON for {@link Proofs}: always in the folder of its report, and beside the runs
 * that RESULTS.md is made of when the property {@code rollcall.results} asks for it, so that a build as such changes no file of the
 * repository. One thread.
 */
public final class Proof {
    public static final String JCSTRESS = "jcstress";
    public static final String MODELS = "models";
    public static final String KILL_STEPS = "kill-steps";
    static final String SOAK = "soak";

    /** Below the published runs. */
    static final String FOLDER = "proofs";
    private static final String ASKED = "rollcall.results";
    /** This module's folder, as Surefire says it. */
    private static final String MODULE = "basedir";
    private static final JsonMapper JSON = new JsonMapper();

    private final String name;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final long start = System.nanoTime();

    /** It begins now. */
    public Proof(String name) {
        this.name = name;
    }

    /** Where figures go. */
    public ObjectNode json() {
        return json;
    }

    /** It has ended; {@code whole} is false for a part of it that somebody chose, which is never published. */
    public void save(Path report, boolean whole) throws InterruptedException {
        Path module = Path.of(System.getProperty(MODULE, "")).toAbsolutePath();
        json.put("seconds", (System.nanoTime() - start) / 1_000_000_000);
        ObjectNode machine = Machine.describe(module, 1);
        for (String key : new String[]{"started", "cpu", "cores", "kernel", "jdk", "build"}) {
            json.set(key.equals("started") ? "ended" : key, machine.get(key));
        }
        write(report.resolve("proof.json"), json);
        if (whole && !System.getProperty(ASKED, "").isEmpty()) {
            write(published(module.resolve("results"), name), json);
        }
    }

    static Path published(Path results, String name) {
        return results.resolve(FOLDER).resolve(name + ".json");
    }

    static void write(Path file, ObjectNode json) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot save a proof path=" + file, e);
        }
    }
}
