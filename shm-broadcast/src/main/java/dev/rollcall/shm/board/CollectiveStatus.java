package dev.rollcall.shm.board;

/**
 * Where a rank is in the collectives of one communicator. The first three are sequence numbers.
 *
 * @param communicator which
 * @param entered      the last one it entered
 * @param launched     the last one it launched on the device
 * @param completed    the last one it completed
 * @param op           operation of {@code entered}, such as {@code all_reduce}
 * @param count        elements of {@code entered}
 * @param dtype        element type of {@code entered}
 */
public record CollectiveStatus(
        int communicator, long entered, long launched, long completed, String op, long count, String dtype) {
    /**
     * Whether the rank is inside a collective now.
     *
     * @return true between entering and completing
     */
    public boolean inside() {
        return entered > completed;
    }
}
