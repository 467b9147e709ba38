package dev.rollcall.tools.hangsim;

import java.util.List;

/**
 * The cache of loaded and linked classes from which this JVM was started (JEP 483), for the processes it starts itself:
 * they run on the same jars. The start script says where it is; without it nothing is different but slower.
 */
final class StartCache {
    private static final String PROPERTY = "rollcall.start.cache";

    private StartCache() {
    }

    static List<String> flags() {
        String file = System.getProperty(PROPERTY, "");
        return file.isEmpty() ? List.of()
                : List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-D" + PROPERTY + "=" + file);
    }
}
