package dev.rollcall.tools.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles, runs and is what is compiled; its links lead somewhere. */
class ReadmeTest {
    private static final Path ROOT = root();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)\\)");

    @Test
    void shouldServeACallAsTheReadmeSays(@TempDir Path incidents) throws Exception {
        assertThat(EmbedExample.serve(2, incidents)).isEqualTo("a step");
    }

    @Test
    void shouldShowTheExampleThatIsCompiled() throws IOException {
        String source = Files.readString(
                ROOT.resolve("tools/src/test/java/dev/rollcall/tools/docs/EmbedExample.java"));
        String example = source.substring(
                source.indexOf("// example") + "// example".length(), source.indexOf("// end of example"));
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains(example.stripIndent().strip());
    }

    @Test
    void shouldSayTheVersionThatIsBuilt() throws IOException {
        Matcher version = Pattern.compile("<artifactId>rollcall-bom</artifactId>\\s*<version>[^<]+</version>")
                .matcher(Files.readString(ROOT.resolve("bom/pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Files.readString(ROOT.resolve("README.md")).replaceAll("\\s+", ""))
                .contains(version.group().replaceAll("\\s+", ""));
    }

    @Test
    void shouldSayOfEachCellAboutOthersWhereItIsFrom() throws IOException {
        String page = Files.readString(ROOT.resolve("README.md"));
        List<List<String>> rows = page.substring(page.indexOf("## Beside others"), page.indexOf("## Limits")).lines()
                .filter(line -> line.startsWith("| ")).map(line -> List.of(line.split("\\|", -1))).toList();

        assertThat(rows).hasSize(8);
        assertThat(rows.get(1).get(5)).contains("measured here");
        for (List<String> others : rows.subList(2, 8)) {
            assertThat(others.get(5).strip()).isEqualTo("sourced");
            assertThat(others.subList(2, 5)).as(others.get(1)).allMatch(cell -> cell.contains("](https://"));
        }
    }

    @Test
    void shouldLinkOnlyToWhatIsThere() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 2)) {
            for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher link = LINK.matcher(Files.readString(page));
                while (link.find()) {
                    if (!link.group(1).startsWith("https://")) {
                        assertThat(page.resolveSibling(link.group(1))).as("link in %s", page.getFileName()).exists();
                    }
                }
            }
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("rollcall"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("not inside the repository: " + Path.of("").toAbsolutePath());
        }
        return folder;
    }
}
