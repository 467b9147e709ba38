package dev.rollcall.stress.bench;

import dev.rollcall.stress.bench.Case.Bar;
import dev.rollcall.stress.bench.Case.Ceiling;
import dev.rollcall.stress.bench.Case.Rival;
import java.util.ArrayList;
import java.util.List;

/** What is measured, against whom, and what it is held to. */
final class Plan {
    static final String AERON = "aeron";
    static final String AGRONA = "agrona";
    static final String SOCKETS = "uds";
    static final String GRPC = "grpc";
    static final String C = "c";
    static final List<String> PEERS = List.of(AERON, AGRONA, SOCKETS, GRPC, C);

    private static final String SPIN = "spin";
    private static final String YIELD = "yield";
    private static final String BLOCK = "block";
    private static final String DEFAULT = "default";
    /** Of those that are held to nothing: as few as have an interval. */
    private static final int FEW = 6;

    private Plan() {
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(spinning());
        cases.add(withGaps());
        for (int size : new int[]{64, 4096, 1 << 20}) {
            for (int readers : new int[]{1, 2, 4}) {
                cases.add(yieldingBroadcast(size, readers));
                cases.add(defaultBroadcast(size, readers));
            }
        }
        for (int workers : new int[]{2, 4, 8}) {
            cases.add(yieldingGather(workers, Case.ALL));
            cases.add(defaultGather(workers));
            cases.add(blockingGather(workers));
        }
        cases.add(yieldingGather(1, FEW));
        cases.add(yieldingGather(16, FEW));
        return cases;
    }

    /** A case of each kind. */
    static List<String> quick() {
        return List.of("w1-spin", "w1-gap", "w2-64-x1-yield", "w2-64-x1-default", "w3-n2-yield");
    }

    private static Case spinning() {
        return new Case("w1-spin", "W1 64 B, spinning", Metric.P50, SPIN,
                words("w=W1 warmup=0 warm_ms=600 ms=800 hdr=1"), List.of(), List.of(
                        c(SPIN, Bar.p50(1.5).onlyAimedAt()),
                        Rival.of(AERON, SPIN, Bar.p50(1)),
                        Rival.of(AGRONA, SPIN, Bar.p50(1)),
                        Rival.of(SOCKETS, BLOCK).atMost(FEW),
                        slow(Rival.of(GRPC, BLOCK))),
                List.of(), Case.ALL);
    }

    /** Nobody gets warm by a thousand messages a second, so all JVMs first make some thousand round trips without a gap. */
    private static Case withGaps() {
        return new Case("w1-gap", "W1 64 B, 1 ms gaps", Metric.P50, DEFAULT,
                words("w=W1 gap_us=1000 warmup=1 warm_ms=400 ms=1000 hdr=1"), words("idle_ms=1500"), List.of(
                        c(BLOCK, Bar.p50(1.5).onlyAimedAt()),
                        Rival.of(SOCKETS, BLOCK, Bar.p50(1)),
                        Rival.of(AERON, DEFAULT).atMost(FEW),
                        Rival.of(AGRONA, DEFAULT).atMost(FEW),
                        slow(Rival.of(GRPC, BLOCK))),
                List.of(new Ceiling(Metric.IDLE_CPU, 0.5)), Case.ALL);
    }

    /** There is nothing to compile. */
    private static Rival c(String mode, Bar... bars) {
        return Rival.of(C, mode, bars).with("warm_ms=200");
    }

    /** There for the picture, and slow to get warm. */
    private static Rival slow(Rival rival) {
        return rival.atMost(FEW).with("warm_ms=3000");
    }

    private static List<String> words(String line) {
        return List.of(line.split(" ", -1));
    }

    private static String bytes(int size) {
        return size < 1024 ? size + " B" : size < 1 << 20 ? size / 1024 + " KiB" : size / (1 << 20) + " MiB";
    }

    private static Case broadcast(int size, int readers, String mode, List<Rival> rivals) {
        return new Case("w2-" + size + "-x" + readers + "-" + mode,
                "W2 " + bytes(size) + ", " + readers + (readers == 1 ? " reader, " : " readers, ") + mode, Metric.RATE,
                mode, words("w=W2 size=" + size + " readers=" + readers + " warmup=0 warm_ms="
                        + (600 + 300 * readers) + " ms=600"),
                size < 1 << 20 ? List.of() : words("capacity=" + 4 * size),
                rivals, List.of(), Case.ALL);
    }

    private static Case yieldingBroadcast(int size, int readers) {
        double reference = size == 64 ? readers <= 2 ? 1.5 : 1.1 : size == 4096 ? 1 : 0.8;
        return broadcast(size, readers, YIELD, List.of(
                c(YIELD, Bar.rate(reference)),
                size == 64 ? Rival.of(AERON, YIELD, Bar.rate(2)) : Rival.of(AERON, YIELD).atMost(FEW),
                Rival.of(AGRONA, YIELD).atMost(FEW)));
    }

    private static Case defaultBroadcast(int size, int readers) {
        List<Rival> rivals = new ArrayList<>();
        rivals.add(Rival.of(AERON, DEFAULT, Bar.rate(1.2)));
        if (readers != 2) {
            rivals.add(Rival.of(AGRONA, DEFAULT).atMost(FEW));
            rivals.add(Rival.of(SOCKETS, BLOCK).atMost(FEW));
        }
        return broadcast(size, readers, DEFAULT, rivals);
    }

    /** JVMs beyond the cores compile slowly: everybody gets a second for each, or what is measured is their compilers. */
    private static Case gather(int workers, String mode, int most, List<Rival> rivals) {
        return new Case("w3-n" + workers + "-" + mode,
                "W3 " + workers + (workers == 1 ? " worker, " : " workers, ") + mode, Metric.P50, mode,
                words("w=W3 readers=" + workers + " warmup=0 warm_ms=" + (2000 + 1000 * workers) + " ms=1000 hdr=1"),
                List.of(), rivals, List.of(), most);
    }

    private static Case yieldingGather(int workers, int most) {
        return most == Case.ALL
                ? gather(workers, YIELD, most, List.of(c(YIELD, Bar.p50(workers == 8 ? 1.4 : 1.2)),
                        Rival.of(AGRONA, YIELD, Bar.p99(1)), Rival.of(AERON, YIELD).atMost(FEW)))
                : gather(workers, YIELD, most, List.of(c(YIELD), Rival.of(AGRONA, YIELD), Rival.of(AERON, YIELD)));
    }

    private static Case defaultGather(int workers) {
        List<Rival> rivals = new ArrayList<>();
        rivals.add(workers == 8
                ? Rival.of(AGRONA, DEFAULT, Bar.p50(1), Bar.p99(1))
                : Rival.of(AGRONA, DEFAULT).atMost(FEW));
        rivals.add(Rival.of(AERON, DEFAULT).atMost(FEW));
        rivals.add(Rival.of(SOCKETS, BLOCK).atMost(FEW));
        if (workers == 4) {
            rivals.add(slow(Rival.of(GRPC, BLOCK)));
        }
        return gather(workers, DEFAULT, workers == 8 ? Case.ALL : FEW, rivals);
    }

    private static Case blockingGather(int workers) {
        return workers == 8
                ? gather(workers, BLOCK, Case.ALL, List.of(c(BLOCK, Bar.p50(1.2))))
                : gather(workers, BLOCK, FEW, List.of(c(BLOCK)));
    }
}
