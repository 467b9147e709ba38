package dev.rollcall.tools.inspect;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.shm.board.Board;
import dev.rollcall.watchdog.HealthCheck;
import dev.rollcall.watchdog.HealthCheck.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollcall check}: a look at a group, for the probes of Kubernetes or systemd. Only reads the board. */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false, description = "Says whether a group is healthy, by its exit code and in one line.", exitCodeOnInvalidInput = CheckCommand.NOT_FOUND, exitCodeOnExecutionException = CheckCommand.NOT_FOUND, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:healthy, also under mere load",
        "1:somebody is suspected, which may pass, or the watchdog does not tick, so that nobody would be found",
        "2:somebody hangs or is dead: restart the group",
        "3:no such group, closed in order, or it could not be looked at (wrong arguments included)"}, footer = {"",
                "Reads what the watchdog has written; without one only deaths are seen.",
                "Waits for a tick of the watchdog, up to 50 ms, or 2 s when it does not tick: let a probe wait 5 s.",
                "Disturbs nobody, and works on stopped and dead groups."})
public final class CheckCommand implements Callable<Integer> {
    /** Exit code when there is nothing to look at. */
    public static final int NOT_FOUND = 3;

    /** What Kubernetes reads of such a file. */
    private static final int TERMINATION_BYTES = 4096;

    @Parameters(paramLabel = "GROUP", description = "the group's folder, or its name if it is this user's")
    private String group = "";

    @Option(names = "--termination-log", paramLabel = "FILE", description = "when not healthy, also write the line there, as /dev/termination-log of Kubernetes expects it")
    private @Nullable Path terminationLog;

    /** For picocli. */
    CheckCommand() {
    }

    /**
     * Without options.
     *
     * @param out   gets the line
     * @param group folder or name
     * @return the exit code
     */
    public static int check(PrintStream out, String group) {
        HealthCheck check = check(group);
        out.println(line(group, check));
        return exitCode(check.status());
    }

    @Override
    public Integer call() {
        HealthCheck check = check(group);
        String line = line(group, check);
        System.out.println(line);
        if (terminationLog != null && check.status() != Status.HEALTHY) {
            write(terminationLog, line + "\n");
        }
        return exitCode(check.status());
    }

    private static String line(String group, HealthCheck check) {
        return check.status().name().toLowerCase(Locale.ROOT) + " group=" + group + " " + check.reason();
    }

    private static int exitCode(Status status) {
        return switch (status) {
            case HEALTHY -> 0;
            case SUSPECT -> 1;
            case HUNG -> 2;
            case GONE -> NOT_FOUND;
        };
    }

    static HealthCheck check(String group) {
        Path folder = Groups.any(group);
        if (folder == null) {
            return new HealthCheck(Status.GONE, "nobody is there: no such group");
        }
        try (GroupDirectory directory = GroupDirectory.attach(folder);
                Board board = Board.open(directory.boardFile(), true)) {
            return HealthCheck.withTick(board);
        } catch (RollcallException unreadable) {
            return new HealthCheck(Status.GONE, "nobody can be seen: " + unreadable.getMessage());
        }
    }

    /** The exit code is the answer; a file that cannot be written does not change it. */
    private static void write(Path file, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(file, bytes.length <= TERMINATION_BYTES ? bytes : Arrays.copyOf(bytes,
                    TERMINATION_BYTES));
        } catch (IOException e) {
            System.err.println("rollcall: termination log not written path=" + file + " error=" + e);
        }
    }
}
