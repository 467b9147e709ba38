package dev.rollcall.tools.hangsim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The words a parent process writes to us. */
final class StandardInput {
    private StandardInput() {
    }

    /** Blocks until the input ends; true then, since an unreadable input has ended too. */
    static boolean forEachLine(Consumer<String> word) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                word.accept(line.strip());
            }
        } catch (IOException closed) {
            System.err.println("standard input: " + closed.getMessage());
        }
        return true;
    }
}
