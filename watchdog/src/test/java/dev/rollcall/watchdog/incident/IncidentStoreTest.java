package dev.rollcall.watchdog.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentStoreTest {
    @TempDir
    Path root;

    @Test
    void shouldListNothingWhereNothingIs() {
        assertThat(new IncidentStore(root.resolve("none")).list()).isEmpty();
    }

    @Test
    void shouldListTheNewestFirst() throws IOException {
        saved("b", 2_000, 10);
        saved("a", 3_000, 10);
        saved("c", 1_000, 10);
        Files.createDirectory(root.resolve("not-an-incident"));
        Files.createDirectory(root.resolve("d.partial"));
        Files.writeString(root.resolve("d.partial/incident.json"), "{}");
        assertThat(new IncidentStore(root).list()).extracting(IncidentStore.Entry::name).containsExactly("a", "b", "c");
    }

    @Test
    void shouldKeepTheNewestByCount() throws IOException {
        for (int i = 1; i <= 5; i++) {
            saved("i" + i, i * 1000L, 10);
        }
        Files.writeString(Files.createDirectory(root.resolve("mine")).resolve("notes.md"), "keep");
        List<IncidentStore.Entry> deleted = new IncidentStore(root).retain(2, Long.MAX_VALUE);
        assertThat(deleted).extracting(IncidentStore.Entry::name).containsExactly("i3", "i2", "i1");
        assertThat(root.resolve("i5")).exists();
        assertThat(root.resolve("i1")).doesNotExist();
        assertThat(root.resolve("mine/notes.md")).exists();
    }

    @Test
    void shouldKeepTheNewestByBytesAndAlwaysOne() throws IOException {
        saved("old", 1_000, 600);
        saved("middle", 2_000, 600);
        saved("new", 3_000, 600);
        assertThat(new IncidentStore(root).retain(10, 1_250)).extracting(IncidentStore.Entry::name)
                .containsExactly("old");
        new IncidentStore(root).retain(0, 0);
        assertThat(new IncidentStore(root).list()).extracting(IncidentStore.Entry::name).containsExactly("new");
    }

    @Test
    void shouldGoOnWithADeletionThatWasCutOff() throws IOException {
        saved("new", 3_000, 600);
        Files.createDirectories(root.resolve("a.old.partial").resolve("stacks"));
        Files.createDirectory(root.resolve("b.partial"));
        assertThat(new IncidentStore(root).retain(10, Long.MAX_VALUE)).isEmpty();
        assertThat(root.resolve("a.old.partial")).doesNotExist();
        assertThat(root.resolve("b.partial")).as("somebody may be writing it").exists();
    }

    private void saved(String name, long millis, int bytes) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name).resolve("stacks")).getParent();
        Files.write(folder.resolve("incident.json"), new byte[bytes]);
        Files.setLastModifiedTime(folder, FileTime.fromMillis(millis));
    }
}
