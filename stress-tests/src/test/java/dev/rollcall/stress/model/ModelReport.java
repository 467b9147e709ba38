package dev.rollcall.stress.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.stress.bench.Proof;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Keeps count of what each class of models came to, and saves it when all tests have ended. */
final class ModelReport implements AfterTestExecutionCallback {

    @Override
    public void afterTestExecution(ExtensionContext test) {
        Summary all = test.getRoot().getStore(ExtensionContext.Namespace.create(ModelReport.class))
                .getOrComputeIfAbsent(Summary.class, _ -> new Summary(), Summary.class);
        all.add(test.getRequiredTestClass().getSimpleName(), Explorer.takeExplored(),
                test.getExecutionException().isEmpty() ? "" : test.getDisplayName());
    }

    /** Closed with the store that it is in. */
    private static final class Summary implements AutoCloseable {
        private final Proof proof = new Proof(Proof.MODELS);
        private final Map<String, long[]> counts = new TreeMap<>();
        private final TreeSet<String> failed = new TreeSet<>();

        synchronized void add(String model, List<Exploration> explored, String failure) {
            long[] count = counts.computeIfAbsent(model, _ -> new long[3]);
            for (Exploration each : explored) {
                count[each.holds() ? 0 : 1]++;
                count[2] += each.states();
            }
            if (!failure.isEmpty()) {
                failed.add(model + " " + failure);
            }
        }

        @Override
        public synchronized void close() {
            ObjectNode json = proof.json();
            ArrayNode models = json.putArray("models");
            counts.forEach((name, count) -> models.addObject().put("name", name).put("held", count[0])
                    .put("broken", count[1]).put("states", count[2]));
            ArrayNode wrong = json.putArray("failed");
            failed.forEach(wrong::add);
            try {
                proof.save(Path.of(System.getProperty("rollcall.test.dir", "target"), "models"), true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the run is being ended, and nothing is saved of it
            }
        }
    }
}
