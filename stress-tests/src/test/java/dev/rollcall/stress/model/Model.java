package dev.rollcall.stress.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shared words, threads, and what must hold when nothing moves any more. */
final class Model {
    /** A state in which no thread can take a step. */
    interface End {
        int word(int word);

        boolean finished(int thread);

        boolean asleep(int thread);
    }

    private final List<String> words = new ArrayList<>();
    private final List<Integer> initial = new ArrayList<>();
    private final List<Script> threads = new ArrayList<>();
    private Function<End, @Nullable String> atEnd = end -> null;

    int word(String name, int value) {
        words.add(name);
        initial.add(value);
        return words.size() - 1;
    }

    /** Consecutive words; returns the first. */
    int words(String name, int count, int value) {
        int first = words.size();
        for (int i = 0; i < count; i++) {
            word(name + i, value);
        }
        return first;
    }

    Script thread(String name) {
        Script script = new Script(this, name);
        threads.add(script);
        return script;
    }

    /** Null when all is well there; without this every thread must have finished. */
    Model atEnd(Function<End, @Nullable String> check) {
        atEnd = check;
        return this;
    }

    private @Nullable String stuck(End end) {
        for (int i = 0; i < threads.size(); i++) {
            if (!end.finished(i)) {
                return threads.get(i).name() + (end.asleep(i) ? " is left asleep" : " waits for ever");
            }
        }
        return null;
    }

    @Nullable
    String judge(End end) {
        String stuck = stuck(end);
        return stuck != null ? stuck : atEnd.apply(end);
    }

    String name(int word) {
        return words.get(word);
    }

    int wordNamed(String name) {
        return words.indexOf(name);
    }

    int[] initialWords() {
        return initial.stream().mapToInt(Integer::intValue).toArray();
    }

    List<Script> threads() {
        return threads;
    }
}
