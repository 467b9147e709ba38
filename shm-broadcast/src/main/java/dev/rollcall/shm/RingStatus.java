package dev.rollcall.shm;

import java.util.List;

/**
 * What an observer sees of a ring.
 *
 * @param capacity bytes of the data area
 * @param tail     bytes ever published
 * @param messages frames ever published
 * @param closed   whether the writer closed it
 * @param readers  every slot that was ever joined
 */
public record RingStatus(long capacity, long tail, long messages, boolean closed, List<ReaderLag> readers) {
}
