package dev.rollcall.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.rollcall.shm.GroupDirectory;

class ReadmeTest {

    private static final Path README = Path.of("README.md");

    @ParameterizedTest
    @ValueSource(strings = {"EmbedExample", "CommandExample"})
    void shouldShowTheExampleThatCompiles(String name) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/rollcall/rpc/" + name + ".java"));
        String example =
                source.substring(source.indexOf("    // example\n") + 15, source.indexOf("    // end of example"))
                        .replaceAll("(?m)^ {4}", "");
        assertThat(Files.readString(README)).contains("```java\n" + example + "```\n");
    }

    @Test
    void shouldRunTheExample() throws Exception {
        assertThat(EmbedExample.serve(MemorySegment.ofArray(new byte[100]))).isEqualTo(101);
    }

    /** Every property has a row, every row is a property. */
    @Test
    void shouldListTheProperties() throws IOException {
        Set<String> asked = new TreeSet<>();
        List<String> all = new ArrayList<>();
        new GroupSettings.Draft(ThreadLauncher.of(TestWorker::new), 1, new GroupProperties(name -> {
            asked.add(String.valueOf(name));
            return String.valueOf(name).equals("rollcall.restart.intensity") ? "3" : null;
        }));
        asked.add(ProcessLauncher.AOT_PROPERTY);
        String page = Files.readString(README);
        int from = page.indexOf("\n## Properties\n");
        Matcher rows = Pattern.compile("(?m)^\\| `(rollcall\\.[a-z.]+)` \\|")
                .matcher(page.substring(from, page.indexOf("\n## ", from + 1)));
        while (rows.find()) {
            all.add(rows.group(1));
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(asked);
        assertThat(GroupDirectory.root()).isAbsolute();
    }
}
