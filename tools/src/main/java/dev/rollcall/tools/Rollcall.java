package dev.rollcall.tools;

import dev.rollcall.shm.NoSpaceException;
import dev.rollcall.shm.UnsupportedPlatformException;
import dev.rollcall.tools.bench.BenchCommand;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Style;
import dev.rollcall.tools.console.UnfitException;
import dev.rollcall.tools.doctor.DoctorCommand;
import dev.rollcall.tools.hangsim.HangsimCommand;
import dev.rollcall.tools.incident.IncidentCommand;
import dev.rollcall.tools.inspect.CheckCommand;
import dev.rollcall.tools.inspect.CleanCommand;
import dev.rollcall.tools.inspect.InspectCommand;
import dev.rollcall.tools.sidecar.SidecarCommand;
import dev.rollcall.tools.soak.SoakCommand;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The {@code rollcall} command. Errors are one line on standard error; the stack comes with {@code ROLLCALL_DEBUG=1}. */
@Command(name = "rollcall", versionProvider = BuildVersion.class, mixinStandardHelpOptions = true, sortOptions = false, description = "Calls the roll over shared memory and names the one who does not answer.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        HangsimCommand.class, InspectCommand.class, CheckCommand.class, IncidentCommand.class, CleanCommand.class,
        DoctorCommand.class, SidecarCommand.class,
        SoakCommand.class, BenchCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:ok",
                "1:the answer is no: failed, unhealthy, of 'doctor' not fit; or it broke on the way",
                "2:not begun: wrong arguments, no such group or incident, or a machine that is not fit",
                "3:'check' alone, which has codes of its own: 'rollcall check --help'"}, footer = {"",
                        "Try 'rollcall hangsim' first; 'rollcall COMMAND --help' explains a command.",
                        "ROLLCALL_DEBUG=1 shows stack traces, NO_COLOR=1 turns colours off."})
public final class Rollcall implements Runnable {
    /** For picocli. */
    Rollcall() {
    }

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args command line
     */
    public static void main(String[] args) {
        System.exit(isProbe(args) ? probe(args[1]) : commandLine().execute(args));
    }

    /**
     * What a probe runs every few seconds goes without the parser: no start cache takes its classes, whose format is too old,
     * and they would be most of the time.
     */
    private static boolean isProbe(String[] args) {
        return args.length == 2 && args[0].equals("check") && args[1].matches("[0-9A-Za-z/][^@]*");
    }

    private static int probe(String group) {
        try {
            return CheckCommand.check(System.out, group);
        } catch (RuntimeException error) {
            if (System.getenv("ROLLCALL_DEBUG") != null) {
                error.printStackTrace();
            }
            System.err.println("rollcall: " + oneLine(error));
            return CheckCommand.NOT_FOUND;
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Rollcall())
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(Style.ofThisTerminal().colour() ? Ansi.ON : Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, Rollcall::path)
                .setParameterExceptionHandler(Rollcall::wrongArguments)
                .setExecutionExceptionHandler((error, line, parsed) -> failed(error, line));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** An empty name would mean the current folder, which is hardly what an unset variable was meant to say. */
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("the name is empty; '.' is the current folder");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    private static int wrongArguments(ParameterException error, String[] args) {
        CommandLine line = error.getCommandLine();
        say(line, WrongArguments.words(error) + " (see " + line.getCommandSpec().qualifiedName() + " --help)");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception error, CommandLine line) {
        if (System.getenv("ROLLCALL_DEBUG") != null) {
            error.printStackTrace(line.getErr());
        }
        say(line, oneLine(error));
        return switch (error) {
            case UnfitException unfit -> ExitCode.UNFIT;
            case NoSpaceException full -> ExitCode.UNFIT;
            case UnsupportedPlatformException other -> ExitCode.UNFIT;
            default -> ExitCode.FAILED;
        };
    }

    static String oneLine(Exception error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message.strip().replaceAll("\\s*\\R\\s*", " | ");
    }

    private static void say(CommandLine line, String message) {
        PrintWriter err = line.getErr();
        err.println("rollcall: " + message);
        err.flush();
    }
}
