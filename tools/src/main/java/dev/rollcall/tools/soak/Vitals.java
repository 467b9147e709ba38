package dev.rollcall.tools.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What this process holds at a moment.
 *
 * @param second      of the run
 * @param rssKb       resident memory
 * @param heapKb      Java heap in use after a collection
 * @param descriptors open ones
 * @param ours        of those, to files of groups and to processes
 * @param threads     of the JVM
 */
record Vitals(long second, long rssKb, long heapKb, long descriptors, long ours, int threads) {
    private static final int KB = 1024;
    /** Code is still compiled and classes are loaded when something happens for the first time. */
    private static final long HEAP_MORE_KB = 6 * KB;
    /** Whatever the collector keeps for itself counts as resident. */
    private static final long RSS_MORE_KB = 64 * KB;
    private static final long DESCRIPTORS_MORE = 16;
    private static final long OURS_MORE = 8;
    /** A watchdog that looks closer has files of /proc open for each rank, one that has only begun has none yet. */
    private static final long DESCRIPTORS_PER_RANK = 12;
    /** The watchdog's to the process of a rank. */
    private static final long OURS_PER_RANK = 1;
    private static final int THREADS_MORE = 8;

    static Vitals now(long second) throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long heap = (runtime.totalMemory() - runtime.freeMemory()) / KB;
        long rss = Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
        return new Vitals(second, rss, heap, count(false), count(true), Thread.activeCount());
    }

    /** Descriptors to files of groups, and to processes. */
    static long count(boolean onlyOurs) throws IOException {
        long count = 0;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) open::iterator) {
                count += !onlyOurs || isOurs(descriptor) ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean isOurs(Path descriptor) throws IOException {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.contains("/dev/shm/rollcall") || target.contains("pidfd");
        } catch (NoSuchFileException closedMeanwhile) {
            return false;
        }
    }

    /** What must not grow while all goes its way, and by how much it may all the same: the bounds of "flat". */
    static String bounds(int workers) {
        return "heap " + HEAP_MORE_KB / KB + " MB, RSS " + RSS_MORE_KB / KB + " MB, descriptors "
                + descriptorsMore(workers) + ", to groups " + oursMore(workers) + ", threads " + THREADS_MORE;
    }

    private static long descriptorsMore(int workers) {
        return DESCRIPTORS_MORE + DESCRIPTORS_PER_RANK * workers;
    }

    private static long oursMore(int workers) {
        return OURS_MORE + OURS_PER_RANK * workers;
    }

    /** What has grown by more; both looks were taken in an idle group. */
    List<String> growthSince(Vitals before, int workers) {
        List<String> grown = new ArrayList<>();
        add(grown, "heap kB", before.heapKb, heapKb, HEAP_MORE_KB);
        add(grown, "RSS kB", before.rssKb, rssKb, RSS_MORE_KB);
        add(grown, "descriptors", before.descriptors, descriptors, descriptorsMore(workers));
        add(grown, "descriptors to groups", before.ours, ours, oursMore(workers));
        add(grown, "threads", before.threads, threads, THREADS_MORE);
        return grown;
    }

    private static void add(List<String> grown, String what, long before, long now, long more) {
        if (now - before > more) {
            grown.add("not flat: " + what + " from " + before + " to " + now + ", more than " + more + " above");
        }
    }

    Map<String, Object> json() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("second", second);
        line.put("rssKb", rssKb);
        line.put("heapKb", heapKb);
        line.put("descriptors", descriptors);
        line.put("groupDescriptors", ours);
        line.put("threads", threads);
        return line;
    }
}
