package dev.rollcall.tools.hangsim;

import java.util.List;

/**
 * The processes of a rehearsal, for whoever does something to them.
 *
 * @param driver  the driver
 * @param sidecar the watchdog
 * @param scene   the group
 * @param victim  the rank it is about
 */
record Cast(Child driver, Child sidecar, Scene scene, int victim) {
    int victimPid() {
        return scene.pids().get(victim);
    }

    List<Integer> workerPids() {
        return scene.pids();
    }
}
