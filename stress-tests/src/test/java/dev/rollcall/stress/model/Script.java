package dev.rollcall.stress.model;

import dev.rollcall.stress.model.Step.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What one thread does, written top to bottom. Registers start at 0; jumps name labels. */
final class Script {
    private record Draft(Step step, String target, String text) {
    }

    private final Model model;
    private final String name;
    private final List<String> registers = new ArrayList<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    Script(Model model, String name) {
        this.model = model;
        this.name = name;
    }

    String name() {
        return name;
    }

    int register(String register) {
        registers.add(register);
        return registers.size() - 1;
    }

    int registers() {
        return registers.size();
    }

    /** For an odd step in the middle of an otherwise shared script. */
    Script with(Consumer<Script> steps) {
        steps.accept(this);
        return this;
    }

    Script when(boolean included, Consumer<Script> steps) {
        return included ? with(steps) : this;
    }

    Script label(String label) {
        if (labels.put(label, drafts.size()) != null) {
            throw new IllegalArgumentException("label is taken: label=" + label + " thread=" + name);
        }
        return this;
    }

    Script load(int into, int word) {
        return add(new Step.Load(into, r -> word), "load " + model.name(word));
    }

    Script load(int into, Value word) {
        return add(new Step.Load(into, word), "load " + registers.get(into));
    }

    Script store(int word, int value) {
        return store(word, r -> value);
    }

    Script store(int word, Value value) {
        return add(new Step.Store(r -> word, value, false), "store " + model.name(word));
    }

    Script store(Value word, Value value) {
        return add(new Step.Store(word, value, false), "store");
    }

    Script release(int word, int value) {
        return release(word, r -> value);
    }

    Script release(int word, Value value) {
        return release(r -> word, value);
    }

    Script release(Value word, Value value) {
        return add(new Step.Store(word, value, true), "release");
    }

    /** A release store, or a plain one where that is what the variant breaks. */
    Script store(Value word, Value value, boolean release) {
        return release ? release(word, value) : store(word, value);
    }

    Script storeFence() {
        return add(new Step.StoreFence(), "store fence");
    }

    Script fullFence() {
        return add(new Step.FullFence(), "full fence");
    }

    /** Membarrier as far as it concerns that thread, by its number; the caller's own fence is not in it. */
    Script remoteFence(int thread) {
        return add(new Step.RemoteFence(thread), "fence in thread " + thread);
    }

    Script add(int word, int delta) {
        return add(new Step.Add(word, delta), "add " + model.name(word) + " " + delta);
    }

    Script compareAndSet(int into, int word, int expected, int value) {
        return add(new Step.CompareAndSet(into, word, expected, r -> value),
                "cas " + model.name(word) + " to " + value);
    }

    Script set(int into, Value value) {
        return add(new Step.Compute(into, value), "");
    }

    Script choose(int into, int choices) {
        return add(new Step.Choose(into, choices), "choose " + registers.get(into));
    }

    Script jump(String label) {
        return jumpIf(r -> true, label);
    }

    Script jumpIf(Predicate<int[]> when, String label) {
        drafts.add(new Draft(new Step.Jump(when, -1), label, ""));
        return this;
    }

    Script await(Step.Guard guard, String what) {
        return add(new Step.Await(guard), "await " + what);
    }

    Script lock(int word) {
        return add(new Step.Lock(word), "lock " + model.name(word));
    }

    Script unlock(int word) {
        return release(word, 0);
    }

    Script sleep(int word, int expected) {
        return add(new Step.Sleep(word, expected), "sleep on " + model.name(word));
    }

    Script wake(int word) {
        return add(new Step.Wake(word), "wake " + model.name(word));
    }

    Script require(Predicate<int[]> holds, String otherwise) {
        return add(new Step.Require(holds, otherwise), "");
    }

    private Script add(Step step, String text) {
        drafts.add(new Draft(step, "", text));
        return this;
    }

    List<Step> steps() {
        return drafts.stream().map(this::resolved).toList();
    }

    /** For the trace. */
    String text(int step) {
        return drafts.get(step).text();
    }

    private Step resolved(Draft draft) {
        if (!(draft.step() instanceof Step.Jump(var when, var unresolved))) {
            return draft.step();
        }
        Integer target = labels.get(draft.target());
        if (target == null) {
            throw new IllegalArgumentException("no such label: label=" + draft.target() + " thread=" + name);
        }
        return new Step.Jump(when, target);
    }
}
