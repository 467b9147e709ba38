package dev.rollcall.stress.model;

import java.util.Arrays;

/** States of equal length, numbered in the order they were found, each with the state and the move it was found by. */
final class StateTable {
    private final int length;
    private byte[] bytes;
    private int[] parents = new int[1 << 12];
    private short[] moves = new short[1 << 12];
    private int[] slots = new int[1 << 13]; // state + 1, open addressing, at most half full
    private int size;

    StateTable(int length) {
        this.length = length;
        this.bytes = new byte[length << 12];
    }

    int size() {
        return size;
    }

    void get(int state, byte[] into) {
        System.arraycopy(bytes, state * length, into, 0, length);
    }

    int parent(int state) {
        return parents[state];
    }

    int move(int state) {
        return moves[state];
    }

    void add(byte[] state, int parent, int move) {
        int slot = slotOf(state);
        if (slots[slot] != 0) {
            return;
        }
        if (size == parents.length) {
            grow();
            slot = slotOf(state);
        }
        System.arraycopy(state, 0, bytes, size * length, length);
        parents[size] = parent;
        moves[size] = (short) move;
        slots[slot] = ++size;
    }

    private int slotOf(byte[] state) {
        int mask = slots.length - 1;
        int slot = spread(hash(state, 0)) & mask;
        while (slots[slot] != 0 && !same(slots[slot] - 1, state)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean same(int known, byte[] state) {
        int at = known * length;
        return Arrays.equals(bytes, at, at + length, state, 0, length);
    }

    private int hash(byte[] source, int at) {
        int hash = 1;
        for (int i = at; i < at + length; i++) {
            hash = 31 * hash + source[i];
        }
        return hash;
    }

    private static int spread(int hash) {
        return ((hash ^ hash >>> 16) * 0x9e37_79b1) >>> 4;
    }

    private void grow() {
        bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
        parents = Arrays.copyOf(parents, parents.length * 2);
        moves = Arrays.copyOf(moves, moves.length * 2);
        slots = new int[parents.length * 2];
        int mask = slots.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = spread(hash(bytes, i * length)) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = i + 1;
        }
    }
}
