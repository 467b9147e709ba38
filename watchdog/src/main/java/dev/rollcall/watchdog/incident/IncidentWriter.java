package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.shm.board.Verdict;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Steps;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import dev.rollcall.watchdog.RankSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves incidents below one folder. One thread at a time per incident; several writers may share the folder.
 *
 * <p>
 * An incident is written under a name that ends in {@code .partial} and renamed when complete, so whoever finds the
 * final name finds all of it. Folders are 0700 and files 0600. A part that fails (disk full, process gone) is left out
 * and said in the notes; {@code incident.json} is written first, because everything else can be made again from it.
 * Payload contents are never saved: no probe reads them.
 */
public final class IncidentWriter {
    static final String JSON = "incident.json";
    static final String TEXT = "report.txt";
    static final String HTML = "report.html";
    static final String PARTIAL = ".partial";

    private static final Logger LOG = LoggerFactory.getLogger(IncidentWriter.class);
    private static final int MOST_NAMES = 100;

    private final Path incidents;
    private final ProcText proc;
    private final Path procFolder;

    /**
     * A writer into a folder, which is created when the first incident is written.
     *
     * @param incidents folder of all incidents
     */
    public IncidentWriter(Path incidents) {
        this(incidents, Path.of("/proc"));
    }

    IncidentWriter(Path incidents, Path procFolder) {
        this.incidents = incidents;
        this.procFolder = procFolder;
        this.proc = new ProcText(procFolder);
    }

    /**
     * Makes sure that incidents could be saved here, before there is one: creates the folder if need be, and a file in
     * it for a moment. A folder that is there must be this user's, and nobody else may write to it.
     *
     * @param  incidents         folder of all incidents
     * @throws RollcallException when it cannot be created or written to, or others can
     */
    public static void checkWritable(Path incidents) {
        if (incidents.toString().isEmpty()) {
            throw new RollcallException("incident folder has an empty name; '.' is the current folder");
        }
        try {
            PrivateFiles.createFolders(incidents);
            PrivateFiles.requireOwn(incidents);
            Path probe = Files.createTempFile(incidents, ".rollcall", ".probe");
            Files.delete(probe);
        } catch (IOException e) {
            throw new RollcallException("incident folder not writable path=" + incidents + " error="
                    + e.getClass().getSimpleName(), e);
        }
    }

