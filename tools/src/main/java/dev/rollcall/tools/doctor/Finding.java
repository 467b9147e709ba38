package dev.rollcall.tools.doctor;

/**
 * What one look at the machine gave.
 *
 * @param check what was looked at
 * @param level how bad it is
 * @param found what is there
 * @param hint  what to do about it, "" where nothing need be done
 */
record Finding(String check, Level level, String found, String hint) {

    static Finding ok(String check, String found) {
        return new Finding(check, Level.OK, found, "");
    }

    static Finding warn(String check, String found, String hint) {
        return new Finding(check, Level.WARN, found, hint);
    }

    static Finding fail(String check, String found, String hint) {
        return new Finding(check, Level.FAIL, found, hint);
    }

    /** How bad. */
    enum Level {
        /** As it should be. */
        OK,
        /** Works, with something missing. */
        WARN,
        /** Does not work. */
        FAIL
    }
}
