package dev.rollcall.watchdog.incident;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rollcall.shm.RollcallException;
import dev.rollcall.watchdog.Incident;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Reads a saved incident back. Any thread. The file is taken for hostile: its size, depth and every field are checked,
 * and whatever is wrong ends in one {@link RollcallException}.
 */
public final class IncidentReader {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_QUOTED = 300;
    private static final Pattern SOURCE = Pattern.compile(
            "\\s?\\([^(\\[]{0,60}\\[Source: [^]]{0,200}]\\)?|\\s?(?:at )?\\[Source: [^]]{0,200}]");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]");

    private IncidentReader() {
    }

    /**
     * Reads an incident.
     *
     * @param  path              an incident folder, or its {@code incident.json}
     * @return                   the incident, equal to the one that was written
     * @throws RollcallException when there is no such file, it is damaged, or a later release wrote it
     */
    public static Incident read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve(IncidentWriter.JSON) : path;
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                throw new RollcallException("incident too large bytes=" + bytes + " limit=" + MAX_BYTES + " path="
                        + file);
            }
            return parse(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new RollcallException("incident not readable path=" + file + " error=" + e, e);
        }
    }

    /**
     * The text report, made again from the incident alone.
     *
     * @param  incident the incident
     * @return          lines for a terminal; control characters in names are replaced
     */
    public static String report(Incident incident) {
        return TextReport.of(new Story(incident, 0), new Evidence());
    }

    /** Parses the bytes; {@code name} is for messages. */
    static Incident parse(byte[] json, String name) {
        Incident incident;
        try {
            incident = IncidentJson.read(json);
        } catch (IOException e) {
            throw new RollcallException("incident damaged path=" + name + place(e) + " error=" + brief(words(e)), e);
        } catch (RollcallException e) {
            throw new RollcallException(e.getMessage() + " path=" + name, e);
        }
        if (incident.schema() < 1 || incident.schema() > Incident.SCHEMA) {
            throw new RollcallException("incident of another release schema=" + incident.schema() + " supported="
                    + Incident.SCHEMA + " product=" + brief(incident.product()) + " path=" + name);
        }
        requireShape(incident, name);
        return incident;
    }

    /** What every reader of an incident takes for granted: as many ranks in each snapshot, at their own place. */
    private static void requireShape(Incident incident, String name) {
        int ranks = incident.window().isEmpty() ? 0 : incident.window().getFirst().ranks().size();
        for (var snapshot : incident.window()) {
            boolean right = snapshot.ranks().size() == ranks;
            for (int r = 0; right && r < ranks; r++) {
                right = snapshot.ranks().get(r).board().rank() == r;
            }
            if (!right) {
                throw new RollcallException("incident damaged tick=" + snapshot.tick()
                        + " error=ranks are not 0 to " + (ranks - 1) + " path=" + name);
            }
        }
    }

    /** What stands in the file must neither drive the terminal that this is printed on nor fill it. */
    private static String brief(String text) {
        String printable = CONTROL.matcher(text).replaceAll("?");
        return printable.length() <= MAX_QUOTED ? printable : printable.substring(0, MAX_QUOTED) + "...";
    }

    private static String place(IOException e) {
        JsonLocation place = e instanceof JsonProcessingException damage ? damage.getLocation() : null;
        return place == null || place.getLineNr() < 1 ? ""
                : " line=" + place.getLineNr() + " column=" + place.getColumnNr();
    }

    /** What the parser says, without where: that stands beside it, and of the source it says only that it shows none. */
    private static String words(IOException e) {
        String message = String.valueOf(e instanceof JsonProcessingException damage ? damage.getOriginalMessage()
                : e.getMessage());
        if (message.contains("end-of-input")) {
            return "ends too early";
        }
        int end = message.indexOf('\n');
        return SOURCE.matcher(end < 0 ? message : message.substring(0, end)).replaceAll("").strip();
    }
}
