package dev.rollcall.watchdog;

import java.util.ArrayList;
import java.util.List;

/** What a reader of an incident should know beside the verdict. */
final class Notes {
    private Notes() {
    }

    static List<String> of(String restraint, Diagnosis diagnosis, Finding chosen, List<String> notRead) {
        List<String> notes = new ArrayList<>();
        if (!restraint.isEmpty()) {
            notes.add(restraint + ": the verdict was not published and nothing was done");
        }
        for (Finding other : diagnosis.findings()) {
            if (!other.sameCase(chosen)) {
                notes.add("also found: " + Phrases.who(other.rank()) + ' ' + other.kind() + " tier=" + other.tier()
                        + ": " + other.reason());
            }
        }
        notes.addAll(notRead);
        return notes;
    }
}
