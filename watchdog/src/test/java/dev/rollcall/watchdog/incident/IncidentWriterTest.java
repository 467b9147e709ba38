package dev.rollcall.watchdog.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.FlightEvent;
import dev.rollcall.watchdog.GroupSnapshot;
import dev.rollcall.watchdog.Incident;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentWriterTest {
    @TempDir
    Path root;

    static Incident withWindow(Incident i, List<GroupSnapshot> window) {
        return new Incident(i.schema(), i.product(), i.verdict(), i.limitNanos(), i.runnerUp(), i.limits(), window,
                i.verdictTick(), i.self(), i.timeline(), i.notes());
    }

    /** Sees no process, so that pids made up here never meet real ones. */
    private IncidentWriter writer(Path incidents) {
        return new IncidentWriter(incidents, root.resolve("no-proc"));
    }

    @Test
    void shouldWriteACompleteFolder() {
        Path folder = writer(root.resolve("incidents")).write(Sample.stopped().build(),
                Sample.stopped().sources());
        assertThat(folder).hasFileName("7f3a-1-1-stopped-rank5");
        for (String file : List.of("incident.json", "report.txt", "report.html", "machine.txt", "stacks/rank-0.txt",
                "stacks/rank-7.txt", "proc/rank-0.txt", "proc/rank-7.txt", "proc/driver.txt", "flight/rank-5.txt",
                "flight/driver.txt")) {
            assertThat(folder.resolve(file)).isNotEmptyFile();
        }
        assertThat(folder.resolve("stacks/rank-5.txt")).content().contains("did not answer");
        assertThat(folder.resolve("machine.txt")).content().contains("jdk: ", "/dev/shm: ");
        assertThat(root.resolve("incidents")).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void shouldReadBackFromTheFolder() {
        Incident incident = Sample.spinning().build();
        Path folder = writer(root).write(incident, Sample.spinning().sources());
        assertThat(IncidentReader.read(folder)).isEqualTo(WindowThinning.thin(incident));
        assertThat(IncidentReader.read(folder.resolve("incident.json"))).isEqualTo(WindowThinning.thin(incident));
    }

    @Test
    void shouldKeepEverythingPrivate() throws IOException {
        Path incidents = root.resolve("a/b");
        writer(incidents).write(Sample.pair().build(), Sample.pair().sources());
        try (Stream<Path> all = Files.walk(root.resolve("a"))) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertThat(mode).as("%s", path).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void shouldTellOfAPartThatFailedAndKeepTheRest() {
        Incident incident = Sample.stopped().build();
        Path folder = writer(root).write(incident, new EvidenceSources() {
            @Override
            public List<FlightEvent> flight(int rank) {
                throw new IllegalStateException("board is unmapped");
            }

            @Override
            public @Nullable String stack(int rank) {
                if (rank == 3) {
                    throw new RollcallException("torn stack area rank=3");
                }
                return "stack of " + rank;
            }

            @Override
            public long nowNanos() {
                throw new IllegalStateException("no clock");
            }
        });
        Incident saved = IncidentReader.read(folder);
        assertThat(saved.notes()).contains("syscall not read: ptrace_scope=1")
                .anyMatch(n -> n.contains("stacks/rank-3.txt") && n.contains("torn stack area"))
                .anyMatch(n -> n.contains("flight/rank-0.txt") && n.contains("board is unmapped"));
        assertThat(folder.resolve("report.html")).content().contains("torn stack area rank=3");
        assertThat(folder.resolve("report.txt")).content().contains("torn stack area rank=3");
        assertThat(folder.resolve("stacks/rank-2.txt")).hasContent("stack of 2");
    }

    @Test
    void shouldSayThatAProcessIsGone() {
        Path folder = writer(root).write(Sample.pair().build(),
                EvidenceSources.none());
        assertThat(folder.resolve("proc/rank-1.txt")).content().contains("is gone");
        assertThat(folder.resolve("report.html")).exists();
    }

    @Test
    void shouldTellOfTheMachine() {
        String text = MachineFacts.text(MachineFacts.read(Path.of("/proc"), Path.of("/sys/fs/cgroup")));
        assertThat(text).contains("kernel: ", "load average: ", "memory: MemTotal:", "jdk: 2", "/dev/shm: ");
    }

    @Test
    void shouldRehearseWithoutLeavingAnything() {
        new IncidentWriter(root.resolve("incidents")).warmUp();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void shouldReadTheThreadsOfALivingProcess() {
        String text = new ProcText(Path.of("/proc")).of((int) ProcessHandle.current().pid());
        assertThat(text).contains("/status", "State:", "== thread ", "wchan: ", "schedstat: ");
        assertThat(text).doesNotContain("environ");
    }

    @Test
    void shouldNotWriteOverAnEarlierIncident() {
        IncidentWriter writer = writer(root);
        Incident incident = Sample.pair().build();
        Path first = writer.write(incident, EvidenceSources.none());
        Path second = writer.write(incident, EvidenceSources.none());
        assertThat(second).isNotEqualTo(first).hasFileName(first.getFileName() + ".2");
        assertThat(IncidentReader.read(first)).isEqualTo(IncidentReader.read(second));
    }

    @Test
    void shouldSayThatTheFolderCannotBeCreated() throws IOException {
        Path file = Files.writeString(root.resolve("occupied"), "a file, not a folder");
        Path inside = file.resolve("incidents");
        assertThatThrownBy(() -> IncidentWriter.checkWritable(inside)).isInstanceOf(RollcallException.class)
                .hasMessageContaining("not writable").hasMessageContaining(inside.toString());
        assertThatThrownBy(() -> IncidentWriter.checkWritable(file)).isInstanceOf(RollcallException.class);
        assertThatThrownBy(() -> writer(inside).write(Sample.pair().build(), EvidenceSources.none()))
                .isInstanceOf(RollcallException.class).hasMessageContaining("cannot be created");
    }

    @Test
    void shouldLeaveNothingBehindAfterTheCheck() {
        Path incidents = root.resolve("new/incidents");
        IncidentWriter.checkWritable(incidents);
        assertThat(incidents).isEmptyDirectory();
    }

    @Test
    void shouldNeverLeaveTheIncidentsFolder() {
        Sample sample = Sample.pair();
        Incident incident = sample.build();
        List<GroupSnapshot> renamed = incident.window().stream()
                .map(s -> new GroupSnapshot(s.tick(), s.atNanos(), s.lateNanos(), "../../etc/x", s.epoch(), s.driver(),
                        s.ranks(), s.inFlight(), s.requests(), s.replies()))
                .toList();
        Path folder = writer(root).write(withWindow(incident, renamed), EvidenceSources.none());
        assertThat(folder.getParent()).isEqualTo(root);
        assertThat(folder).isDirectory();
    }

    @Test
    void shouldWriteAnIncidentWithoutSnapshots() {
        Path folder = writer(root).write(withWindow(Sample.stopped().build(), List.of()),
                EvidenceSources.none());
        assertThat(folder).hasFileName("unknown-0-1-stopped-rank5");
        assertThat(folder.resolve("report.html")).content().contains("Rank 5 stopped", "no picture");
        assertThat(IncidentReader.read(folder).notes()).hasSize(1);
    }
}
