package dev.rollcall.shm;

import static dev.rollcall.shm.Frames.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.testing.Change;
import dev.rollcall.shm.testing.ShmTempDir;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a ring's file is said, by everyone who opens it, and the file is left as it was. */
class RingRefusalTest {
    private static final int SLOTS = 2;

    @TempDir(factory = ShmTempDir.class)
    Path folder;

    private Path file;
    private long bytes;

    @BeforeEach
    void create() throws IOException {
        file = folder.resolve("ring");
        RingWriter.createFile(file, RingConfig.builder(PAGE, SLOTS).followers(true).build());
        bytes = Files.size(file);
    }

    private void assertRefused(String says) throws IOException {
        byte[] before = Files.readAllBytes(file);
        List<ThrowingCallable> openers = List.of(
                () -> RingReader.join(file, 0), () -> RingWriter.own(file), () -> RingObserver.open(file),
                () -> RingFollower.open(file), () -> BroadcastQueue.attach("rollcall-queue:1:" + file, 0));
        for (ThrowingCallable opener : openers) {
            assertThatThrownBy(opener).isInstanceOf(IncompatibleSegmentException.class).hasMessageContaining(says)
                    .hasMessageContaining("expected").hasMessageContaining("found")
                    .hasMessageContaining("path=" + file);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    /** Word, bytes in it, value (as long as a page has 4 KiB, in the numbers of a page of that size). */
    @ParameterizedTest(name = "{3}: word {0} = {2}")
    @CsvSource({
            "8,  4, 0,                    what=version (file is not complete) expected=65536 found=0",
            "8,  4, 0x20000,              what=major version expected=1 found=2",
            "8,  4, 5,                    what=major version expected=1 found=0",
            "8,  4, -1,                   what=major version expected=1 found=65535",
            "0,  8, 0,                    what=magic",
            "0,  8, 0x014452414f424352,   what=magic", // a board's
            "12, 4, 0,                    what=reader slots expected=64 found=0",
            "12, 4, 65,                   what=reader slots expected=64 found=65",
            "12, 4, -1,                   what=reader slots expected=64 found=-1",
            "12, 4, 64,                   what=data offset",
            "24, 8, 0,                    what=capacity",
            "24, 8, 2048,                 what=capacity",
            "24, 8, 4097,                 what=capacity",
            "24, 8, 0x80000000,           what=capacity",
            "24, 8, -4096,                what=capacity",
            "24, 8, 0x4000000000000000,   what=capacity",
            "24, 8, -9223372036854775808, what=capacity",
            "24, 8, 8192,                 what=stated file length",
            "24, 8, 0x40000000,           what=stated file length",
            "40, 4, 16,                   what=capacity expected=2097152 found=4096",
            "32, 8, 0,                    what=data offset",
            "32, 8, 4097,                 what=data offset",
            "32, 8, 8192,                 what=data offset",
            "32, 8, -4096,                what=data offset",
            "32, 8, 0x7fffffffffffffff,   what=data offset",
            "48, 8, -1,                   what=longest message expected=1099511627776 found=-1",
            "48, 8, 0x10000000001,        what=longest message expected=1099511627776 found=1099511627777",
            "16, 8, 0,                    what=stated file length",
            "16, 8, 0x7fffffffffffffff,   what=stated file length",
    })
    void shouldSayWhichWordIsWrong(long at, int width, String value, String says) throws IOException {
        Assumptions.assumeTrue(Linux.pageSize() == PAGE, "the numbers are of 4 KiB pages");
        Change.word(file, at, width, value);
        assertRefused(says);
    }

    @Test
    void shouldRefuseAFileOfTheOtherByteOrder() throws IOException {
        Change.of(file, m -> {
            for (long at : new long[]{0, 16, 24, 32, 48}) {
                m.set(ValueLayout.JAVA_LONG_UNALIGNED, at,
                        Long.reverseBytes(m.get(ValueLayout.JAVA_LONG_UNALIGNED, at)));
            }
            for (long at : new long[]{8, 12, 40}) {
                m.set(ValueLayout.JAVA_INT_UNALIGNED, at,
                        Integer.reverseBytes(m.get(ValueLayout.JAVA_INT_UNALIGNED, at)));
            }
        });
        assertRefused("what=byte order");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023})
    void shouldRefuseAFileCutOffInItsHeader(int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertRefused("file is too short");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -PAGE, -PAGE - 1, 1, PAGE})
    void shouldRefuseAFileOfAnotherLength(int difference) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) bytes + difference));
        assertRefused("what=file length expected=" + bytes + " found=" + (bytes + difference));
    }

    @Test
    void shouldReadAFileOfALaterMinorVersion() throws IOException {
        Change.of(file, m -> m.set(ValueLayout.JAVA_INT_UNALIGNED, RingLayout.VERSION_AT, RingLayout.VERSION + 7));
        try (RingWriter writer = RingWriter.own(file);
                RingReader reader = RingReader.join(file, 0);
                RingFollower follower = RingFollower.open(file)) {
            Frames.write(writer, "later");
            assertThat(Frames.drain(reader)).containsExactly("later");
            assertThat(follower.poll((_, _, _, _) -> {}, 10)).isEqualTo(1);
        }
    }
}
