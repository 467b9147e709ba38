package dev.rollcall.tools.console;

import dev.rollcall.shm.RollcallException;

/** The arguments or the machine do not allow the command to begin: one line for the user, exit code 2. */
public final class UnfitException extends RollcallException {
    private static final long serialVersionUID = 1L;

    /**
     * With the whole line.
     *
     * @param message what the user should read
     */
    public UnfitException(String message) {
        super(message);
    }
}
