package dev.rollcall.tools.hangsim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A control group made for one case, below the one the processes are in, of either version of the hierarchy. Ending it
 * puts the processes back and removes it. One thread.
 */
final class Cgroup implements Circumstance.Running {
    private static final int ROOT = 3;
    private static final int MOUNT = 4;
    private static final String PERIOD = "100000";
    private static final String QUOTA = "20000";

    private final Path parent;
    private final Path folder;
    private final List<Integer> pids;
    private final @Nullable Setting undo;

    /** A file in the group, and what to write there. */
    private record Setting(String file, String value) {
    }

    private Cgroup(Path parent, List<Integer> pids, @Nullable Setting undo) throws IOException {
        this.parent = parent;
        this.pids = pids;
        this.undo = undo;
        folder = Files.createDirectory(parent.resolve("rollcall-hangsim-" + ProcessHandle.current().pid()));
    }

    static Cgroup freeze(int pid) {
        return version2("") != null
                ? start(version2(""), List.of(pid), List.of(new Setting("cgroup.freeze", "1")),
                        new Setting("cgroup.freeze", "0"))
                : start(version1("freezer"), List.of(pid), List.of(new Setting("freezer.state", "FROZEN")),
                        new Setting("freezer.state", "THAWED"));
    }

    static Cgroup limitCpu(List<Integer> pids) {
        return version2("cpu") != null
                ? start(version2("cpu"), pids, List.of(new Setting("cpu.max", QUOTA + " " + PERIOD)), null)
                : start(version1("cpu"), pids, List.of(new Setting("cpu.cfs_period_us", PERIOD),
                        new Setting("cpu.cfs_quota_us", QUOTA)), null);
    }

    private static Cgroup start(@Nullable Path parent, List<Integer> pids, List<Setting> settings,
            @Nullable Setting undo) {
        if (parent == null) {
            throw new NotRunException("no control groups are mounted for it");
        }
        try {
            Cgroup group = new Cgroup(parent, pids, undo);
            try {
                group.move(group.folder);
                for (Setting each : settings) {
                    Files.writeString(group.folder.resolve(each.file), each.value);
                }
                return group;
            } catch (IOException e) {
                group.end();
                throw e;
            }
        } catch (IOException e) {
            throw new NotRunException("no rights on control groups: " + e);
        }
    }

    private void move(Path target) throws IOException {
        for (int pid : pids) {
            if (ProcessHandle.of(pid).isPresent()) {
                Files.writeString(target.resolve("cgroup.procs"), Integer.toString(pid));
            }
        }
    }

    @Override
    public void end() {
        try {
            if (undo != null) {
                Files.writeString(folder.resolve(undo.file), undo.value);
            }
            move(parent);
            Files.delete(folder);
        } catch (IOException e) {
            System.err.println("rollcall: a control group was left path=" + folder + " error=" + e);
        }
    }

    /** Where groups of version 2 may be made that have this controller; "" for the freezer, which all have. */
    private static @Nullable Path version2(String controller) {
        Path folder = find("cgroup2", "", 0);
        if (folder == null || !Files.isWritable(folder)) {
            return null;
        }
        String given = text(folder.resolve("cgroup.subtree_control"));
        return controller.isEmpty() || Arrays.asList(given.split("\\s+", -1)).contains(controller) ? folder : null;
    }

    private static @Nullable Path version1(String controller) {
        return find("cgroup", controller, 1);
    }

    /** This process's own group in the hierarchy of that type. */
    private static @Nullable Path find(String type, String controller, int version) {
        for (String line : text(Path.of("/proc/self/mountinfo")).split("\n", -1)) {
            List<String> fields = Arrays.asList(line.split(" ", -1));
            int dash = fields.indexOf("-");
            boolean fits = dash > MOUNT && fields.get(dash + 1).equals(type) && (version == 0
                    || Arrays.asList(fields.getLast().split(",", -1)).contains(controller));
            if (fits) {
                return own(Path.of(fields.get(MOUNT)), fields.get(ROOT), controller);
            }
        }
        return null;
    }

    private static @Nullable Path own(Path mount, String root, String controller) {
        for (String line : text(Path.of("/proc/self/cgroup")).split("\n", -1)) {
            String[] fields = line.split(":", 3);
            boolean fits = fields.length == 3 && Arrays.asList(fields[1].split(",", -1)).contains(controller);
            if (fits && (root.equals("/") || fields[2].startsWith(root))) {
                String below = root.equals("/") ? fields[2] : fields[2].substring(root.length());
                return mount.resolve(below.replaceFirst("^/", ""));
            }
        }
        return null;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
