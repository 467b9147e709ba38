package dev.rollcall.tools.inspect;

import dev.rollcall.shm.GroupDirectory;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.tools.console.ExitCode;
import dev.rollcall.tools.console.Json;
import dev.rollcall.tools.console.Style;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rollcall inspect}: lists the groups of this user by reading their files. */
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false, description = "Lists the groups of this user: who they are, what each rank does, who is named.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:listed, also when there is nothing to list", "1:a group could not be read",
        "2:wrong arguments, or a machine that is not fit"}, footer = {"",
                "Only reads files below /dev/shm and /proc: it disturbs nobody, and works on stopped and dead groups."})
public final class InspectCommand implements Callable<Integer> {
    @Option(names = "--json", description = "One line of JSON: {\"groups\":[...],\"problems\":[...]}")
    private boolean json;

    /** For picocli. */
    InspectCommand() {
    }

    @Override
    public Integer call() {
        List<GroupView> groups = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (GroupDirectory.Info info : GroupDirectory.list()) {
            try {
                GroupView group = GroupView.read(info);
                if (group != null) {
                    groups.add(group);
                }
            } catch (RollcallException unreadable) {
                problems.add(info.path() + ": " + unreadable.getMessage());
            }
        }
        print(groups, problems);
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(List<GroupView> groups, List<String> problems) {
        if (json) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("groups", groups.stream().map(GroupJson::of).toList());
            line.put("problems", problems);
            System.out.println(Json.line(line));
            return;
        }
        if (groups.isEmpty() && problems.isEmpty()) {
            System.out.println("no groups below " + GroupDirectory.root());
        }
        GroupTable table = new GroupTable(Style.ofThisTerminal());
        groups.forEach(group -> table.lines(group).forEach(System.out::println));
        problems.forEach(System.err::println);
    }
}
