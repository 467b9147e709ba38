package dev.rollcall.stress.model;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The machine a model runs on. A state is a row of bytes:
 *
 * <pre>
 * words | per thread: next step, word slept on + 1, stores in the buffer, buffer (word, value, kind) x 8, registers
 * </pre>
 *
 * A move is {@code thread << 8 | what}: what below 8 drains that entry of the buffer, 8 + choice takes the next step.
 */
final class Machine {
    private static final int BUFFER = 8;
    private static final int PLAIN = 0;
    private static final int RELEASE = 1;
    private static final int FENCE = 2;
    private static final int HEAD = 3;
    private static final int STEP = BUFFER;

    private final Model model;
    private final Memory memory;
    private final List<Script> scripts;
    private final Step[][] steps;
    private final int words;
    private final int[] base;
    /** Threads that others fence from afar: those notice whether a store has been made yet. */
    private final Set<Integer> fenced;
    private final int bytes;
    private int[] moves = new int[64];

    Machine(Model model, Memory memory) {
        this.model = model;
        this.memory = memory;
        this.scripts = model.threads();
        this.words = model.initialWords().length;
        this.steps = scripts.stream().map(s -> s.steps().toArray(Step[]::new)).toArray(Step[][]::new);
        this.fenced = Arrays.stream(steps).flatMap(Arrays::stream).filter(Step.RemoteFence.class::isInstance)
                .map(step -> ((Step.RemoteFence) step).thread()).collect(Collectors.toSet());
        this.base = new int[scripts.size()];
        int at = words;
        for (int t = 0; t < base.length; t++) {
            base[t] = at;
            at += HEAD + BUFFER * 3 + scripts.get(t).registers();
        }
        this.bytes = at;
    }

    int stateBytes() {
        return bytes;
    }

    byte[] initial() {
        byte[] state = new byte[bytes];
        int[] values = model.initialWords();
        for (int i = 0; i < words; i++) {
            state[i] = narrow(values[i]);
        }
        return state;
    }

    Model.End end(byte[] state) {
        return new Model.End() {
            @Override
            public int word(int word) {
                return state[word];
            }

            @Override
            public boolean finished(int thread) {
                return next(state, thread) == null && !asleep(thread);
            }

            @Override
            public boolean asleep(int thread) {
                return state[base[thread] + 1] != 0;
            }
        };
    }

    int[] moves(byte[] state) {
        int count = 0;
        for (int t = 0; t < base.length; t++) {
            int buffered = state[base[t] + 2];
            for (int i = 0; i < buffered; i++) {
                if (mayDrain(state, t, i)) {
                    count = push(count, t << 8 | i);
                }
            }
            int ways = ways(state, t);
            for (int choice = 0; choice < ways; choice++) {
                count = push(count, t << 8 | STEP + choice);
            }
        }
        return Arrays.copyOf(moves, count);
    }

    private int push(int count, int move) {
        if (count == moves.length) {
            moves = Arrays.copyOf(moves, count * 2);
        }
        moves[count] = move;
        return count + 1;
    }

    private @Nullable Step next(byte[] state, int t) {
        int step = state[base[t]];
        return step < steps[t].length ? steps[t][step] : null;
    }

    private int ways(byte[] state, int t) {
        Step step = next(state, t);
        if (step == null || state[base[t] + 1] != 0) {
            return 0;
        }
        boolean drained = state[base[t] + 2] == 0;
        if (memory == Memory.SEQUENTIAL && !drained) {
            return 0;
        }
        return switch (step) {
            case Step.Store s -> state[base[t] + 2] < BUFFER ? 1 : 0; // it is full, or the thread is fenced from afar
            case Step.StoreFence f -> 0;
            case Step.Choose(var into, var choices) -> choices;
            case Step.Await(var guard) -> guard.open(word -> state[word], registers(state, t)) ? 1 : 0;
            case Step.Lock(var word) -> drained && state[word] == 0 ? 1 : 0;
            case Step.FullFence() -> drained ? 1 : 0;
            case Step.RemoteFence(var thread) -> state[base[thread] + 2] == 0 ? 1 : 0;
            case Step.Add a -> drained ? 1 : 0;
            case Step.CompareAndSet c -> drained ? 1 : 0;
            case Step.Sleep s -> drained ? 1 : 0;
            case Step.Wake w -> drained ? 1 : 0;
            default -> 1;
        };
    }

    /** Makes one move, then everything that nobody else can notice; null, or the invariant that broke. */
    @Nullable
    String move(byte[] state, int move, @Nullable List<String> texts) {
        int t = move >> 8;
        int what = move & 0xff;
        if (what < STEP) {
            drain(state, t, what, texts);
        } else {
            take(state, t, what - STEP, texts);
        }
        return runAhead(state);
    }

