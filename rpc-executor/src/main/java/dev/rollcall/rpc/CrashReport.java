package dev.rollcall.rpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a JVM writes when a signal ends it that it did not expect, a SIGSEGV in native code for instance. It goes into the
 * worker's own folder, and with it: the driver's working directory, where it would lie otherwise, is not ours. What tells
 * where it happened goes to the worker's last output. Any thread.
 */
final class CrashReport {

    private static final String NAME = "hs_err.log";
    private static final String SIGNAL = "siginfo:";
    private static final String THREAD = "Current thread";
    private static final String NATIVE = "Native frames";
    private static final String JAVA = "Java frames";
    private static final String ELLIPSIS = "...";
    private static final int FRAMES = 12;

    private CrashReport() {
    }

    /** For the worker's command line; one of the user's own behind it wins, and the report stays then. */
    static String flag(Path folder) {
        return "-XX:ErrorFile=" + folder.resolve(NAME);
    }

    /** Signal, thread and the innermost frames; empty when there is no report. */
    static List<String> excerpt(Path folder) {
        Path report = folder.resolve(NAME);
        if (!Files.exists(report)) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        try (BufferedReader from = Files.newBufferedReader(report, StandardCharsets.ISO_8859_1)) {
            read(from, lines);
        } catch (IOException e) {
            lines.add("rollcall: cannot read report=" + report + ": " + e.getMessage());
        }
        lines.add("rollcall: the report goes with the worker's folder; the flag -XX:ErrorFile=<path> keeps one");
        return lines;
    }

    /** Up to the line that names the signal, which stands behind the frames; to us it comes first. */
    private static void read(BufferedReader from, List<String> lines) throws IOException {
        int frames = -1; // -1: between two sections
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith(SIGNAL)) {
                lines.addFirst(line);
                return;
            }
            if (line.isEmpty()) {
                frames = -1;
            } else if (line.startsWith(NATIVE) || line.startsWith(JAVA)) {
                lines.add(line);
                frames = 0;
            } else if (line.startsWith(THREAD)) {
                lines.add(line);
            } else if (frames >= 0 && frames++ <= FRAMES) {
                lines.add(frames <= FRAMES ? line : ELLIPSIS);
            }
        }
    }
}
