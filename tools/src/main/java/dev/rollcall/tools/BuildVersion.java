package dev.rollcall.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version as the build wrote it into the jar. Any thread. */
final class BuildVersion implements IVersionProvider {
    private static final String WRITTEN_BY_MAVEN = "/META-INF/maven/dev.rollcall/rollcall-tools/pom.properties";

    @Override
    public String[] getVersion() {
        return new String[]{
                "rollcall " + version(),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")};
    }

    private static String version() {
        try (InputStream file = BuildVersion.class.getResourceAsStream(WRITTEN_BY_MAVEN)) {
            if (file == null) {
                return "(not run from its jar)";
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "(unknown)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
