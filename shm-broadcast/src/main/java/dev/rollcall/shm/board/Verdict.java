package dev.rollcall.shm.board;

/**
 * Who is to blame for what, as the watchdog wrote it.
 *
 * @param sequence   counts the verdicts of this epoch from 1; 0 while not published
 * @param tier       how far it goes
 * @param kind       what is wrong
 * @param rank       who: a rank, {@link #NOBODY} or {@link #DRIVER}
 * @param callId     the call it was in, 0 for none
 * @param confidence 0 to 1
 * @param victims    a bit per rank that waits for the culprit
 * @param reason     in words with {@code name=value} facts; at most {@value #MAX_REASON_BYTES} bytes of UTF-8 are kept
 * @param incident   folder of the evidence, "" while there is none
 */
public record Verdict(
        long sequence,
        Tier tier,
        HangKind kind,
        int rank,
        long callId,
        double confidence,
        long victims,
        String reason,
        String incident) {
    /** Stands for no rank in particular. */
    public static final int NOBODY = -1;

    /** Stands for the driver. */
    public static final int DRIVER = -2;

    /** Longest reason kept on the board. */
    public static final int MAX_REASON_BYTES = 400;

    /**
     * Who, in words.
     *
     * @return "rank 5", "driver" or "nobody"
     */
    public String who() {
        return switch (rank) {
            case NOBODY -> "nobody";
            case DRIVER -> "driver";
            default -> "rank " + rank;
        };
    }

    /**
     * The same verdict with another sequence.
     *
     * @param assigned the sequence
     * @return the copy
     */
    public Verdict withSequence(long assigned) {
        return new Verdict(assigned, tier, kind, rank, callId, confidence, victims, reason, incident);
    }

    /**
     * The same verdict with its evidence's place.
     *
     * @param folder the incident folder
     * @return the copy
     */
    public Verdict withIncident(String folder) {
        return new Verdict(sequence, tier, kind, rank, callId, confidence, victims, reason, folder);
    }
}
