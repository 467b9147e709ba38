package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.Phase;
import java.util.List;
import java.util.Locale;

/** A flight recorder's tail as text. Any thread. */
final class FlightText {
    private FlightText() {
    }

    static String of(List<FlightEvent> events) {
        if (events.isEmpty()) {
            return "";
        }
        long end = events.getLast().nanoTime();
        StringBuilder text = new StringBuilder(events.size() * 56);
        for (FlightEvent e : events) {
            text.append(String.format(Locale.ROOT, "%12.6f s  %8d  %-20s %s%n", (e.nanoTime() - end) / 1e9,
                    e.sequence(), e.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '), detail(e)));
        }
        return text.toString();
    }

    private static String detail(FlightEvent e) {
        return switch (e.kind()) {
            case NONE -> "";
            case RECEIVED, FINISHED, REPLIED, COMPLETED, FAILED, CANCELLED -> "call " + e.a();
            case STARTED -> "call " + e.a() + ", method " + e.methodId();
            case ISSUED -> "call " + e.a() + ", method " + e.methodId()
                    + (e.classId() == 0 ? "" : ", class " + e.classId());
            case COLLECTIVE_ENTERED, COLLECTIVE_LAUNCHED, COLLECTIVE_COMPLETED -> "#" + e.a() + ", communicator "
                    + e.b();
            case SECTION_BEGIN -> "section " + e.a() + ", bound " + e.b() + " ms";
            case SECTION_END -> "section " + e.a();
            case PHASE -> phase(e.a());
        };
    }

    private static String phase(long ordinal) {
        Phase[] phases = Phase.values();
        return ordinal < 0 || ordinal >= phases.length ? "phase " + ordinal
                : phases[(int) ordinal].name().toLowerCase(Locale.ROOT);
    }
}
