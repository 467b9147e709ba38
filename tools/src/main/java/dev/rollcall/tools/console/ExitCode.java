package dev.rollcall.tools.console;

/** What the command returns to the shell; each command's help repeats them. */
public final class ExitCode {
    /** Done, healthy, passed. */
    public static final int OK = 0;
    /** Done, and the answer is no. */
    public static final int FAILED = 1;
    /** Not begun: wrong arguments or an unfit machine. */
    public static final int UNFIT = 2;

    private ExitCode() {
    }
}
