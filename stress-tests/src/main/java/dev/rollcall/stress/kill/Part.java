package dev.rollcall.stress.kill;

import java.io.IOException;

/** What the programs of a play have in common. */
final class Part {
    /** All went well. */
    static final int DONE = 0;
    /** Not as it must be; what, it has printed. */
    static final int WRONG = 1;

    private Part() {
    }

    /** A program's body. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    /** Runs it and ends the process; also when whoever started it is gone. */
    static void play(Body body) {
        Thread.ofPlatform().daemon().name("orphaned").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // nobody says anything
                }
            } catch (IOException gone) {
                System.out.println(gone);
            }
            Runtime.getRuntime().halt(WRONG);
        });
        int exit = DONE;
        try {
            body.run();
        } catch (Throwable wrong) {
            wrong.printStackTrace(System.out);
            exit = WRONG;
        }
        System.out.flush();
        Runtime.getRuntime().halt(exit);
    }
}
