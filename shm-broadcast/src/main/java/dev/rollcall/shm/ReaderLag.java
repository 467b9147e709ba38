package dev.rollcall.shm;

/**
 * How far a reader is behind the writer.
 *
 * @param slot     which reader
 * @param pid      its process, as it wrote itself
 * @param state    of its slot
 * @param messages frames published and not yet read by it
 * @param bytes    the same in bytes, headers included
 */
public record ReaderLag(int slot, int pid, ReaderState state, long messages, long bytes) {
    @Override
    public String toString() {
        return "reader=" + slot + " pid=" + pid + " state=" + state + " lagMessages=" + messages + " lagBytes=" + bytes;
    }
}
