package dev.rollcall.tools;

import dev.rollcall.shm.board.HangKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the parser did not understand, in the words of a user. Any thread. */
final class WrongArguments {
    private static final Set<Class<?>> WHOLE = Set.of(int.class, long.class, Integer.class, Long.class);

    private WrongArguments() {
    }

    /** One line; what the commands say themselves is left as it is. */
    static String words(ParameterException error) {
        ArgSpec arg = error.getArgSpec();
        return switch (error) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing -> missing.getMissing().isEmpty() ? Rollcall.oneLine(error)
                    : missing(missing.getMissing());
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice";
            default -> arg == null ? Rollcall.oneLine(error) : name(arg) + unfit(arg, error);
        };
    }

    private static String unmatched(UnmatchedArgumentException error) {
        String first = error.getUnmatched().getFirst();
        Set<String> commands = error.getCommandLine().getSubcommands().keySet();
        if (first.startsWith("-")) {
            List<String> similar = error.getSuggestions();
            return "no option " + first
                    + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
        }
        return commands.size() > 1 ? "no command '" + first + "': " + String.join(", ", commands)
                : "one argument too many: '" + first + "'";
    }

    private static String missing(List<ArgSpec> args) {
        return args.stream()
                .map(arg -> arg.isOption() ? name(arg) + " needs a value: " + name(arg) + " " + arg.paramLabel()
                        : arg.paramLabel() + " is missing")
                .collect(Collectors.joining(", "));
    }

    /** The parser knows the types, and whether a converter of ours refused the text. */
    private static String unfit(ArgSpec arg, ParameterException error) {
        String refused = error.getCause() instanceof TypeConversionException cause
                ? Objects.requireNonNullElse(cause.getMessage(), "") : "";
        String given = error.getValue() == null ? "" : ": '" + error.getValue() + "'";
        List<Class<?>> types = Arrays.asList(arg.auxiliaryTypes());
        Class<?> type = types.getFirst();
        if (types.size() > 1) {
            return types.stream().filter(each -> isOneOf(refused, each)).findFirst()
                    .map(each -> " must have one of " + choices(each) + given)
                    .orElse(" must be " + arg.paramLabel() + given);
        }
        if (type.isEnum()) {
            return " must be one of " + choices(type) + given;
        }
        if (type == boolean.class) {
            return " takes no value" + given;
        }
        if (WHOLE.contains(type)) {
            boolean digits = given.matches(": '-?\\d+'");
            return (digits ? " must be a smaller number" : " must be a whole number") + given;
        }
        return refused.isEmpty() ? " must be " + arg.paramLabel() + given : ": " + refused;
    }

    private static boolean isOneOf(String refused, Class<?> type) {
        return type.isEnum() && refused.contains(Arrays.toString(type.getEnumConstants()));
    }

    private static String choices(Class<?> type) {
        Stream<String> names = Arrays.stream(type.getEnumConstants()).map(each -> ((Enum<?>) each).name());
        boolean asIs = type == HangKind.class;
        return names.map(each -> asIs ? each : each.toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
