package dev.rollcall.shm;

import java.nio.file.Path;

/** Groups below a folder of one's own, so that a process stopped under the folder's lock stands in nobody else's way. */
public final class GroupRoots {
    private GroupRoots() {
    }

    public static GroupDirectory create(Path root, String group, int epoch) {
        return GroupDirectory.create(root, group, epoch);
    }

    public static GroupDirectory.SweepReport sweep(Path root) {
        return GroupDirectory.sweep(root);
    }
}
