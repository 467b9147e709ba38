package dev.rollcall.tools.incident;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rollcall incident}: what the watchdog saved, read without any group being there. */
@Command(name = "incident", mixinStandardHelpOptions = true, sortOptions = false, description = "Lists saved incidents, shows one, or judges it again.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        ListCommand.class, ShowCommand.class,
        ReplayCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:done",
                "1:an incident could not be read, or a replay did not reach the saved verdict",
                "2:wrong arguments, or no such incident"})
public final class IncidentCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** For picocli. */
    IncidentCommand() {
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "incident: list, show or replay?");
    }
}
