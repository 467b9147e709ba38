package dev.rollcall.tools.inspect;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.tools.console.UnfitException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups as a command line names them: by folder, or by the name or name-epoch of one of this user's. Any thread. */
public final class Groups {
    private Groups() {
    }

    /**
     * The folder of a group that lives.
     *
     * @param group a path with a slash in it, which is taken as it is, or a name
     * @return the newest epoch of that name
     * @throws UnfitException when there is none
     */
    public static Path living(String group) {
        if (group.contains("/")) {
            Path path = Path.of(group);
            if (!Files.isDirectory(path)) {
                throw new UnfitException("no such group: " + group);
            }
            return path;
        }
        return named(group).stream().filter(GroupDirectory.Info::live).map(GroupDirectory.Info::path).findFirst()
                .orElseThrow(
                        () -> new UnfitException("no living group is called " + group + " (see rollcall inspect)"));
    }

    /** The folder of a group, living if one does; null when there is none. */
    static @Nullable Path any(String group) {
        if (group.contains("/")) {
            Path path = Path.of(group);
            return Files.isDirectory(path) ? path : null;
        }
        return named(group).stream().map(GroupDirectory.Info::path).findFirst().orElse(null);
    }

    /** Living ones first, then newest epoch first. */
    private static List<GroupDirectory.Info> named(String group) {
        return GroupDirectory.list().stream()
                .filter(info -> info.group().equals(group) || (info.group() + "-" + info.epoch()).equals(group))
                .sorted(Comparator.comparing(GroupDirectory.Info::live).thenComparing(GroupDirectory.Info::epoch)
                        .reversed())
                .toList();
    }
}
