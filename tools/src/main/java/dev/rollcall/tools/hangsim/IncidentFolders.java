package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Incidents on disk; a folder has its final name once it is whole. Any thread. */
final class IncidentFolders {
    private static final String UNFINISHED = ".partial";

    private IncidentFolders() {
    }

    /** The folder of one verdict, null while there is none. */
    static @Nullable String find(Path incidents, String group, int epoch, long sequence) {
        String prefix = group + "-" + epoch + "-" + sequence + "-";
        try (Stream<Path> folders = Files.list(incidents)) {
            return folders.map(Path::toString)
                    .filter(path -> Path.of(path).getFileName().toString().startsWith(prefix))
                    .filter(path -> !path.endsWith(UNFINISHED))
                    .findFirst().orElse(null);
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list path=" + incidents, e);
        }
    }
}
