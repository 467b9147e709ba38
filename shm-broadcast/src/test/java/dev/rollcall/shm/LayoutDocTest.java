package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.board.FlightKind;
import dev.rollcall.shm.board.HangKind;
import dev.rollcall.shm.board.Phase;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** LAYOUT.md says what the layout classes say, all of it. */
class LayoutDocTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (0x[0-9a-f]+|-?[0-9]+) \\|");

    private static Map<String, Long> documented(String chapter) throws IOException {
        String text = Files.readString(Path.of("LAYOUT.md"));
        int begin = text.indexOf("## " + chapter + "\n");
        int end = text.indexOf("\n## ", begin);
        Map<String, Long> rows = new TreeMap<>();
        Matcher matcher = ROW.matcher(text.substring(begin, end < 0 ? text.length() : end));
        while (matcher.find()) {
            assertThat(rows.put(matcher.group(1), Long.decode(matcher.group(2)))).as("twice: %s", matcher.group(1))
                    .isNull();
        }
        return rows;
    }

    private static Map<String, Long> declared(Class<?> layout) throws IllegalAccessException {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : layout.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !field.getName().equals("VERSION")) {
                field.setAccessible(true);
                constants.put(field.getName(), ((Number) field.get(null)).longValue());
            }
        }
        return constants;
    }

    /** Each enum has a code of its own, whoever may see it. */
    private static Map<String, Long> codes(Class<?> type) throws ReflectiveOperationException {
        Method code = type.getDeclaredMethod("code");
        code.setAccessible(true);
        Map<String, Long> codes = new TreeMap<>();
        for (Object constant : type.getEnumConstants()) {
            codes.put(((Enum<?>) constant).name(), ((Number) code.invoke(constant)).longValue());
        }
        return codes;
    }

    static Stream<Arguments> enums() {
        return Stream.of(Arguments.of("Reader states", ReaderState.class), Arguments.of("Phases", Phase.class),
                Arguments.of("Hang kinds", HangKind.class), Arguments.of("Flight events", FlightKind.class));
    }

    @ParameterizedTest
    @MethodSource("enums")
    void shouldDocumentTheCodes(String chapter, Class<?> type) throws Exception {
        assertThat(documented(chapter)).isNotEmpty().isEqualTo(codes(type));
    }

    @Test
    void shouldDocumentTheRing() throws Exception {
        assertThat(documented("Ring")).isEqualTo(declared(RingLayout.class));
    }

    @Test
    void shouldDocumentTheBoard() throws Exception {
        assertThat(documented("Board")).isEqualTo(declared(Class.forName("dev.rollcall.shm.board.BoardLayout")));
    }
}
