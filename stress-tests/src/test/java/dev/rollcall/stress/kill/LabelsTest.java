package dev.rollcall.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.os.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private static final Pattern LABEL = Pattern.compile("[a-z]+(\\.[a-z]+(-[a-z]+)*){2}");

    @Test
    void shouldGiveEachStepANameOfItsOwn() {
        List<String> labels = Labels.onClassPath();
        assertThat(labels).isNotEmpty().doesNotHaveDuplicates().allMatch(LABEL.asMatchPredicate());
    }

    /** What comes only when another process sleeps at that moment is some role's, and checked where it is rehearsed. */
    @Test
    void shouldHaveARoleThatMustPassIt() {
        List<String> must = Arrays.stream(Role.values()).flatMap(role -> role.steps().stream()).distinct().toList();
        assertThat(must).containsExactlyInAnyOrderElementsOf(
                Labels.onClassPath().stream().filter(label -> !label.startsWith("wait.")).toList());
    }

    /**
     * The switch is a constant of its class, so a compiler knows it and leaves the rest of the method out; and what comes before the
     * switch is nothing, at the callers' no more than a name from the constant pool.
     */
    @Test
    void shouldCostNothingInProduction() throws IOException {
        ClassModel steps;
        try (InputStream in = Objects.requireNonNull(Steps.class.getResourceAsStream("Steps.class"))) {
            steps = ClassFile.of().parse(in.readAllBytes());
        }
        FieldModel on = steps.fields().stream().filter(field -> field.fieldName().equalsString("ON")).findFirst()
                .orElseThrow();
        assertThat(on.flags().flags()).contains(AccessFlag.STATIC, AccessFlag.FINAL);
        List<Instruction> code = steps.methods().stream().filter(method -> method.methodName().equalsString("at"))
                .findFirst().orElseThrow().code().orElseThrow().elementList().stream()
                .filter(Instruction.class::isInstance).map((CodeElement each) -> (Instruction) each).toList();

        assertThat(code.get(0)).isInstanceOfSatisfying(FieldInstruction.class,
                load -> assertThat(load.name().stringValue()).isEqualTo("ON"));
        assertThat(code.get(1).opcode()).isEqualTo(Opcode.IFEQ);
        assertThat(code.getLast().opcode()).isEqualTo(Opcode.RETURN);
        assertThat(Labels.built()).as("callers that make their label").isEmpty();
    }

    @Test
    void shouldListEachStepInTheReadme() throws IOException {
        List<String> listed = Pattern.compile("`(" + LABEL + ")`").matcher(Files.readString(Path.of("README.md")))
                .results().map((MatchResult found) -> found.group(1)).toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(Labels.onClassPath());
    }
}
