package dev.rollcall.stress.kill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.stress.SharedFolder;
import dev.rollcall.stress.bench.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Stops and kills processes at labelled steps: {@code KillSteps smoke|full [-c=regex]}, in the folder that is to keep the report.
 *
 * <p>{@code full} first rehearses each role to learn which steps it passes, then kills and stops it at every one of them; a step
 * that no role passes fails the run, too. {@code smoke} takes a few cases of each role, and the twins. With a regex, the
 * cases whose name ({@code role/step/signal}) contains it. Exits with 1 when anything did not pass.
 */
public final class KillSteps {
    private static final int ATTEMPTS = 3;
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration SETTLE_TWIN = Duration.ofMillis(300);

    private static final String ROOT_MADE = "group.create.root-made";

    private final SharedFolder shared;
    private final List<String> rows = new ArrayList<>();
    private final List<String> stories = new ArrayList<>();
    private final Proof proof = new Proof(Proof.KILL_STEPS);
    private final List<Case> played = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final List<String> passes = new ArrayList<>();
    private long latestNanos;
    private int caught;
    private int stages;

    private KillSteps(SharedFolder shared) {
        this.shared = shared;
    }

    /** {@code smoke} or {@code full}, and which cases. */
    public static void main(String[] args) throws Exception {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: KillSteps smoke|full [-c=regex of role/step/signal]");
            System.exit(2);
        }
        boolean full = "full".equals(args[0]);
        Pattern chosen = Pattern.compile(args.length == 2 ? args[1].replaceFirst("^-c=", "") : "");
        boolean passed;
        try (SharedFolder shared = SharedFolder.create()) {
            KillSteps steps = new KillSteps(shared);
            passed = steps.run(full, chosen);
            steps.proof(args[0]).save(Path.of("").toAbsolutePath(), chosen.pattern().isEmpty());
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean run(boolean full, Pattern chosen) throws IOException {
        long start = System.nanoTime();
        System.out.println(Result.HEAD);
        List<Case> all = full ? rehearsed(chosen) : smoke();
        all.stream().filter(each -> chosen.matcher(each.name()).find()).forEach(this::play);
        if (chosen.pattern().isEmpty()) {
            Twin.all().forEach(this::play);
        }
        stories.forEach(System.out::print);
        Files.write(Path.of("summary.md"),
                Stream.of(Stream.of(Result.HEAD), rows.stream(), passes.stream()).flatMap(each -> each).toList(),
                StandardCharsets.UTF_8);
        boolean passed = stories.isEmpty() && !played.isEmpty();
        System.out.printf(Locale.ROOT, "kill steps: %s cases=%d latest=%d ms seconds=%d%n",
                passed ? "passed" : "FAILED", played.size(), latestNanos / 1_000_000,
                (System.nanoTime() - start) / 1_000_000_000);
        return passed;
    }

    private Proof proof(String form) {
        ObjectNode json = proof.json();
        json.put("form", form);
        json.put("cases", played.size());
        json.put("steps", played.stream().map(Case::label).distinct().count());
        json.put("roles", played.stream().map(Case::role).distinct().count());
        json.put("twins", Twin.all().size());
        json.put("caught", caught);
        json.put("latestMillis", latestNanos / 1_000_000);
        ArrayNode wrong = json.putArray("failed");
        failed.forEach(wrong::add);
        return proof;
    }

    private static List<Case> smoke() {
        return List.of(
                new Case(Role.CREATOR, "group.create.folder-made", Fate.KILL),
                new Case(Role.CREATOR, "group.remove.files-gone", Fate.KILL),
                new Case(Role.CREATOR, "board.create.fields-stored", Fate.STOP),
                new Case(Role.WRITER, "ring.publish.next-zeroed", Fate.KILL),
                new Case(Role.WRITER, "wait.wake.flag-cleared", Fate.KILL),
                new Case(Role.WRITER, "ring.publish.header-stored", Fate.STOP),
                new Case(Role.READER, "ring.join.active", Fate.KILL),
                new Case(Role.COPIER, "ring.poll.frame-copied", Fate.STOP),
                new Case(Role.WORKER, "worker.call.started", Fate.STOP),
                new Case(Role.WORKER, "worker.reply.filled", Fate.KILL),
                new Case(Role.DRIVER, "driver.restart.sealed", Fate.KILL),
                new Case(Role.DRIVER, "driver.call.registered", Fate.STOP),
                new Case(Role.WATCHDOG, "board.verdict.record-stored", Fate.KILL));
    }

    /** Every step that a role passes, both ways; with a regex only of roles that it may mean. */
    private List<Case> rehearsed(Pattern chosen) {
        List<Case> found = new ArrayList<>();
        Set<String> passed = new HashSet<>();
        for (Role role : Role.values()) {
            Set<String> labels = rehearse(role);
            passed.addAll(labels);
            compare(role, labels);
            // whether the driver makes the folder of all groups depends on whose else there are
            for (String label : labels.stream().filter(l -> role != Role.DRIVER || !l.equals(ROOT_MADE)).toList()) {
                for (Fate fate : Fate.values()) {
                    found.add(new Case(role, label, fate));
                }
            }
        }
        List<String> missed = Labels.onClassPath().stream().filter(label -> !passed.contains(label)).toList();
        if (!missed.isEmpty()) {
            trouble("steps that no role passes: " + missed);
        }
        System.out.println("kill steps: roles=" + Role.values().length + " steps=" + passed.size() + " cases="
                + found.stream().filter(each -> chosen.matcher(each.name()).find()).count());
        return found;
    }

    /** What it passed, beside what it must. */
    private void compare(Role role, Set<String> labels) {
        String name = role.name().toLowerCase(Locale.ROOT);
        if (passes.isEmpty()) {
            passes.addAll(List.of("", "| role | steps passed |", "|---|---|"));
        }
        passes.add("| " + name + " | " + String.join(" ", labels) + " |");
        System.out.println("kill steps: " + name + " passed " + labels);
        List<String> missed = role.steps().stream().filter(label -> !labels.contains(label)).toList();
        if (!missed.isEmpty()) {
            trouble("steps that the " + name + " must pass and did not: " + missed);
        }
    }

    private void trouble(String what) {
        failed.add(what);
        stories.add("\n" + what + "\n");
    }

    private Set<String> rehearse(Role role) {
        Case healthy = new Case(role, Hold.EVERYTHING, Fate.STOP);
        List<Set<String>> seen = new ArrayList<>();
        Result result = play(healthy, role.scene(), true, SETTLE, stage -> seen.add(stage.seen()));
        if (!result.passed()) {
            failed.add("rehearsal of " + role);
            stories.add(result.story());
        }
        return seen.isEmpty() ? Set.of() : seen.getFirst();
    }

    /** A step that only comes when another process sleeps at the right moment gets more than one chance. */
    private void play(Case one) {
        Result result = once(one);
        for (int i = 1; i < ATTEMPTS && result.wasNotReached(); i++) {
            result = once(one);
        }
        played.add(one);
        latestNanos = Math.max(latestNanos, result.lateNanos());
        row(result.row());
        if (!result.passed()) {
            failed.add(one.name());
            stories.add(result.story());
        }
    }

    private Result once(Case one) {
        return play(one, one.role().scene(), true, SETTLE, stage -> {
        });
    }

    private void play(Twin twin) {
        Result result = play(twin.played(), twin.scene(), twin.sweeps(), SETTLE_TWIN, stage -> {
        });
        boolean isCaught = twin.isCaught(result);
        row(twin.row(isCaught));
        if (isCaught) {
            caught++;
        } else {
            trouble("twin not caught: " + twin.fault() + " report=" + result.troubles());
        }
    }

    private void row(String row) {
        System.out.println(row);
        rows.add(row);
    }

    /** What is to be looked at before the stage is struck. */
    private interface Look {
        void at(Stage stage);
    }

    private Result play(Case one, Scene scene, boolean sweeps, Duration settle, Look look) {
        long start = System.nanoTime();
        Leaks leaks = new Leaks();
        try (Stage stage = new Stage(one, shared.path().resolve("case" + ++stages), sweeps)) {
            try {
                scene.play(stage);
            } catch (Exception broken) {
                stage.ledger().trouble(broken.toString());
            }
            look.at(stage);
            stage.endProcesses();
            return Result.of(stage, one, System.nanoTime() - start, leaks.after(stage, settle));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set the stage for " + one, e);
        }
    }
}