    /**
     * The name an incident's folder gets: group, epoch, verdict, kind and who.
     *
     * @param  incident the incident
     * @return          a file name, the same for every writer
     */
    public static String folderName(Incident incident) {
        Verdict verdict = incident.verdict();
        GroupSnapshot first = incident.window().isEmpty() ? null : incident.window().getFirst();
        String group = first == null ? "unknown-0" : first.group() + "-" + first.epoch();
        String who = switch (verdict.rank()) {
            case Verdict.DRIVER -> "driver";
            case Verdict.NOBODY -> "nobody";
            default -> "rank" + verdict.rank();
        };
        String name = group + "-" + verdict.sequence() + "-" + verdict.kind().name().toLowerCase(Locale.ROOT) + "-"
                + who;
        return name.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    /**
     * Does in memory what {@link #write} will do, so that the first incident is not slowed down by loading classes just
     * when the machine is in trouble. Worth calling once, before watching begins; takes part of a second.
     */
    public void warmUp() {
        part(new Evidence(), "rehearsal", () -> Rehearsal.run(proc, procFolder));
    }

    /**
     * Saves an incident; the window is thinned where it is long.
     *
     * @param  incident          what to save
     * @param  sources           where to take the rest of the evidence
     * @return                   the complete folder
     * @throws RollcallException when no folder could be created; nothing else is thrown
     */
    public Path write(Incident incident, EvidenceSources sources) {
        Path partial = createPartial(incident);
        Steps.at("watchdog.incident.folder-made");
        Evidence evidence = new Evidence();
        Incident saved = WindowThinning.thin(incident);
        part(evidence, JSON, () -> PrivateFiles.write(partial.resolve(JSON), IncidentJson.write(saved)));
        Steps.at("watchdog.incident.facts-saved");
        List<RankSnapshot> ranks = saved.window().isEmpty() ? List.of() : saved.window().getLast().ranks();
        part(evidence, "stacks", () -> stacks(evidence, partial, sources, ranks.size()));
        part(evidence, "proc", () -> processes(evidence, partial, saved));
        part(evidence, "flight", () -> flights(evidence, partial, sources, ranks.size()));
        part(evidence, "statements", () -> statements(evidence, partial, sources));
        part(evidence, "machine.txt", () -> {
            evidence.machine.putAll(MachineFacts.read(procFolder, Path.of("/sys/fs/cgroup")));
            PrivateFiles.write(partial.resolve("machine.txt"), MachineFacts.text(evidence.machine));
        });
        // Saved is what cannot be taken again; the reports are only another view of it.
        Story story = new Story(saved, savedNanos(evidence, sources));
        part(evidence, TEXT, () -> PrivateFiles.write(partial.resolve(TEXT), TextReport.of(story, evidence)));
        part(evidence, HTML, () -> PrivateFiles.write(partial.resolve(HTML), HtmlReport.of(story, evidence)));
        if (!evidence.notes.isEmpty()) {
            part(evidence, JSON + " with notes", () -> PrivateFiles.replace(partial.resolve(JSON),
                    IncidentJson.write(withNotes(saved, evidence.allNotes(saved)))));
        }
        Steps.at("watchdog.incident.all-saved");
        Path whole = complete(partial);
        Steps.at("watchdog.incident.complete");
        return whole;
    }

    private Path createPartial(Incident incident) {
        String name = folderName(incident);
        try {
            PrivateFiles.createFolders(incidents);
            for (int n = 1; n < MOST_NAMES; n++) {
                String free = n == 1 ? name : name + "." + n;
                Path partial = incidents.resolve(free + PARTIAL);
                if (!Files.exists(incidents.resolve(free)) && !Files.exists(partial)) {
                    PrivateFiles.createFolder(partial);
                    return partial;
                }
            }
        } catch (IOException e) {
            throw new RollcallException("incident folder cannot be created path=" + incidents.resolve(name) + " error="
                    + e, e);
        }
        throw new RollcallException("incident folder cannot be created path=" + incidents.resolve(name)
                + " error=all names taken");
    }

    private static Path complete(Path partial) {
        String name = partial.getFileName().toString();
        Path whole = partial.resolveSibling(name.substring(0, name.length() - PARTIAL.length()));
        try {
            return Files.move(partial, whole);
        } catch (IOException e) {
            LOG.warn("incident keeps its partial name path={} error={}", partial, e.toString());
            return partial;
        }
    }

    private static void stacks(Evidence evidence, Path folder, EvidenceSources sources, int ranks) throws IOException {
        Path stacks = folder.resolve("stacks");
        PrivateFiles.createFolder(stacks);
        for (int r = 0; r < ranks; r++) {
            int rank = r;
            String name = "rank-" + r + ".txt";
            part(evidence, "stacks/" + name, () -> {
                String stack = sources.stack(rank);
                if (stack != null) {
                    evidence.stacks.put(rank, stack);
                } else {
                    evidence.silent.add(rank);
                }
                PrivateFiles.write(stacks.resolve(name), stack != null ? stack
                        : "rank " + rank + " did not answer: its pulse thread could not run or had no time\n");
            });
        }
    }

    private void processes(Evidence evidence, Path folder, Incident incident) throws IOException {
        Path out = folder.resolve("proc");
        PrivateFiles.createFolder(out);
        if (incident.window().isEmpty()) {
            return;
        }
        GroupSnapshot last = incident.window().getLast();
        process(evidence, out.resolve("driver.txt"), last.driver().board().process());
        for (RankSnapshot rank : last.ranks()) {
            process(evidence, out.resolve("rank-" + rank.board().rank() + ".txt"), rank.board().process());
        }
    }

    private void process(Evidence evidence, Path file, @Nullable ProcessIdentity process) {
        part(evidence, "proc/" + file.getFileName(), () -> PrivateFiles.write(file,
                process == null ? "not known: the process never told who it is\n" : proc.of(process.pid())));
    }

    private static void flights(Evidence evidence, Path folder, EvidenceSources sources, int ranks)
            throws IOException {
        Path out = folder.resolve("flight");
        PrivateFiles.createFolder(out);
        List<Integer> all = new ArrayList<>(List.of(Verdict.DRIVER));
        for (int r = 0; r < ranks; r++) {
            all.add(r);
        }
        for (int rank : all) {
            String name = rank == Verdict.DRIVER ? "driver.txt" : "rank-" + rank + ".txt";
            part(evidence, "flight/" + name, () -> {
                List<FlightEvent> events = sources.flight(rank);
                if (!events.isEmpty()) {
                    String text = FlightText.of(events);
                    evidence.flights.put(rank, text);
                    PrivateFiles.write(out.resolve(name), text);
                }
            });
        }
    }

    private static void statements(Evidence evidence, Path folder, EvidenceSources sources) throws IOException {
        evidence.statements.putAll(sources.statements());
        if (!evidence.statements.isEmpty()) {
            Path out = folder.resolve("statements");
            PrivateFiles.createFolder(out);
            evidence.statements.forEach((name, text) -> {
                String file = name.replaceAll("[^A-Za-z0-9_-]", "_") + ".txt";
                part(evidence, "statements/" + file, () -> PrivateFiles.write(out.resolve(file), text));
            });
        }
    }

    private static long savedNanos(Evidence evidence, EvidenceSources sources) {
        try {
            return sources.nowNanos();
        } catch (RuntimeException e) {
            evidence.notes.add("time of saving not known error=" + e);
            return 0;
        }
    }

    private static Incident withNotes(Incident i, List<String> notes) {
        return new Incident(i.schema(), i.product(), i.verdict(), i.limitNanos(), i.runnerUp(), i.limits(), i.window(),
                i.verdictTick(), i.self(), i.timeline(), notes);
    }

    /** Something that may fail without taking the rest along. */
    private interface Part {
        void run() throws IOException;
    }

    private static void part(Evidence evidence, String name, Part part) {
        try {
            part.run();
        } catch (IOException | RuntimeException e) {
            evidence.notes.add("not saved: " + name + " error=" + e);
            LOG.warn("incident part not saved part={} error={}", name, e.toString());
        }
    }
}
