package dev.rollcall.stress.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/**
 * One run, as it is saved.
 *
 * @param caseId which case
 * @param round  in which round, from 0
 * @param peer   who ran
 * @param load   the machine's load average of the last minute, before
 * @param result what it printed, a missing node if it failed
 * @param error  why it failed, empty if it did not
 */
record RunLine(String caseId, int round, String peer, double load, JsonNode result, String error) {
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("case", caseId).put("round", round).put("peer", peer).put("load", load);
        if (error.isEmpty()) {
            json.set("result", result);
        } else {
            json.put("error", error);
        }
        return json;
    }

    static RunLine of(JsonNode json) {
        return new RunLine(json.path("case").asText(), json.path("round").asInt(), json.path("peer").asText(),
                json.path("load").asDouble(), json.path("result"), json.path("error").asText(""));
    }

    /** A figure of a run that did its work without an error. */
    OptionalDouble value(Metric metric) {
        JsonNode value = result.path(metric.key());
        return error.isEmpty() && value.isNumber() && result.path("errors").asLong() == 0
                ? OptionalDouble.of(value.asDouble())
                : OptionalDouble.empty();
    }
}
