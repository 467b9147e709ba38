package dev.rollcall.tools.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.Linux;
import dev.rollcall.tools.console.UnfitException;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that this user may not look into. Where it is root's, this thread asks for files as somebody else. */
class IncidentsTest {
    private static final int SOMEBODY_ELSE = 65_534;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle ASK_AS =
            LINKER.downcallHandle(LINKER.defaultLookup().find("setfsuid").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    @TempDir
    private Path temp;
    private Path incidents;
    private Path saved;

    @BeforeEach
    void save() throws IOException {
        incidents = Files.createDirectory(temp.resolve("incidents"));
        saved = Files.createDirectory(incidents.resolve("x"));
        Files.writeString(saved.resolve("incident.json"), "{}");
        mode(temp, "rwx--x--x");
        // whose classes somebody else might not be able to load
        assertThatThrownBy(() -> Incidents.all(temp.resolve("absent"))).isInstanceOf(UnfitException.class);
        assertThat(new RollcallException("loaded")).hasMessage("loaded");
    }

    @AfterEach
    void open() throws IOException {
        mode(incidents, "rwxr-xr-x");
        mode(saved, "rwxr-xr-x");
    }

    @Test
    void shouldFindWhatMayBeRead() throws IOException {
        assertThat(Incidents.find(Path.of("x"), incidents)).isEqualTo(saved);
        assertThat(Incidents.find(saved, incidents)).isEqualTo(saved);
        assertThatThrownBy(() -> Incidents.find(Path.of("y"), incidents)).isInstanceOf(UnfitException.class)
                .hasMessageStartingWith("no such incident: y");
    }

    @Test
    void shouldSayThatItMayNotLookRatherThanThatThereIsNone() throws Throwable {
        mode(incidents, "---------");
        refused(() -> Incidents.find(Path.of("x"), incidents));
        refused(() -> Incidents.all(saved));
        mode(incidents, "rwx--x--x");
        mode(saved, "---------");
        refused(() -> Incidents.find(Path.of("x"), incidents));
    }

    private void refused(ThrowingCallable look) throws Throwable {
        int _ = (int) ASK_AS.invokeExact(SOMEBODY_ELSE);
        try {
            assertThatThrownBy(look).isInstanceOf(RollcallException.class).isNotInstanceOf(UnfitException.class)
                    .hasMessageStartingWith("incident not readable path=" + saved)
                    .hasMessageContaining("AccessDeniedException");
        } finally {
            int _ = (int) ASK_AS.invokeExact(Linux.uid());
        }
    }

    private static void mode(Path folder, String mode) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }
}
