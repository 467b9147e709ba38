package dev.rollcall.tools.hangsim;

/** This machine does not allow what a case needs; the message says what. */
final class NotRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotRunException(String why) {
        super(why);
    }
}
