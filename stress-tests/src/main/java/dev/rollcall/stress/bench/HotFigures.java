package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What JMH measured, in one file: of what, how, and a figure per path, the latest. One thread. */
final class HotFigures {
    /** Beside the runs that RESULTS.md is made of. */
    static final String FILE = "jmh.json";

    private static final String TEXT =
            """
                    Means with JMH's 99.9 % interval. Everything is done by one thread, so memory is in its caches, as it is not between \
                    processes. B is what all threads of the process allocate for one operation. A worker's call is a turn of its loop over mapped \
                    files: the request read, a handler that looks at its deadline and whether it is cancelled, the marks and the flight recorder, \
                    the reply; the driver's half of both rings is in it, and what the rings cost alone is taken off in the row below. A call of the \
                    driver takes as long as its threads take to wake each other; what counts there is B, and none of it is the workers'.""";
    private static final JsonMapper JSON = new JsonMapper();
    private static final double WORKER_NANOS = 300;

    private final Map<HotPath, HotFigure> figures = new EnumMap<>(HotPath.class);
    private JsonNode machine;

    private HotFigures(JsonNode machine) {
        this.machine = machine;
    }

    /** Empty where there is no such file. */
    static HotFigures read(Path file) {
        if (!Files.exists(file)) {
            return new HotFigures(JsonNodeFactory.instance.objectNode());
        }
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            HotFigures read = new HotFigures(json.path("machine"));
            json.path("figures").forEach(each -> read.add(HotFigure.of(each)));
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read path=" + file, e);
        }
    }

    boolean isEmpty() {
        return figures.isEmpty();
    }

    /** From now on; figures of another build or another way to measure go. */
    void of(ObjectNode now) {
        for (String key : new String[]{"build", "jdk", "cpu", "how"}) {
            if (!machine.path(key).equals(now.path(key))) {
                figures.clear();
            }
        }
        machine = now;
    }

    void add(HotFigure figure) {
        figures.put(figure.path(), figure);
    }

    void write(Path file) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        figures.values().forEach(each -> array.add(each.json()));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("machine", machine);
        json.set("figures", array);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a terminal. */
    String text() {
        return table().text() + "\n" + how() + "\n";
    }

    /** A section of the page; nothing if nothing was measured. */
    String markdown() {
        return isEmpty() ? "" : "\n## In one process, by JMH\n\n" + how() + "\n\n" + table().markdown();
    }

    private String how() {
        return "Written by `./rollcall bench jmh --report`: JMH " + machine.path("jmh").asText() + ", "
                + machine.path("how").asText() + "; build " + machine.path("build").asText() + ", "
                + machine.path("started").asText() + ", load before each up to " + worstLoad() + ". " + TEXT;
    }

    private String worstLoad() {
        return String.format(Locale.ROOT, "%.1f",
                figures.values().stream().mapToDouble(HotFigure::load).max().orElse(0));
    }

    private TextTable table() {
        TextTable table = new TextTable("path", "ns", "B", "bar", "verdict");
        for (HotFigure figure : figures.values()) {
            if (figure.path() == HotPath.WORKER_CALL) {
                add(table, figure.path().title(), figure, "0 B",
                        figure.allocatesNothing() ? Verdict.MET : Verdict.MISSED);
            } else {
                add(table, figure.path().title(), figure, "", "");
            }
            HotFigure call = figures.get(HotPath.WORKER_CALL);
            if (figure.path() == HotPath.WORKER_RINGS && call != null) {
                HotFigure alone = call.beside(figure);
                add(table, "worker: a call beside handler and rings", alone,
                        String.format(Locale.ROOT, "<= %.0f ns", WORKER_NANOS), verdict(alone));
            }
        }
        return table;
    }

    private static void add(TextTable table, String title, HotFigure figure, String bar, Object verdict) {
        table.add(title, figure.nanosText(), figure.bytesText(), bar, verdict.toString());
    }

    private static Verdict verdict(HotFigure alone) {
        if (alone.nanos() + alone.error() <= WORKER_NANOS) {
            return Verdict.MET;
        }
        return alone.nanos() - alone.error() > WORKER_NANOS ? Verdict.MISSED : Verdict.UNDECIDED;
    }
}
