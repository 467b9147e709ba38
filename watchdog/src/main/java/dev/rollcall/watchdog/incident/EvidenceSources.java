package dev.rollcall.watchdog.incident;

import dev.rollcall.shm.board.Board;
import dev.rollcall.shm.board.FlightEvent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link IncidentWriter} takes what the {@link dev.rollcall.watchdog.Incident} itself does not hold. Called by
 * the thread that writes; anything thrown here costs that one part of the incident, never the rest.
 */
public interface EvidenceSources {
    /**
     * The flight recorder of one process.
     *
     * @param rank a rank, or {@link dev.rollcall.shm.board.Verdict#DRIVER}
     * @return its events, oldest first; empty when there are none
     */
    List<FlightEvent> flight(int rank);

    /**
     * The stacks a worker reported about itself.
     *
     * @param rank the rank
     * @return the text, or null while the worker has not answered
     */
    @Nullable
    String stack(int rank);

    /**
     * What embedders and tools have to add.
     *
     * @return text by name
     */
    default Map<String, String> statements() {
        return Map.of();
    }

    /**
     * The present moment.
     *
     * @return nanoseconds of the clock of the incident's timeline, 0 when that clock cannot be read here
     */
    default long nowNanos() {
        return 0;
    }

    /**
     * Evidence from the board of a living or dead group, inside the watchdog's own process.
     *
     * @param board        the board
     * @param stackRequest the number that the request for stacks got
     * @param statements what others have added, by name
     * @return the sources
     */
    static EvidenceSources of(Board board, long stackRequest, Map<String, String> statements) {
        return new EvidenceSources() {
            @Override
            public List<FlightEvent> flight(int rank) {
                return board.flight(rank);
            }

            @Override
            public @Nullable String stack(int rank) {
                return board.stack(rank, stackRequest);
            }

            @Override
            public Map<String, String> statements() {
                return statements;
            }

            @Override
            public long nowNanos() {
                return System.nanoTime();
            }
        };
    }

    /**
     * Nothing beyond the incident itself.
     *
     * @return empty sources
     */
    static EvidenceSources none() {
        return new EvidenceSources() {
            @Override
            public List<FlightEvent> flight(int rank) {
                return List.of();
            }

            @Override
            public @Nullable String stack(int rank) {
                return null;
            }
        };
    }
}
