package dev.rollcall.watchdog.probe;

import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.watchdog.ProcessFacts;
import dev.rollcall.watchdog.ThreadFacts;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of the group: its pidfd and its two threads that matter. One thread at a time. Follows the identity on the
 * board, which is not there yet while the process starts.
 */
final class ProcessProbe implements AutoCloseable {
    private static final ProcessFacts DEAD = ProcessFacts.of(true, null, null);
    /** So many readings without a beat: from then on its threads are counted. */
    private static final int STILL_READINGS = 8;

    private final long ownNamespace;
    private final Cgroups cgroups;
    private @Nullable ProcessIdentity identity;
    private @Nullable PidFd pidFd;
    private @Nullable ThreadProbe loop;
    private @Nullable ThreadProbe pulse;
    private long lastPulses = -1;
    private int stillReadings;
    private boolean elsewhere;
    private boolean dead;

    ProcessProbe(long ownNamespace, Cgroups cgroups) {
        this.ownNamespace = ownNamespace;
        this.cgroups = cgroups;
    }

    ProcessFacts read(@Nullable ProcessIdentity process, int loopTid, int pulseTid, long pulses,
            ByteBuffer buffer, Depth depth, Consumer<String> missing) {
        if (process == null) {
            return ProcessFacts.NONE;
        }
        if (!process.equals(identity)) {
            close();
            identity = process;
            dead = false;
            elsewhere = isElsewhere(process, missing);
        }
        if (pidFd == null && !dead && !elsewhere) {
            open(process, missing);
        }
        if (dead) {
            return DEAD;
        }
        if (pidFd == null) {
            return ProcessFacts.NONE;
        }
        boolean complete = depth == Depth.COMPLETE;
        loop = follow(loop, process.pid(), loopTid);
        ThreadFacts loopFacts = loop == null ? null : loop.read(buffer, depth, missing);
        // A thread that lives is proof enough that its process does.
        if (!isAlive(loopFacts) && pidFd.isDead()) {
            dead = true;
            return DEAD;
        }
        stillReadings = pulses == lastPulses ? stillReadings + 1 : 0;
        lastPulses = pulses;
        if (!complete) {
            return ProcessFacts.of(false, loopFacts, null);
        }
        pulse = follow(pulse, process.pid(), pulseTid);
        int awake = stillReadings >= STILL_READINGS ? ThreadCount.awake(process.pid(), loopTid, buffer) : -1;
        return new ProcessFacts(false, cgroups.isFrozen(process.pid()), awake, loopFacts,
                pulse == null ? null : pulse.read(buffer, Depth.COMPLETE, missing));
    }

    private static boolean isAlive(@Nullable ThreadFacts thread) {
        return thread != null && thread.state() != 'X' && thread.state() != 'Z';
    }

    private boolean isElsewhere(ProcessIdentity process, Consumer<String> missing) {
        boolean other = process.pidNamespace() != 0 && ownNamespace != 0 && process.pidNamespace() != ownNamespace;
        if (other) {
            missing.accept(
                    "pid " + process.pid() + " lives in another pid namespace: no facts from /proc and no pidfd");
        }
        return other;
    }

    /** Tried again in the next tick when it fails. */
    private void open(ProcessIdentity process, Consumer<String> missing) {
        try {
            pidFd = PidFd.open(process);
            dead = pidFd == null;
        } catch (RollcallException e) {
            // Who cannot look, for want of descriptors say, does not know; that nobody has its number is plain without any.
            dead = Files.notExists(Path.of("/proc/" + process.pid()));
            if (!dead) {
                missing.accept("no pidfd of pid " + process.pid() + ": " + e.getMessage());
            }
        }
    }

    private static @Nullable ThreadProbe follow(@Nullable ThreadProbe probe, int pid, int tid) {
        if (probe != null && probe.tid() == tid) {
            return probe;
        }
        if (probe != null) {
            probe.close();
        }
        return tid <= 0 ? null : new ThreadProbe(Path.of("/proc/" + pid + "/task/" + tid), tid);
    }

    @Override
    public void close() {
        if (pidFd != null) {
            pidFd.close();
            pidFd = null;
        }
        if (loop != null) {
            loop.close();
            loop = null;
        }
        if (pulse != null) {
            pulse.close();
            pulse = null;
        }
        identity = null;
    }
}
