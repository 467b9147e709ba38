package dev.rollcall.tools.console;

/** So many of a thing, in words. Any thread. */
public final class Counted {
    private Counted() {
    }

    /**
     * "1 fault", "2 faults".
     *
     * @param count how many
     * @param one   the word for one, to which an s is added
     * @return number and word
     */
    public static String of(long count, String one) {
        return of(count, one, one + "s");
    }

    /**
     * "1 process", "2 processes".
     *
     * @param count how many
     * @param one   the word for one
     * @param many  the word for any other number
     * @return number and word
     */
    public static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
