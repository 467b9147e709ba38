package dev.rollcall.stress.kill;

import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.PidFd;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where one case is played: its folder, its processes, its victim, and the ledger of all that is met. One thread. */
final class Stage implements AutoCloseable {
    static final String NOT_REACHED = "step was not reached";

    private static final Duration REACH = Duration.ofSeconds(60);
    private static final Duration SIGNALLED = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 1_000_000;

    private final Case played;
    private final Path folder;
    private final Hold hold;
    private final Ledger ledger = new Ledger();
    private final List<Jvm> started = new ArrayList<>();
    private final List<Runnable> atEnd = new ArrayList<>();
    private final boolean sweeps;
    private @Nullable PidFd victim;

    /** The step was never come to. */
    static final class NotReachedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotReachedException(String message) {
            super(message);
        }
    }

    Stage(Case played, Path folder, boolean sweeps) throws IOException {
        this.played = played;
        this.folder = Files.createDirectory(folder);
        this.hold = new Hold(played.label(), folder.resolve("hold"));
        this.sweeps = sweeps;
    }

    Path folder() {
        return folder;
    }

    /** A group name that is this case's alone. */
    String group() {
        return "kill" + ProcessHandle.current().pid() + "." + folder.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    Ledger ledger() {
        return ledger;
    }

    String label() {
        return played.label();
    }

    boolean isKill() {
        return played.fate() == Fate.KILL && !isRehearsal();
    }

    boolean isStop() {
        return played.fate() == Fate.STOP && !isRehearsal();
    }

    /** Nothing happens to anybody: the steps are noted. */
    boolean isRehearsal() {
        return played.label().equals(Hold.EVERYTHING);
    }

    /** Whether what the dead left is to be swept: only a twin forgets that. */
    boolean sweeps() {
        return sweeps;
    }

    Set<String> seen() {
        return hold.seen();
    }

    /** For a launcher of victims. */
    String flag() {
        return hold.flag();
    }

    /** Starts the victim. */
    Jvm victim(Class<?> main, String... arguments) throws IOException {
        Jvm jvm = Jvm.start(folder.resolve("output"), List.of(hold.flag()), main, List.of(arguments));
        started.add(jvm);
        return jvm;
    }

    Act begin(String name, Callable<Boolean> work) {
        return new Act(name, ledger, work);
    }

    /**
     * Waits until the victim is at its step and does it; whether it was done, which it is not in a rehearsal.
     *
     * @param over when the step will not be come to any more
     */
    boolean strike(BooleanSupplier over) throws IOException, NotReachedException {
        if (isRehearsal()) {
            return false;
        }
        if (!until(REACH, () -> hold.isReached() || over.getAsBoolean()) || !hold.isReached()) {
            throw new NotReachedException(NOT_REACHED + ": label=" + played.label());
        }
        ProcessIdentity identity = ProcessIdentity.of(hold.pid());
        PidFd process = identity == null ? null : PidFd.open(identity);
        if (process == null) {
            throw new NotReachedException("the victim ended by itself: label=" + played.label());
        }
        victim = process;
        process.signal(isKill() ? Signal.KILL : Signal.STOP);
        int pid = process.identity().pid();
        if (!until(SIGNALLED, isKill() ? process::isDead : () -> process.isDead() || isStopped(pid))) {
            ledger.trouble("the signal does not arrive pid=" + pid);
        }
        return true;
    }

    int victimPid() {
        return victim == null ? 0 : victim.identity().pid();
    }

    boolean isVictimDead() {
        return victim == null || victim.isDead();
    }

    /** The stopped victim goes on from its step. */
    void revive() throws IOException {
        hold.letGo();
        if (victim != null) {
            victim.signal(Signal.CONT);
        }
    }

    static boolean isStopped(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it came to be within that time. */
    static boolean until(Duration bound, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > bound.toNanos()) {
                return false;
            }
            Linux.nanosleep(LOOK_NANOS);
        }
        return true;
    }

    /** What an ending process must say. */
    void expectDone(String name, Jvm jvm, Duration bound) throws InterruptedException {
        int exit = jvm.exit(bound);
        if (exit != Part.DONE) {
            ledger.trouble(name + (exit < 0 ? " hangs" : " ended with exit=" + exit) + " output=" + jvm.output());
        }
    }

    /** For what a twin does wrong on purpose. */
    void atEnd(Runnable tidy) {
        atEnd.add(tidy);
    }

    /** The play is over; whatever it left is looked at after this. */
    void endProcesses() {
        PidFd last = victim;
        victim = null;
        if (last != null) {
            if (!last.isDead()) {
                last.signal(Signal.KILL);
            }
            last.close();
        }
        started.forEach(Jvm::close);
    }

    @Override
    public void close() {
        endProcesses();
        atEnd.forEach(Runnable::run);
    }
}
