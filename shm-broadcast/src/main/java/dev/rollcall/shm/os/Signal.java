package dev.rollcall.shm.os;

/** The signals Rollcall sends; numbers are those of Linux on x86-64 and aarch64. */
public enum Signal {
    /** Dump the threads of a JVM on its own standard output. */
    QUIT(3),
    /** End at once; cannot be caught. */
    KILL(9),
    /** Please end. */
    TERM(15),
    /** Go on after {@link #STOP}. */
    CONT(18),
    /** Stop; cannot be caught. */
    STOP(19);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /**
     * The kernel's number.
     *
     * @return signal number
     */
    public int number() {
        return number;
    }
}
