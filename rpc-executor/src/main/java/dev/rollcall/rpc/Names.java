package dev.rollcall.rpc;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.rollcall.shm.board.BoardDriver;

/** Ids of method and cost-class names on the board. Any thread of the driver. */
final class Names {

    private final ConcurrentMap<String, Integer> ids = new ConcurrentHashMap<>();
    private final BoardDriver board;

    Names(BoardDriver board) {
        this.board = board;
    }

    /** 0 for the empty name. */
    int id(String name) {
        return name.isEmpty() ? 0 : ids.computeIfAbsent(name, board::intern);
    }
}
