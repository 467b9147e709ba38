package dev.rollcall.watchdog.incident;

import dev.rollcall.watchdog.Incident;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was collected beside the incident itself, as text by rank, and what could not be had. One thread. */
final class Evidence {
    final Map<Integer, String> stacks = new TreeMap<>();
    /** Ranks that were asked for their stacks and did not tell. */
    final List<Integer> silent = new ArrayList<>();
    final Map<Integer, String> flights = new TreeMap<>();
    /** What others added, by name. */
    final Map<String, String> statements = new LinkedHashMap<>();
    final Map<String, String> machine = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();

    /** Notes of the incident, then those of the writing. */
    List<String> allNotes(Incident incident) {
        List<String> all = new ArrayList<>(incident.notes());
        all.addAll(notes);
        return all;
    }
}
