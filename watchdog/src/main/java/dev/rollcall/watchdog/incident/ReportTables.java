package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.ReaderLag;
import dev.rollcall.shm.RingStatus;
import dev.rollcall.shm.board.InFlightCall;
import dev.rollcall.watchdog.GroupSnapshot;
import java.util.List;
import java.util.Locale;

/** What was on its way when the verdict fell: calls in flight and what lay in the rings. */
final class ReportTables {
    private ReportTables() {
    }

    static void write(Story story, Markup out) {
        GroupSnapshot snapshot = story.atVerdict();
        if (snapshot != null) {
            out.open("section");
            inFlight(snapshot.inFlight(), out);
            out.close().open("section");
            rings(snapshot, out);
            out.close();
        }
    }

    private static void inFlight(List<InFlightCall> calls, Markup out) {
        out.element("h2", "In flight at the verdict");
        if (calls.isEmpty()) {
            out.element("p", "No call was in flight.", "class", "lead");
            return;
        }
        out.open("div", "class", "scroll").open("table", "class", "narrow").open("thead").open("tr");
        out.element("th", "call", "class", "n").element("th", "method").element("th", "cost class");
        out.element("th", "replies from").element("th", "timeout", "class", "n").close().close().open("tbody");
        for (InFlightCall call : calls) {
            out.open("tr").element("td", Long.toString(call.callId()), "class", "n").element("td", call.method());
            out.element("td", call.costClass().isEmpty() ? "\u2013" : call.costClass());
            out.element("td", call.replyRank() < 0 ? "all ranks" : "rank " + call.replyRank());
            out.element("td", Units.age(call.timeoutNanos()), "class", "n").close();
        }
        out.close().close().closeLine();
    }

    private static void rings(GroupSnapshot snapshot, Markup out) {
        RingStatus requests = snapshot.requests();
        if (requests == null && snapshot.replies().isEmpty()) {
            return;
        }
        out.element("h2", "Rings at the verdict");
        out.open("div", "class", "scroll").open("table", "class", "narrow").open("thead").open("tr");
        out.element("th", "ring").element("th", "capacity", "class", "n").element("th", "written", "class", "n");
        out.element("th", "reader").element("th", "state").element("th", "frames behind", "class", "n");
        out.element("th", "bytes behind", "class", "n").close().close().open("tbody");
        if (requests != null) {
            ring("requests", requests, "rank ", out);
        }
        for (int rank = 0; rank < snapshot.replies().size(); rank++) {
            ring("replies " + rank, snapshot.replies().get(rank), "", out);
        }
        out.close().close().closeLine();
    }

    private static void ring(String name, RingStatus ring, String reader, Markup out) {
        String shown = name + (ring.closed() ? " (closed)" : "");
        if (ring.readers().isEmpty()) {
            begin(shown, ring, out);
            out.element("td", "nobody", "colspan", "4").close();
        }
        boolean first = true;
        for (ReaderLag lag : ring.readers()) {
            if (first) {
                begin(shown, ring, out);
            } else {
                out.open("tr").open("td", "colspan", "3").close();
            }
            first = false;
            out.element("td", reader.isEmpty() ? "driver" : reader + lag.slot(), "class", "w").element("td",
                    lag.state().name().toLowerCase(Locale.ROOT));
            out.element("td", Long.toString(lag.messages()), "class", "n");
            out.element("td", Units.bytes(lag.bytes()), "class", "n").close();
        }
        out.text("\n");
    }

    private static void begin(String name, RingStatus ring, Markup out) {
        out.open("tr").element("td", name, "class", "w").element("td", Units.bytes(ring.capacity()), "class", "n");
        out.element("td", Units.bytes(ring.tail()), "class", "n");
    }
}
