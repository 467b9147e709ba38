package dev.rollcall.stress.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void shouldListEachStepInTheReadme() throws IOException {
        List<String> listed = Pattern.compile("`(" + LABEL + ")`").matcher(Files.readString(Path.of("README.md")))
                .results().map((MatchResult found) -> found.group(1)).toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(Labels.onClassPath());
    }
}