    /** Every thread's register work, and its stores into its own buffer, up to the next step that concerns others. */
    @Nullable
    String runAhead(byte[] state) {
        for (int t = 0; t < base.length; t++) {
            String broken = runAhead(state, t);
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private void take(byte[] state, int t, int choice, @Nullable List<String> texts) {
        Step step = Objects.requireNonNull(next(state, t));
        int at = base[t];
        if (texts != null) {
            texts.add(scripts.get(t).name() + ": " + scripts.get(t).text(state[at])
                    + (step instanceof Step.Choose ? "=" + choice : ""));
        }
        state[at]++;
        switch (step) {
            case Step.Load(var into, var from) -> {
                int value = read(state, t, from.of(registers(state, t)));
                put(state, t, into, value);
                value(texts, value);
            }
            case Step.Store(var to, var value, var release) -> {
                int[] r = registers(state, t);
                buffer(state, t, to.of(r), value.of(r), release ? RELEASE : PLAIN);
            }
            case Step.Choose(var into, var choices) -> put(state, t, into, choice);
            case Step.Add(var word, var delta) -> state[word] = narrow(state[word] + delta);
            case Step.CompareAndSet(var into, var word, var expected, var value) -> {
                boolean done = state[word] == expected;
                if (done) {
                    state[word] = narrow(value.of(registers(state, t)));
                }
                put(state, t, into, done ? 1 : 0);
                value(texts, done ? 1 : 0);
            }
            case Step.Lock(var word) -> state[word] = 1;
            case Step.Sleep(var word, var expected) -> {
                boolean sleeps = state[word] == registers(state, t)[expected];
                state[at + 1] = narrow(sleeps ? word + 1 : 0);
                value(texts, sleeps ? 1 : 0);
            }
            case Step.Wake(var word) -> {
                for (int other : base) {
                    if (state[other + 1] == word + 1) {
                        state[other + 1] = 0;
                    }
                }
            }
            case Step.Await a -> {
            }
            case Step.FullFence f -> {
            }
            case Step.RemoteFence f -> {
            }
            default -> throw new IllegalStateException("not a step of its own: step=" + step);
        }
    }

    private @Nullable String runAhead(byte[] state, int t) {
        int at = base[t];
        if (state[at + 1] != 0) {
            return null;
        }
        for (Step step = next(state, t); step != null; step = next(state, t)) {
            switch (step) {
                case Step.Compute(var into, var value) -> put(state, t, into, value.of(registers(state, t)));
                case Step.Jump(var when, var target) -> {
                    if (when.test(registers(state, t))) {
                        state[at] = narrow(target);
                        continue;
                    }
                }
                case Step.Store(var to, var value, var release) -> {
                    if ((memory == Memory.SEQUENTIAL && state[at + 2] > 0) || state[at + 2] == BUFFER
                            || fenced.contains(t)) {
                        return null;
                    }
                    int[] r = registers(state, t);
                    buffer(state, t, to.of(r), value.of(r), release ? RELEASE : PLAIN);
                }
                case Step.StoreFence() -> {
                    if (state[at + 2] == BUFFER) {
                        return null;
                    }
                    if (memory == Memory.WEAK_STORES && state[at + 2] > 0) {
                        buffer(state, t, 0, 0, FENCE);
                    }
                }
                case Step.FullFence() -> {
                    if (state[at + 2] > 0) {
                        return null;
                    }
                }
                case Step.Require(var holds, var otherwise) -> {
                    if (!holds.test(registers(state, t))) {
                        return otherwise;
                    }
                }
                default -> {
                    return null;
                }
            }
            state[at]++;
        }
        return null;
    }

    private boolean mayDrain(byte[] state, int t, int entry) {
        if (entry == 0) {
            return true;
        }
        int first = base[t] + HEAD;
        int at = first + entry * 3;
        if (memory != Memory.WEAK_STORES || state[at + 2] != PLAIN) {
            return false;
        }
        for (int before = first; before < at; before += 3) {
            if (state[before + 2] == FENCE || state[before] == state[at]) {
                return false;
            }
        }
        return true;
    }

    private void buffer(byte[] state, int t, int word, int value, int kind) {
        int at = base[t] + HEAD + state[base[t] + 2]++ * 3;
        state[at] = narrow(word);
        state[at + 1] = narrow(value);
        state[at + 2] = narrow(kind);
    }

    private void drain(byte[] state, int t, int entry, @Nullable List<String> texts) {
        int first = base[t] + HEAD;
        int at = first + entry * 3;
        if (state[at + 2] != FENCE) {
            state[state[at]] = state[at + 1];
            if (texts != null) {
                texts.add(scripts.get(t).name() + ": others see " + model.name(state[at]) + "=" + state[at + 1]);
            }
        }
        int left = --state[base[t] + 2];
        System.arraycopy(state, at + 3, state, at, (left - entry) * 3);
        Arrays.fill(state, first + left * 3, first + left * 3 + 3, (byte) 0);
    }

    private int read(byte[] state, int t, int word) {
        int first = base[t] + HEAD;
        for (int at = first + (state[base[t] + 2] - 1) * 3; at >= first; at -= 3) {
            if (state[at + 2] != FENCE && state[at] == word) {
                return state[at + 1];
            }
        }
        return state[word];
    }

    private int[] registers(byte[] state, int t) {
        int[] r = new int[scripts.get(t).registers()];
        int at = base[t] + HEAD + BUFFER * 3;
        for (int i = 0; i < r.length; i++) {
            r[i] = state[at + i];
        }
        return r;
    }

    private void put(byte[] state, int t, int register, int value) {
        state[base[t] + HEAD + BUFFER * 3 + register] = narrow(value);
    }

    private static void value(@Nullable List<String> texts, int value) {
        if (texts != null) {
            texts.add(texts.removeLast() + " -> " + value);
        }
    }

    private static byte narrow(int value) {
        if (value != (byte) value) {
            throw new IllegalStateException("a model's numbers must fit a byte: value=" + value);
        }
        return (byte) value;
    }
}
