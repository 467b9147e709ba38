package dev.rollcall.stress.bench;

/** How things are measured, in the words of the page. */
final class Rules {
    static final String TEXT =
            """
                    All participants are processes. W1: a 64-byte message there and a new one back; half the round trip counts. W2: one writer, as fast \
                    as it goes, lossless; every reader checks sequence, both ends and length of each message, and time runs to the last reader's end \
                    marker. W3: 200 bytes to each worker, 100 back from each, gathered in rank order, one call at a time; rollcall's are collective calls \
                    of its executor, with ids, deadlines and marks on the board. All copy messages in, one by one (rollcall with `offer`, no batch): each is published before the \
                    next, and in rollcall's default mode each pays its look for a sleeper. The clock is read every 256 messages, from 4 KiB every 16. \
                    Rollcall's ring has 1 MiB, or room for four messages of 1 MiB; C's has 1 MiB, or eight.

                    Modes: `spin` burns a core on each side, `yield` gives it away between two looks, `block` sleeps at once; `default` is what users get, for \
                    rollcall adaptive spinning and then a futex, for Aeron and Agrona their back-off. Everybody is warm: before the 1 ms gaps all JVMs make 12,000 \
                    round trips without one (rollcall's `Warmup.run`; the peers over their own transport), and a group of W3 works for two seconds and one \
                    more for each worker, as nine JVMs on few cores take that long to compile. Sockets and gRPC always sleep in the kernel. \
                    Aeron's media driver is a process beside both. Agrona has a ring per reader. The C programs are plain references and no \
                    bounds: they keep no deadlines and let nobody join. All JVMs run with the serial collector, agrona without bounds checks.
                    """;

    private Rules() {
    }
}
