package dev.rollcall.tools.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import dev.rollcall.watchdog.HealthCheck;
import dev.rollcall.watchdog.WatchdogListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog's README shows what is compiled, and knows every kind. */
@Timeout(30)
class WatchdogReadmeTest {
    private static final String EXAMPLE = "tools/src/test/java/dev/rollcall/tools/docs/WatchExample.java";

    @Test
    void shouldWatchUntilTheGroupIsClosed(@TempDir Path incidents) {
        try (GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 0);
                Board board = Board.create(directory.boardFile(), 1)) {
            board.asDriver().phase(Phase.CLOSED);

            HealthCheck check = WatchExample.watch(directory.path(), incidents, WatchdogListener.NONE);

            assertThat(check.status()).isEqualTo(HealthCheck.Status.GONE);
        }
    }

    @Test
    void shouldShowTheExampleThatIsCompiled() throws IOException {
        String source = Files.readString(root().resolve(EXAMPLE));
        String example = source.substring(
                source.indexOf("// example") + "// example".length(), source.indexOf("// end of example"));
        assertThat(readme()).contains(example.stripIndent().strip());
    }

    @Test
    void shouldExplainEveryKind() throws IOException {
        for (HangKind kind : HangKind.values()) {
            assertThat(readme()).contains(kind.name());
        }
    }

    private static String readme() throws IOException {
        return Files.readString(root().resolve("watchdog/README.md"));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("rollcall"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside the repository: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }
}
