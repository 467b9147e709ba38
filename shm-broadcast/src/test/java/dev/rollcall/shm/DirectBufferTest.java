package dev.rollcall.shm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.shm.agrona.DirectBufferHandler;
import dev.rollcall.shm.testing.Child;
import dev.rollcall.shm.testing.ShmTempDir;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agrona's buffers over a ring: in a JVM with the flag that Agrona asks for. And the ring where there is no Agrona at all. */
class DirectBufferTest {
    @TempDir(factory = ShmTempDir.class)
    Path folder;

    /** Writes and reads three messages, one of them in fragments. */
    static final class AgronaUser {
        private AgronaUser() {
        }

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
                    RingReader reader = RingReader.join(file, 0)) {
                Frames.write(writer, "first");
                Frames.write(writer, "");
                Frames.write(writer, "second");
                var handler = DirectBufferHandler.adapt((type, buffer, offset, length) -> System.out.println(
                        "type=" + type + " text=" + buffer.getStringWithoutLengthUtf8(offset, length)));
                System.out.println("frames=" + reader.poll(handler, 10));
            }
        }
    }

    /** Knows nothing of Agrona. */
    static final class PlainUser {
        private PlainUser() {
        }

        public static void main(String[] args) {
            Path file = Path.of(args[0]);
            try (RingWriter writer = RingWriter.create(file, RingConfig.of(1 << 16, 1));
                    RingReader reader = RingReader.join(file, 0)) {
                Frames.write(writer, "plain");
                System.out.println(Frames.drain(reader));
            }
        }
    }

    @Test
    void shouldShowMessagesAsAgronaBuffers() {
        List<String> flags = List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");
        try (Child child = Child.jvm(flags, AgronaUser.class, folder.resolve("ring"))) {
            assertThat(child.awaitLine("type")).isEqualTo("type=1 text=first");
            assertThat(child.awaitLine("type")).isEqualTo("type=1 text=");
            assertThat(child.awaitLine("type")).isEqualTo("type=1 text=second");
            assertThat(child.awaitLine("frames")).isEqualTo("frames=3");
        }
    }

    @Test
    void shouldNeedNoAgronaOnTheClassPath() {
        String withoutAgrona = String.join(java.io.File.pathSeparator, java.util.Arrays
                .stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                .filter(entry -> !entry.contains("agrona")).toList());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp",
                withoutAgrona, PlainUser.class.getName(), folder.resolve("ring").toString());
        try (Child child = Child.command(command)) {
            assertThat(child.awaitLine("[")).isEqualTo("[plain]");
        }
    }
}
