package dev.rollcall.tools.inspect;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.tools.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code rollcall clean}: removes what dead groups left. */
@Command(name = "clean", mixinStandardHelpOptions = true, sortOptions = false, description = "Removes the shared files of groups whose driver is dead; living groups are left alone.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:done, also when there was nothing to do", "1:something could not be removed",
        "2:wrong arguments, or a machine that is not fit"}, footer = {"",
                "Starting a group does the same; this is for when none is to be started."})
public final class CleanCommand implements Callable<Integer> {
    /** For picocli. */
    CleanCommand() {
    }

    @Override
    public Integer call() {
        GroupDirectory.SweepReport report = GroupDirectory.sweep();
        report.removed().forEach(path -> System.out.println("removed " + path));
        report.problems().forEach(problem -> System.err.println("rollcall: " + problem));
        if (report.removed().isEmpty() && report.problems().isEmpty()) {
            System.out.println("nothing to remove below " + GroupDirectory.root());
        }
        return report.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
