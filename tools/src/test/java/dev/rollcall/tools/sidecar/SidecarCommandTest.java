package dev.rollcall.tools.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.Phase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(30)
class SidecarCommandTest {
    @Test
    void shouldLeaveWithTheGroupWhateverItWasAskedToServe(@TempDir Path incidents) {
        try (GroupDirectory directory = GroupDirectory.create(GroupDirectory.newName(), 0);
                Board board = Board.create(directory.boardFile(), 1)) {
            board.asDriver().phase(Phase.CLOSED);

            CommandLine sidecar = new CommandLine(new SidecarCommand()).setCaseInsensitiveEnumValuesAllowed(true);
            int exit = sidecar.execute(directory.path().toString(), "--listen",
                    "127.0.0.1:0", "--on-incident", "true", "--incidents", incidents.toString());

            assertThat(exit).isZero();
            assertThat(board.isWatched()).isFalse();
        }
    }
}
