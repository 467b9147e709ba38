package dev.rollcall.watchdog.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process is in a frozen control group, in either hierarchy: {@code cgroup.events} of version 2,
 * {@code freezer.state} of version 1. Both tell of a frozen ancestor too. One thread at a time. What cannot be read is not
 * frozen.
 */
final class Cgroups {
    private static final int FIELDS_BEFORE_DASH = 6;
    private static final int ROOT = 3;
    private static final int MOUNT = 4;

    private final Path proc;
    private final @Nullable Mounted unified;
    private final @Nullable Mounted freezer;

    /** Where a hierarchy is to be found, and which of its groups is the one at that place. */
    private record Mounted(String root, Path mount) {
    }

    /** proc and the mount points lie below a root of their own in tests. */
    Cgroups(Path root) {
        proc = root.resolve("proc");
        Mounted two = null;
        Mounted one = null;
        for (String line : lines(proc.resolve("self/mountinfo"))) {
            String[] fields = line.split(" ", -1);
            int dash = Arrays.asList(fields).indexOf("-");
            if (dash < FIELDS_BEFORE_DASH || dash + 3 >= fields.length) {
                continue;
            }
            Mounted here = new Mounted(fields[ROOT], root.resolve(fields[MOUNT].substring(1)));
            if (fields[dash + 1].equals("cgroup2")) {
                two = here;
            } else if (fields[dash + 1].equals("cgroup")
                    && Arrays.asList(fields[dash + 3].split(",", -1)).contains("freezer")) {
                one = here;
            }
        }
        unified = two;
        freezer = one;
    }

    static Cgroups ofThisMachine() {
        return new Cgroups(Path.of("/"));
    }

    boolean isFrozen(int pid) {
        if (unified == null && freezer == null) {
            return false;
        }
        for (String line : lines(proc.resolve(Integer.toString(pid)).resolve("cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            boolean frozen = fields[1].isEmpty() ? says(unified, fields[2], "cgroup.events", "frozen 1")
                    : Arrays.asList(fields[1].split(",", -1)).contains("freezer")
                            && says(freezer, fields[2], "freezer.state", "FROZEN");
            if (frozen) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(@Nullable Mounted hierarchy, String group, String file, String line) {
        Path folder = hierarchy == null ? null : folder(hierarchy, group);
        return folder != null && lines(folder.resolve(file)).contains(line);
    }

    /** Null for a group outside of what is mounted here, as of another container. */
    private static @Nullable Path folder(Mounted hierarchy, String group) {
        String root = hierarchy.root.equals("/") ? "" : hierarchy.root;
        return group.startsWith(root + "/") || group.equals(root)
                ? hierarchy.mount.resolve(group.substring(root.length()).replaceFirst("^/", ""))
                : null;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException gone) {
            return List.of();
        }
    }
}
