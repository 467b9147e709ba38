package dev.rollcall.watchdog.incident;

import java.util.Map;

/** The long texts at the end of the page, folded away until asked for. */
final class EvidenceSection {
    private static final int MAX_CHARS = 48 * 1024;

    private EvidenceSection() {
    }

    static void write(Evidence evidence, Markup out) {
        if (!evidence.stacks.isEmpty() || !evidence.silent.isEmpty()) {
            out.element("h2", "Stacks");
            String silent = evidence.silent.isEmpty() ? "all of them answered."
                    : "no answer came from rank " + Units.ranges(evidence.silent) + ".";
            out.element("p", "Told by the workers themselves, which a stopped or dead one cannot; " + silent, "class",
                    "lead");
            evidence.stacks.forEach((rank, text) -> fold(Story.who(rank), lines(text), text, out));
        }
        if (!evidence.flights.isEmpty()) {
            out.element("h2", "Flight recorders");
            out.element("p", "The last things each process noted on the board. Times count back from its own last "
                    + "entry, by its own clock.", "class", "lead");
            evidence.flights.forEach((rank, text) -> fold(Story.who(rank), lines(text), text, out));
        }
        if (!evidence.statements.isEmpty()) {
            out.element("h2", "Added by others");
            out.element("p", "What the embedding program and the machine's own tools had to say.", "class", "lead");
            evidence.statements.forEach((name, text) -> fold(name, lines(text), text, out));
        }
        if (!evidence.machine.isEmpty()) {
            out.element("h2", "The machine").open("div", "class", "scroll").open("table", "class", "machine")
                    .open("tbody");
            for (Map.Entry<String, String> fact : evidence.machine.entrySet()) {
                out.open("tr").element("th", fact.getKey(), "scope", "row").element("td", fact.getValue())
                        .close();
            }
            out.close().close().closeLine();
        }
    }

    private static void fold(String name, int lines, String text, Markup out) {
        out.open("details").open("summary").text(Units.capital(name));
        out.element("small", lines + (lines == 1 ? " line" : " lines")).close();
        String shown = text.length() <= MAX_CHARS ? text
                : text.substring(0, MAX_CHARS) + "\n... the rest is in the folder\n";
        out.element("pre", shown).closeLine();
    }

    private static int lines(String text) {
        return (int) text.lines().count();
    }
}
