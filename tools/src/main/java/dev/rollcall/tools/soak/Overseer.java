package dev.rollcall.tools.soak;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.Finding;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Timeline;
import dev.rollcall.watchdog.Watchdog;
import dev.rollcall.watchdog.WatchdogListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A watchdog, enforcing, for each epoch of the group, on a thread of its own; what they said, all together. Any thread. */
final class Overseer {
    private static final int KEPT = 20;
    private static final long KEPT_BYTES = 1L << 30;
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    /** Who was named, as what. */
    record Said(@Nullable ProcessIdentity process, Verdict verdict, String group) {
        String words() {
            return group + " " + verdict.who() + " " + verdict.kind() + ": " + verdict.reason();
        }
    }

    private final Path incidents;
    private final List<Thread> watching = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private @Nullable Path latest;
    private long suspects;
    private long excuses;

    Overseer(Path incidents) {
        this.incidents = incidents;
    }

    /** The group is ready; unless this epoch is watched already, it will be. */
    synchronized void watch(Path directory) {
        if (directory.equals(latest)) {
            return;
        }
        latest = directory;
        watching.removeIf(thread -> !thread.isAlive());
        watching.add(Thread.ofPlatform().daemon().name("soak-watchdog-" + directory.getFileName())
                .start(() -> run(directory)));
    }

    private void run(Path directory) {
        Ears ears = new Ears(directory.getFileName().toString());
        try (Watchdog watchdog = Watchdog.builder(directory).incidents(incidents).keepIncidents(KEPT, KEPT_BYTES)
                .listener(ears).build()) {
            ears.watchdog.set(watchdog);
            watchdog.run();
        } catch (RollcallException failed) {
            if (Files.exists(directory)) { // else the epoch was over before it began to be watched
                synchronized (this) {
                    troubles.add("an epoch was not watched: " + failed.getMessage());
                }
            }
        }
    }

    synchronized List<Said> said() {
        return List.copyOf(said);
    }

    synchronized List<String> troubles() {
        return List.copyOf(troubles);
    }

    synchronized long suspects() {
        return suspects;
    }

    synchronized long excuses() {
        return excuses;
    }

    synchronized Map<String, Long> verdicts() {
        Map<String, Long> kinds = new TreeMap<>();
        said.forEach(each -> kinds.merge(each.verdict().kind().name(), 1L, Long::sum));
        return kinds;
    }

    /** Whether those of earlier epochs have gone, and hold nothing any more. */
    synchronized boolean watchesOneEpoch() {
        watching.removeIf(thread -> !thread.isAlive());
        return watching.size() <= 1;
    }

    /** Once the group is closed: each watchdog notes that by itself. */
    void awaitEnd() throws InterruptedException {
        List<Thread> threads;
        synchronized (this) {
            threads = List.copyOf(watching);
        }
        for (Thread thread : threads) {
            if (!thread.join(LONGEST_END)) {
                thread.interrupt();
                boolean _ = thread.join(LONGEST_END);
                synchronized (this) {
                    troubles.add("a watchdog did not notice the end: " + thread.getName());
                }
            }
        }
    }

    private final class Ears implements WatchdogListener {
        private final String group;
        private final AtomicReference<@Nullable Watchdog> watchdog = new AtomicReference<>();

        private Ears(String group) {
            this.group = group;
        }

        @Override
        public void failed(Throwable cause) {
            synchronized (Overseer.this) {
                troubles.add("the watchdog failed: group=" + group + " cause=" + cause);
            }
        }

        @Override
        public void suspected(Finding finding, long atNanos) {
            synchronized (Overseer.this) {
                if (finding.excuses()) {
                    excuses++;
                } else {
                    suspects++;
                }
            }
        }

        @Override
        public void decided(Verdict verdict, Finding finding, boolean enforced, Timeline timeline) {
            Watchdog source = watchdog.get();
            GroupSnapshot snapshot = source == null ? null : source.snapshot();
            ProcessIdentity process = verdict.rank() < 0 || snapshot == null ? null
                    : snapshot.ranks().get(verdict.rank()).board().process();
            synchronized (Overseer.this) {
                said.add(new Said(process, verdict, group));
            }
        }
    }
}
