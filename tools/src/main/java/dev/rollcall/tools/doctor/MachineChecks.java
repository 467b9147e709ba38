package dev.rollcall.tools.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks that read what the machine says of itself. Any thread. */
final class MachineChecks {
    /** What the default group of eight takes, with a little room. */
    static final long GROUP_BYTES = 24L << 20;
    private static final long COMFORTABLE_BYTES = 64L << 20;
    private static final int JDK = 25;
    private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

    private final Machine machine;

    MachineChecks(Machine machine) {
        this.machine = machine;
    }

    List<Finding> all() {
        return List.of(jdk(Runtime.version().feature()), jcmd(Path.of(System.getProperty("java.home"))), sharedMemory(),
                ptraceScope(), pidNamespace());
    }

    static Finding jdk(int feature) {
        String found = "Java " + feature + " (" + System.getProperty("java.home") + ")";
        return feature >= JDK
                ? Finding.ok("jdk", found)
                : Finding.fail("jdk", found, "install JDK " + JDK + " or newer and set JAVA_HOME");
    }

    static Finding jcmd(Path javaHome) {
        Path jcmd = javaHome.resolve("bin/jcmd");
        return Files.isExecutable(jcmd)
                ? Finding.ok("jcmd", jcmd.toString())
                : Finding.warn("jcmd", "not in " + jcmd.getParent(),
                        "use a full JDK, or an image with jdk.jcmd: workers report their own stacks, jcmd adds to them");
    }

    private Finding sharedMemory() {
        FileStore store = machine.store("dev/shm");
        if (store == null) {
            return Finding.fail("/dev/shm", "not there", "mount a tmpfs on /dev/shm");
        }
        try {
            return sharedMemory(store.type(), store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Finding sharedMemory(String type, long size, long free) {
        String found = type + " " + mib(size) + " MiB, " + mib(free) + " MiB free";
        if (!type.equals("tmpfs")) {
            return Finding.fail("/dev/shm", found,
                    "must be a tmpfs: shared words on a disk would be written back to it");
        }
        if (free < GROUP_BYTES) {
            return Finding.fail("/dev/shm", found, "the default group takes up to " + mib(GROUP_BYTES)
                    + " MiB: 'rollcall clean', or a larger one (docker run --shm-size=256m)");
        }
        return free < COMFORTABLE_BYTES
                ? Finding.warn("/dev/shm", found, "room for one group of 8; for more: docker run --shm-size=256m")
                : Finding.ok("/dev/shm", found);
    }

    Finding ptraceScope() {
        String scope = machine.text("proc/sys/kernel/yama/ptrace_scope");
        if (scope == null) {
            return Finding.ok("ptrace scope", "not restricted (no Yama)");
        }
        return switch (scope) {
            case "0" -> Finding.ok("ptrace scope", "0, not restricted");
            case "1" -> Finding.ok("ptrace scope", "1, debuggers may attach to their own children only");
            default -> Finding.warn("ptrace scope", scope,
                    "native stacks (gdb, py-spy) will be missing from incidents; /proc and Java stacks are not affected");
        };
    }

    Finding pidNamespace() {
        String namespace = machine.link("proc/self/ns/pid");
        if (namespace == null) {
            return Finding.warn("pid namespace", "cannot be read",
                    "identities will lack it; keep a group in one container");
        }
        return namespace.equals(INITIAL_PID_NAMESPACE)
                ? Finding.ok("pid namespace", namespace + ", the host's")
                : Finding.ok("pid namespace", namespace + ", a container's: run the watchdog in the same one");
    }

    private static long mib(long bytes) {
        return bytes >> 20;
    }
}
