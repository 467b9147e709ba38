package dev.rollcall.stress.kill;

/** Plays a victim's part with real processes around it, from before the step to the next start after it. */
interface Scene {

    /**
     * Once, from beginning to end.
     *
     * @throws Exception is a trouble like any other
     */
    void play(Stage stage) throws Exception;
}
