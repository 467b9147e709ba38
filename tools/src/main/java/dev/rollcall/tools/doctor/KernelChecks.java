package dev.rollcall.tools.doctor;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.SharedFile;
import dev.rollcall.shm.WaitCell;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import java.nio.file.Path;
import java.util.List;

/** Checks that do for a moment what a group does, since only that shows whether a sandbox allows it. Any thread. */
final class KernelChecks {
    private static final String LOCK = "OFD lock";
    private static final String FUTEX = "futex";
    private static final String PIDFD = "pidfd";
    private static final long WAIT_NANOS = 2_000_000L;

    private KernelChecks() {
    }

    static List<Finding> all() {
        return List.of(lockAndFiles(), futex(), pidfd());
    }

    private static Finding lockAndFiles() {
        try (GroupDirectory born = GroupDirectory.create(GroupDirectory.newName(), 0);
                GroupDirectory seen = GroupDirectory.attach(born.path())) {
            return seen.isLive()
                    ? Finding.ok(LOCK, "a group can be created and is seen to be alive")
                    : Finding.fail(LOCK, "the lock of a living group is not seen", "run on a local tmpfs");
        } catch (RollcallException | java.io.UncheckedIOException e) {
            return refused(LOCK, e);
        }
    }

    private static Finding futex() {
        try (GroupDirectory group = GroupDirectory.create(GroupDirectory.newName(), 0)) {
            Path file = group.file("doctor");
            try (SharedFile shared = SharedFile.create(file, WaitCell.BYTES)) {
                WaitCell cell = new WaitCell(shared.memory(), 0);
                long start = System.nanoTime();
                boolean woken = cell.await(() -> false, WAIT_NANOS);
                boolean waited = System.nanoTime() - start >= WAIT_NANOS;
                cell.signal();
                return !woken && waited
                        ? Finding.ok(FUTEX, "waits in shared memory")
                        : Finding.fail(FUTEX, "did not wait", "the sandbox must allow futex on shared memory");
            }
        } catch (RollcallException | java.io.UncheckedIOException e) {
            return refused(FUTEX, e);
        }
    }

    private static Finding pidfd() {
        try (PidFd self = PidFd.open(ProcessIdentity.self())) {
            return self != null && !self.isDead()
                    ? Finding.ok(PIDFD, "processes can be held by descriptor")
                    : Finding.fail(PIDFD, "this process is said to be dead",
                            "/proc must show this container's own processes");
        } catch (RollcallException e) {
            return refused(PIDFD, e);
        }
    }

    private static Finding refused(String check, RuntimeException e) {
        return Finding.fail(check, String.valueOf(e.getMessage()),
                "the kernel (5.3 or newer) or the sandbox does not allow it");
    }
}
