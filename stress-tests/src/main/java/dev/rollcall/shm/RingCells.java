package dev.rollcall.shm;

/** Where a ring's wait cells lie in its file: the layout tells nobody else, and a test must see the word a sleeper sleeps on. */
public final class RingCells {
    /** Readers sleep here. */
    public static final long DATA = RingLayout.DATA_CELL;

    /** The writer sleeps here. */
    public static final long SPACE = RingLayout.SPACE_CELL;

    /** In a cell: somebody may sleep. */
    public static final long FLAG = WaitCell.FLAG;

    /** In a cell: its waker does not fence. */
    public static final long UNFENCED = WaitCell.UNFENCED;

    private RingCells() {
    }
}
