package dev.rollcall.watchdog.incident;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Writes HTML that is also well-formed XML: every element is closed, every text and attribute escaped, characters that
 * XML forbids replaced. One thread.
 */
final class Markup {
    private final StringBuilder out = new StringBuilder(64 * 1024);
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes as name, value, name, value... A null value leaves its attribute out. */
    Markup open(String element, @Nullable String... attributes) {
        tag(element, attributes);
        out.append('>');
        open.push(element);
        return this;
    }

    Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** Closes and breaks the line, so that the page can be read as text. */
    Markup closeLine() {
        close();
        out.append('\n');
        return this;
    }

    Markup empty(String element, @Nullable String... attributes) {
        tag(element, attributes);
        out.append("/>");
        return this;
    }

    Markup text(String text) {
        escape(out, text);
        return this;
    }

    /** An element with text alone. */
    Markup element(String element, String text, @Nullable String... attributes) {
        return open(element, attributes).text(text).close();
    }

    /** Trusted text that needs no escaping: the page's own style sheet. */
    Markup verbatim(String text) {
        out.append(text);
        return this;
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements left open=" + open);
        }
        return out.toString();
    }

    private void tag(String element, @Nullable String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            String value = attributes[i + 1];
            if (value != null) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(out, value);
                out.append('"');
            }
        }
    }

    static void escape(StringBuilder out, String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
    }

    /** What XML 1.0 lets into text, less the C1 controls and the direction overrides that could disguise a line. */
    private static boolean allowed(int c) {
        if (c < 0x20) {
            return c == '\n' || c == '\t';
        }
        boolean control = c >= 0x7F && c <= 0x9F;
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        return !control && !direction && !surrogate && (c & 0xFFFE) != 0xFFFE;
    }
}
