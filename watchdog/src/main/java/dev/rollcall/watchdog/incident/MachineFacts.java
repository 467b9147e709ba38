package dev.rollcall.watchdog.incident;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine at the time of the incident: could it have been the machine? Any thread; reads files, starts nothing. */
final class MachineFacts {
    private static final long MIB = 1024 * 1024;

    private MachineFacts() {
    }

    /** Name and value, in the order to show them. What cannot be read is left out. */
    static Map<String, String> read(Path proc, Path cgroup) {
        Map<String, String> facts = new LinkedHashMap<>();
        put(facts, "kernel", proc.resolve("sys/kernel/osrelease"));
        facts.put("jdk", Runtime.version() + " (" + System.getProperty("java.vm.name", "?") + ")");
        facts.put("architecture", System.getProperty("os.arch", "?"));
        facts.put("cpus", Integer.toString(Runtime.getRuntime().availableProcessors()));
        put(facts, "load average", proc.resolve("loadavg"));
        put(facts, "uptime and idle, s", proc.resolve("uptime"));
        put(facts, "cpu pressure", proc.resolve("pressure/cpu"));
        put(facts, "memory pressure", proc.resolve("pressure/memory"));
        put(facts, "io pressure", proc.resolve("pressure/io"));
        memory(facts, proc.resolve("meminfo"));
        Path own = ownCgroup(proc, cgroup);
        for (String name : new String[]{"cpu.max", "cpu.stat", "cgroup.freeze", "memory.max", "memory.current",
                "memory.events"}) {
            put(facts, name, own.resolve(name));
        }
        shm(facts);
        return facts;
    }

    /** One fact per line; further lines of a fact are indented below it. */
    static String text(Map<String, String> facts) {
        StringBuilder text = new StringBuilder(2048);
        facts.forEach((name, value) -> text.append(name).append(": ").append(value.replace("\n", "\n    "))
                .append('\n'));
        return text.toString();
    }

    /** The unified hierarchy's folder of this process; inside a container that is the root of what is mounted. */
    private static Path ownCgroup(Path proc, Path cgroup) {
        for (String line : ProcText.head(proc.resolve("self/cgroup")).split("\n", -1)) {
            if (line.startsWith("0::/")) {
                Path own = cgroup.resolve(line.substring("0::/".length()));
                return Files.isDirectory(own) ? own : cgroup;
            }
        }
        return cgroup;
    }

    private static void memory(Map<String, String> facts, Path meminfo) {
        StringBuilder chosen = new StringBuilder();
        for (String line : readable(meminfo).split("\n", -1)) {
            if (line.startsWith("MemTotal:") || line.startsWith("MemAvailable:") || line.startsWith("Shmem:")
                    || line.startsWith("SwapFree:")) {
                chosen.append(chosen.isEmpty() ? "" : ", ").append(line.replaceAll("\\s+", " "));
            }
        }
        if (!chosen.isEmpty()) {
            facts.put("memory", chosen.toString());
        }
    }

    private static void shm(Map<String, String> facts) {
        try {
            FileStore store = Files.getFileStore(Path.of("/dev/shm"));
            facts.put("/dev/shm", store.getUsableSpace() / MIB + " MiB free of " + store.getTotalSpace() / MIB
                    + " MiB");
        } catch (IOException e) {
            facts.put("/dev/shm", "not read: " + e.getMessage());
        }
    }

    private static void put(Map<String, String> facts, String name, Path file) {
        String value = readable(file);
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    private static String readable(Path file) {
        return Files.isReadable(file) ? ProcText.head(file) : "";
    }
}
