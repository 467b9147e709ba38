package dev.rollcall.watchdog;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.watchdog.incident.EvidenceSources;
import dev.rollcall.watchdog.incident.IncidentStore;
import dev.rollcall.watchdog.incident.IncidentWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an incident, then lets go of the oldest ones beyond what is to be kept. Evidence threads. What cannot be deleted
 * is logged: the incident itself is saved by then.
 *
 * @param writer writes
 * @param store deletes
 * @param count most incidents
 * @param bytes most bytes of all
 */
record KeepingSaver(IncidentWriter writer, IncidentStore store, int count, long bytes) implements EvidenceDesk.Saver {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    @Override
    public Path save(Incident incident, EvidenceSources sources) {
        Path saved = writer.write(incident, sources);
        try {
            List<IncidentStore.Entry> deleted = store.retain(count, bytes);
            if (!deleted.isEmpty()) {
                LOG.info("old incidents deleted: incidents={} count={} bytes={}",
                        deleted.stream().map(IncidentStore.Entry::name).toList(), count, bytes);
            }
        } catch (RollcallException | UncheckedIOException e) {
            LOG.warn("old incidents not deleted: count={} bytes={}", count, bytes, e);
        }
        return saved;
    }
}
