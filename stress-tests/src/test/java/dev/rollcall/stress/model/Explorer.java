package dev.rollcall.stress.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Goes through every state a model can reach, breadth first, and stops at the first that breaks an invariant.
 *
 * <p>Only steps that others can notice, or that notice others, are interleaved: loads, drains of a store buffer, locked
 * operations, sleeping and waking. Register work, and putting a store into the own buffer, are done at once after the step
 * before them: delaying them is the same as delaying what follows. The stores of a thread that others fence from afar are steps
 * of their own, as such a fence comes before or after a store is made.
 */
final class Explorer {
    private static final int MAX_STATES = 4_000_000;
    /** By this thread and not yet taken. */
    private static final ThreadLocal<List<Exploration>> EXPLORED = ThreadLocal.withInitial(ArrayList::new);

    private final Model model;
    private final Machine machine;
    private final StateTable table;

    private Explorer(Model model, Memory memory) {
        this.model = model;
        this.machine = new Machine(model, memory);
        this.table = new StateTable(machine.stateBytes());
    }

    static Exploration explore(Model model, Memory memory) {
        Exploration explored = new Explorer(model, memory).run();
        EXPLORED.get().add(explored);
        return explored;
    }

    /** What this thread has explored since the last time. */
    static List<Exploration> takeExplored() {
        List<Exploration> taken = EXPLORED.get();
        EXPLORED.remove();
        return taken;
    }

    private Exploration run() {
        byte[] from = machine.initial();
        byte[] to = from.clone();
        String broken = machine.runAhead(from);
        table.add(from, -1, 0);
        if (broken != null) {
            return new Exploration(broken, List.of(), 1);
        }
        for (int state = 0; state < table.size(); state++) {
            table.get(state, from);
            boolean moved = false;
            for (int move : machine.moves(from)) {
                System.arraycopy(from, 0, to, 0, from.length);
                broken = machine.move(to, move, null);
                moved = true;
                if (broken != null) {
                    return new Exploration(broken, trace(state, move), table.size());
                }
                table.add(to, state, move);
            }
            if (!moved) {
                String wrong = model.judge(machine.end(from));
                if (wrong != null) {
                    return new Exploration(wrong, trace(state, -1), table.size());
                }
            }
            if (table.size() > MAX_STATES) {
                throw new IllegalStateException("model is too large: states=" + table.size());
            }
        }
        return new Exploration(null, List.of(), table.size());
    }

    private List<String> trace(int state, int lastMove) {
        List<String> lines = new ArrayList<>();
        byte[] at = new byte[machine.stateBytes()];
        int move = lastMove;
        for (int i = state; i >= 0; i = table.parent(i)) {
            if (move >= 0) {
                table.get(i, at);
                List<String> texts = new ArrayList<>();
                String _ = machine.move(at, move, texts);
                lines.addFirst(String.join(", ", texts));
            }
            move = table.move(i);
            if (table.parent(i) < 0) {
                break;
            }
        }
        return lines;
    }
}
