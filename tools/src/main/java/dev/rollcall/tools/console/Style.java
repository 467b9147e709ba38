package dev.rollcall.tools.console;

import java.io.Console;
import java.util.Map;

/**
 * Colour, or none: only on a terminal, and never when {@code NO_COLOR} is set (no-color.org) or the terminal is dumb.
 * Any thread.
 *
 * @param colour whether escape sequences are written
 */
public record Style(boolean colour) {
    /** Letters only, for files and tests. */
    public static final Style PLAIN = new Style(false);

    /**
     * What suits this process's standard output.
     *
     * @return the style
     */
    public static Style ofThisTerminal() {
        return new Style(allowed(isTerminal(), System.getenv()));
    }

    /**
     * Whether a person sees standard output and can type.
     *
     * @return true on a terminal
     */
    @SuppressWarnings("SystemConsoleNull") // true again since JDK 25: its default console is null without a terminal
    public static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    static boolean allowed(boolean terminal, Map<String, String> environment) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    /**
     * Something bad.
     *
     * @param text any
     * @return the same letters, red where colour is on
     */
    public String bad(String text) {
        return paint("1;31", text);
    }

    /**
     * Something good.
     *
     * @param text any
     * @return the same letters, green where colour is on
     */
    public String good(String text) {
        return paint("1;32", text);
    }

    /**
     * Something to notice.
     *
     * @param text any
     * @return the same letters, yellow where colour is on
     */
    public String warn(String text) {
        return paint("33", text);
    }

    /**
     * The word a line turns on.
     *
     * @param text any
     * @return the same letters, bold where colour is on
     */
    public String strong(String text) {
        return paint("1", text);
    }

    /**
     * Something that may be overlooked.
     *
     * @param text any
     * @return the same letters, dim where colour is on
     */
    public String faint(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
