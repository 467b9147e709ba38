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
        if (name.isEmpty()) {
            return 0;
        }
        Integer known = ids.get(name); // without a lambda in the usual case
        return known != null ? known : ids.computeIfAbsent(name, board::intern);
    }
}
