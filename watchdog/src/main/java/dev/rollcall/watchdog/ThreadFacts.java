package dev.rollcall.watchdog;

/**
 * What {@code /proc/<pid>/task/<tid>} says of one thread. Immutable, any thread. The state is read on each tick,
 * on every second one while the group is idle and the thread slept when last seen, the times of {@code schedstat} while it runs, {@code wchan}, {@code syscall} and the tracer on suspicion only.
 *
 * @param tid thread id in the watchdog's pid namespace
 * @param state the kernel's letter: R running or runnable, S sleeping, D sleeping and not to be woken by signals, T
 *        stopped, t held by a debugger, Z ended, X no longer there
 * @param runNanos time on a CPU ({@code schedstat}), -1 when not read
 * @param delayNanos time runnable but not on a CPU, -1 when not read
 * @param cpuTicks user and system time in the kernel's clock ticks
 * @param wchan kernel function it sleeps in, "" when not read or not allowed
 * @param syscall number and arguments of its system call or "running", "" when not read or not allowed
 * @param tracerPid process that traces it, 0 for none, -1 when not read
 */
public record ThreadFacts(int tid, char state, long runNanos, long delayNanos, long cpuTicks, String wchan,
        String syscall, int tracerPid) {
}
