package dev.rollcall.tools.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What this process's control group allows it, the tightest of its ancestors' limits. Any thread. Version 2; of version 1
 * only its presence is reported.
 */
final class CgroupChecks {
    private static final String CPU = "cgroup cpu.max";
    private static final String MEMORY = "cgroup memory.max";
    private static final double FEWEST_CPUS = 1;
    /** Eight small JVMs of about 45 MiB each, driver and watchdog. */
    private static final long LEAST_MEMORY = 768L << 20;

    private final Machine machine;

    CgroupChecks(Machine machine) {
        this.machine = machine;
    }

    List<Finding> all() {
        List<String> folders = folders();
        if (folders.isEmpty()) {
            return List.of(Finding.ok("cgroup", "no version 2 hierarchy: limits not read"));
        }
        return List.of(cpu(folders), memory(folders));
    }

    private Finding cpu(List<String> folders) {
        double fewest = Double.MAX_VALUE;
        for (String folder : folders) {
            String text = machine.text(folder + "cpu.max");
            if (text != null && !text.startsWith("max")) {
                String[] quota = text.split(" ", -1);
                fewest = Math.min(fewest, Double.parseDouble(quota[0]) / Double.parseDouble(quota[1]));
            }
        }
        if (fewest == Double.MAX_VALUE) {
            return Finding.ok(CPU, "no limit");
        }
        String found = String.format(Locale.ROOT, "%.2f CPUs", fewest);
        return fewest < FEWEST_CPUS
                ? Finding.warn(CPU, found, "throttled ranks look late; the watchdog will say STARVED: raise the quota")
                : Finding.ok(CPU, found);
    }

    private Finding memory(List<String> folders) {
        long least = Long.MAX_VALUE;
        for (String folder : folders) {
            String text = machine.text(folder + "memory.max");
            if (text != null && !text.equals("max")) {
                least = Math.min(least, Long.parseLong(text));
            }
        }
        if (least == Long.MAX_VALUE) {
            return Finding.ok(MEMORY, "no limit");
        }
        String found = (least >> 20) + " MiB";
        return least < LEAST_MEMORY
                ? Finding.warn(MEMORY, found, "a rehearsal with 8 workers takes about " + (LEAST_MEMORY >> 20)
                        + " MiB; files in /dev/shm count too")
                : Finding.ok(MEMORY, found);
    }

    /** From the process's own group up to the root of what is mounted, each with a final slash. */
    private List<String> folders() {
        String own = ownGroup();
        List<String> folders = new ArrayList<>();
        if (own == null || machine.text("sys/fs/cgroup/cgroup.controllers") == null) {
            return folders;
        }
        String at = own;
        while (!at.isEmpty() && !at.equals("/")) {
            folders.add("sys/fs/cgroup" + at + "/");
            at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
        }
        folders.add("sys/fs/cgroup/");
        return folders;
    }

    private @Nullable String ownGroup() {
        String text = machine.text("proc/self/cgroup");
        return text == null
                ? null
                : text.lines().filter(line -> line.startsWith("0::")).map(line -> line.substring(3)).findFirst()
                        .orElse(null);
    }
}
