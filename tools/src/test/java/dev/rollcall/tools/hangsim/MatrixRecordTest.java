package dev.rollcall.tools.hangsim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.UnfitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the matrix says what the rows beside it say, and the published one has a row for every case. */
class MatrixRecordTest {
    private static final String PUBLISHED = "watchdog/MATRIX.md";

    @TempDir
    private Path folder;

    @Test
    void shouldPublishARowForEveryCaseAndNoneThatWasWrong() throws IOException {
        Path page = root().resolve(PUBLISHED);
        List<JsonNode> rows = new MatrixRecord(page).rows();

        assertThat(rows).extracting(row -> row.path("case").asText())
                .containsExactlyElementsOf(Arrays.stream(MatrixCase.values()).map(MatrixCase::option).toList());
        assertThat(rows).allMatch(row -> row.path("ok").asBoolean());
        assertThat(Files.readAllLines(page)).isEqualTo(MatrixPage.of(rows));
    }

    @Test
    void shouldKeepWhatIsThereUntilTheCaseIsRunAgain() throws IOException {
        Path page = folder.resolve("m.md");
        new MatrixRecord(page).add(row(MatrixCase.STOP, Outcomes.of(Fault.STOP, 5)), 0.5);
        Outcomes wrong = Outcomes.of(Fault.SPIN, 5);
        wrong.namedRank = 4;
        new MatrixRecord(page).add(row(MatrixCase.SPIN, wrong), 1);

        assertThat(Files.readString(page)).contains("| SIGSTOP | rank 5 | STOPPED |",
                "**wrong**: named rank 4 SPINNING, it was rank 5 SPINNING", "1 of 2 faults", "0.5 to 1.0");

        new MatrixRecord(page).add(row(MatrixCase.SPIN, Outcomes.of(Fault.SPIN, 5)), 1);
        new MatrixRecord(page).add(new MatrixRow(MatrixCase.FINE_GDB, List.of(), "no gdb"), 1);

        assertThat(Files.readString(page))
                .contains("2 of 2 faults", "0 of 1 that are none", "not run: gdb attached 5 s",
                        "not run: no gdb")
                .doesNotContain("**wrong**");
        assertThat(new MatrixRecord(page).rows()).hasSize(3);
    }

    @Test
    void shouldRefuseANameThatIsNoPages() {
        assertThatThrownBy(() -> new MatrixRecord(folder.resolve("matrix.txt"))).isInstanceOf(UnfitException.class)
                .hasMessageContaining("NAME.md");
    }

    @Test
    void shouldRefuseAPageThatCannotBeWrittenBeforeAnythingIsPlayed() throws IOException {
        new MatrixRecord(folder.resolve("m.md")).requireWritable();
        assertThat(folder).isEmptyDirectory();
        MatrixRecord nowhere = new MatrixRecord(folder.resolve("none/m.md"));
        assertThatThrownBy(nowhere::requireWritable).isInstanceOf(UnfitException.class)
                .hasMessageContaining("none/m.md (no such folder)");
        Files.createDirectory(folder.resolve("folder.md"));
        assertThatThrownBy(new MatrixRecord(folder.resolve("folder.md"))::requireWritable)
                .isInstanceOf(UnfitException.class).hasMessageContaining("(a folder)");

        assertThatThrownBy(() -> nowhere.add(row(MatrixCase.STOP, Outcomes.of(Fault.STOP, 5)), 1))
                .as("it broke on the way").isInstanceOf(RollcallException.class)
                .isNotInstanceOf(UnfitException.class).hasMessageContaining("cannot record: path=");
    }

    private static MatrixRow row(MatrixCase what, Outcomes seen) {
        seen.options = what.options(8, Duration.ofSeconds(1), Path.of("incidents"));
        return new MatrixRow(what, List.of(seen.build()), null);
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
