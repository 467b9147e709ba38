package dev.rollcall.shm.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.RingConfig;
import dev.rollcall.shm.RingReader;
import dev.rollcall.shm.RingWriter;
import dev.rollcall.shm.testing.Await;
import dev.rollcall.shm.testing.ShmTempDir;
import dev.rollcall.shm.testing.Task;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is the one that is compiled, and it runs. */
class ReadmeTest {
    private static final Path SOURCE = Path.of("src/test/java/dev/rollcall/shm/docs/ReadmeExample.java");

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    @Test
    void shouldShowTheExampleThatIsCompiled() throws IOException {
        String source = Files.readString(SOURCE);
        String example = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end"))
                .stripTrailing().stripIndent();
        assertThat(Files.readString(Path.of("README.md")))
                .contains("<!-- example: " + SOURCE + " -->\n```java\n" + example + "\n```\n<!-- /example -->");
    }

    @Test
    void shouldRun() throws Exception {
        Path file = folder.resolve("ring");
        Task<Void> writing = Task.start(() -> {
            ReadmeExample.write(file, MemorySegment.ofArray(new byte[3_000_000]));
            return null;
        });
        Await.until("ring is there", () -> isComplete(file));
        assertThat(ReadmeExample.read(file, 3)).isEqualTo(2);
        writing.join();
    }

    /** As the page says of who comes first and who deletes. */
    @Test
    void shouldLetReadersComeBeforeTheWriterOnceTheFileIsThere() {
        Path file = folder.resolve("ring");
        assertThatThrownBy(() -> RingReader.join(file, 0)).hasMessageContaining("ENOENT").hasMessageContaining("path=");
        RingWriter.createFile(file, RingConfig.of(1 << 16, 1));
        try (RingReader reader = RingReader.join(file, 0); RingWriter writer = RingWriter.own(file)) {
            assertThat(writer.offer(1, MemorySegment.ofArray(new byte[8]), 0, 8)).isPositive();
            assertThat(reader.poll((type, buffer, offset, length) -> assertThat(type).isEqualTo(1), 10)).isEqualTo(1);
        }
        assertThat(file).exists();
    }

    private static boolean isComplete(Path file) {
        try (var observer = dev.rollcall.shm.RingObserver.open(file)) {
            return observer.status().capacity() > 0;
        } catch (dev.rollcall.shm.RollcallException notYet) {
            return false;
        }
    }
}
