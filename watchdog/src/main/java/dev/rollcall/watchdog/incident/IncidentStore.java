package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The incidents saved below one folder: lists them and keeps their number and size bounded. Any thread. Only folders
 * that look like incidents, with an {@code incident.json} or a {@code report.txt} in them, are ever listed or deleted, and
 * what a deletion has left that was cut off.
 */
public final class IncidentStore {
    private static final String GOING = ".old" + IncidentWriter.PARTIAL;

    private final Path incidents;

    /**
     * A store over a folder, which need not exist yet.
     *
     * @param incidents folder of all incidents
     */
    public IncidentStore(Path incidents) {
        this.incidents = incidents;
    }

    /**
     * One saved incident.
     *
     * @param path     its folder
     * @param modified when it was written
     * @param bytes    size of its files
     */
    public record Entry(Path path, Instant modified, long bytes) {
        /**
         * The folder's name.
         *
         * @return group, epoch, verdict, kind and who
         */
        public String name() {
            return path.getFileName().toString();
        }
    }

    /**
     * All complete incidents.
     *
     * @return                   newest first; empty when the folder does not exist
     * @throws RollcallException when the folder cannot be read
     */
    public List<Entry> list() {
        if (!Files.isDirectory(incidents)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> children = Files.list(incidents)) {
            for (Path child : (Iterable<Path>) children::iterator) {
                if (isIncident(child)) {
                    entries.add(new Entry(child, Files.getLastModifiedTime(child).toInstant(), bytes(child)));
                }
            }
        } catch (NoSuchFileException raced) {
            return list();
        } catch (IOException e) {
            throw new RollcallException("incidents not readable path=" + incidents + " error=" + e, e);
        }
        entries.sort(Comparator.comparing(Entry::modified).reversed().thenComparing(Entry::name));
        return List.copyOf(entries);
    }

    /**
     * Deletes the oldest incidents until both bounds hold; the newest one always stays.
     *
     * @param  count             most incidents to keep
     * @param  bytes             most bytes to keep in all
     * @return                   what was deleted
     * @throws RollcallException when the folder cannot be read or an incident cannot be deleted
     */
    public List<Entry> retain(int count, long bytes) {
        deleteGoing();
        List<Entry> deleted = new ArrayList<>();
        long total = 0;
        int kept = 0;
        for (Entry entry : list()) {
            total += entry.bytes();
            if (kept > 0 && (kept >= count || total > bytes)) {
                delete(entry);
                deleted.add(entry);
                total -= entry.bytes();
            } else {
                kept++;
            }
        }
        return List.copyOf(deleted);
    }

    private static void delete(Entry entry) {
        try {
            PrivateFiles.deleteTree(renamed(entry.path()));
        } catch (NoSuchFileException raced) {
            // another watchdog's retention is at it
        } catch (IOException e) {
            throw new RollcallException("incident not deleted path=" + entry.path() + " error=" + e, e);
        }
    }

    /** Whoever is killed while deleting leaves nothing behind that looks whole. */
    private static Path renamed(Path folder) throws IOException {
        Path going = Files.move(folder, folder.resolveSibling(folder.getFileName() + GOING));
        Steps.at("watchdog.incident.old-renamed");
        return going;
    }

    /** What somebody was deleting and was killed. */
    private void deleteGoing() {
        if (!Files.isDirectory(incidents)) {
            return;
        }
        try (Stream<Path> children = Files.list(incidents)) {
            for (Path child : (Iterable<Path>) children.filter(child -> child.toString().endsWith(GOING))::iterator) {
                PrivateFiles.deleteTree(child);
            }
        } catch (NoSuchFileException raced) {
            // another watchdog's retention is at it
        } catch (IOException e) {
            throw new RollcallException("old incidents not deleted path=" + incidents + " error=" + e, e);
        }
    }

    private static boolean isIncident(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && !folder.getFileName().toString().endsWith(IncidentWriter.PARTIAL)
                && (Files.isRegularFile(folder.resolve(IncidentWriter.JSON))
                        || Files.isRegularFile(folder.resolve(IncidentWriter.TEXT)));
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }
}
