package dev.rollcall.shm.board;

import dev.rollcall.shm.IncompatibleSegmentException;
import dev.rollcall.shm.Words;
import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file of a board. Little-endian as the machine's own; offsets in bytes; every group of words has one writing thread and
 * its own 128-byte lines.
 *
 * <pre>
 *      0 magic 8 | version 4 (stored last) | workers 4 | file bytes 8
 *    128 number of names 8
 *    256 names: 256 x 64: length 1, UTF-8 up to 56; id 0 is ""
 *  20480 DRIVER block
 *          +0     identity: pid 8 (stored last), start ticks 8, boot id 16, pid namespace 8, loop tid 4, pulse tid 4
 *          +128   phase 8: changes &lt;&lt; 8 | phase
 *          +256   loop ticks 8
 *          +384   pulses 8
 *          +512   last issued 8, completed 8, failed 8
 *          +640   doorbell wait cell 128
 *          +768   epoch over 8
 *          +1024  cancel slots: 128 x 8, call id at id mod 128
 *          +2048  in-flight rows: 64 x 64: call id 8 (stored last), method 4, class 4, reply rank 4, -, timeout 8
 *          +8192  flight recorder: next sequence 8; +128: 256 x 32: sequence 8 (stored last), nano time 8, a 8, kind &lt;&lt; 56 | b 8
 *  40960 WATCHDOG block
 *          +0     identity as above
 *          +128   enforce 8, ticks 8, worst stall 8, stack request 8
 *          +256   verdict sequence 8, suspect sequence 8
 *          +512   sealed verdict 8, length 8, path 256
 *          +1024  verdict[2] x 1024, suspect[2] x 1024: sequence 8 (zeroed first, stored last), kind 4, rank 4, call 8,
 *                 confidence 8, victims 8, reason length 4, -; +64 reason
 *  49152 RANK block 0, 49152 bytes each
 *          +0     identity as above
 *          +128   phase 8
 *          +256   received 8, started 8, finished 8, replied 8, loop ticks 8
 *          +384   pulses 8, answered stack request 8, stack length 8, lock cycle 8: its sequence, 0 for none
 *          +512   call[2] x 64: call id 8 (zeroed first, stored last), method 4, class 4
 *          +640   section[2] x 128: sequence 8 (as above), bound 8, length 4; +32 name 48
 *          +896   open section 8: its sequence, 0 for none
 *          +1024  4 collectives x 512: communicator + 1 8, entered 8, launched 8, completed 8;
 *                 +128 record[2] x 64: sequence 8 (as above), count 8, op 1 + 15, dtype 1 + 15
 *          +3072  flight recorder as above
 *          +11392 lock cycle[2] x 448: sequence 8 (as above), call 8, looks 8, length 4; +32 text
 *          +12288 stack text, 36864 bytes
 * </pre>
 *
 * A record of several words goes to {@code slot[sequence & 1]}: sequence zeroed, fields, sequence stored with release; a
 * reader takes the sequence, the fields, and the sequence again.
 */
final class BoardLayout {
    static final long MAGIC = 0x0144_5241_4f42_4352L; // "RCBOARD" 01 in memory order
    static final int MAJOR = 1;
    static final int VERSION = MAJOR << 16;
    static final int MAX_WORKERS = 64;

    static final long VERSION_AT = 8;
    static final long WORKERS_AT = 12;
    static final long BYTES_AT = 16;
    static final long NAME_COUNT = 128;
    static final long NAMES = 256;
    static final long NAME_BYTES = 64;
    static final int MAX_NAMES = 256;
    static final int MAX_NAME = 56;

    static final long DRIVER = 20480;
    static final long WATCHDOG = 40960;
    static final long RANKS = 49152;
    static final long RANK_BYTES = 49152;

    // in every block
    static final long PID = 0;
    static final long START_TICKS = 8;
    static final long BOOT_HIGH = 16;
    static final long BOOT_LOW = 24;
    static final long PID_NAMESPACE = 32;
    static final long LOOP_TID = 40;
    static final long PULSE_TID = 44;
    static final long PHASE = 128;

    // driver
    static final long DRIVER_TICKS = DRIVER + 256;
    static final long DRIVER_PULSES = DRIVER + 384;
    static final long LAST_ISSUED = DRIVER + 512;
    static final long COMPLETED = DRIVER + 520;
    static final long FAILED = DRIVER + 528;
    static final long DOORBELL = DRIVER + 640;
    static final long EPOCH_OVER = DRIVER + 768;
    static final long CANCELS = DRIVER + 1024;
    static final int CANCEL_SLOTS = 128;
    static final long IN_FLIGHT = DRIVER + 2048;
    static final int IN_FLIGHT_ROWS = 64;
    static final long ROW_BYTES = 64;
    static final long DRIVER_FLIGHT = DRIVER + 8192;

    // watchdog
    static final long ENFORCE = WATCHDOG + 128;
    static final long WATCHDOG_TICKS = WATCHDOG + 136;
    static final long WORST_STALL = WATCHDOG + 144;
    static final long STACK_REQUEST = WATCHDOG + 152;
    static final long VERDICT_SEQUENCE = WATCHDOG + 256;
    static final long SUSPECT_SEQUENCE = WATCHDOG + 264;
    static final long SEALED = WATCHDOG + 512;
    static final long SEALED_LENGTH = WATCHDOG + 520;
    static final long SEALED_PATH = WATCHDOG + 528;
    static final int MAX_INCIDENT = 256;
    static final long VERDICTS = WATCHDOG + 1024;
    static final long SUSPECTS = WATCHDOG + 3072;
    static final long VERDICT_BYTES = 1024;

    // rank, relative to its block
    static final long RECEIVED = 256;
    static final long STARTED = 264;
    static final long FINISHED = 272;
    static final long REPLIED = 280;
    static final long LOOP_TICKS = 288;
    static final long PULSES = 384;
    static final long STACK_ANSWERED = 392;
    static final long STACK_LENGTH = 400;
    static final long OPEN_CYCLE = 408;
    static final long CALLS = 512;
    static final long CALL_BYTES = 64;
    static final long SECTIONS = 640;
    static final long SECTION_BYTES = 128;
    static final int MAX_SECTION_NAME = 48;
    static final long OPEN_SECTION = 896;
    static final long COLLECTIVES = 1024;
    static final long COLLECTIVE_BYTES = 512;
    static final int MAX_COLLECTIVES = 4;
    static final long COLLECTIVE_RECORDS = 128;
    static final long COLLECTIVE_RECORD_BYTES = 64;
    static final int MAX_OP = 15;
    static final long FLIGHT = 3072;
    static final long CYCLES = 11392;
    static final long CYCLE_BYTES = 448;
    static final int MAX_CYCLE_TEXT = 416;
    static final long STACK = 12288;
    static final int MAX_STACK = 36864;

    static final long FLIGHT_EVENTS = 128;
    static final int FLIGHT_SLOTS = 256;
    static final long FLIGHT_BYTES = 32;

    static final long WATCHDOG_LOCK = 0;

    private BoardLayout() {
    }

    static long bytes(int workers) {
        return RANKS + workers * RANK_BYTES;
    }

    static long rank(int rank) {
        return RANKS + rank * RANK_BYTES;
    }

    static MappedFile create(Path file, int workers) {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("workers must be 1 to " + MAX_WORKERS + ": workers=" + workers);
        }
        MappedFile mapped = MappedFile.create(file, bytes(workers));
        MemorySegment m = mapped.memory();
        m.set(ValueLayout.JAVA_LONG, 0, MAGIC);
        m.set(ValueLayout.JAVA_INT, WORKERS_AT, workers);
        m.set(ValueLayout.JAVA_LONG, BYTES_AT, bytes(workers));
        Steps.at("board.create.fields-stored");
        Words.intRelease(m, VERSION_AT, VERSION);
        return mapped;
    }

    static MappedFile open(Path file, boolean readOnly) {
        MappedFile mapped = MappedFile.open(file, bytes(1), readOnly);
        try {
            MemorySegment m = mapped.memory();
            int version = Words.intAcquire(m, VERSION_AT);
            long magic = m.get(ValueLayout.JAVA_LONG, 0);
            int workers = m.get(ValueLayout.JAVA_INT, WORKERS_AT);
            require(version != 0, "version (file is not complete)", VERSION, 0, file);
            require(magic != Long.reverseBytes(MAGIC), "byte order", MAGIC, magic, file);
            require(magic == MAGIC, "magic", MAGIC, magic, file);
            require(version >>> 16 == MAJOR, "major version", MAJOR, version >>> 16, file);
            require(workers >= 1 && workers <= MAX_WORKERS, "workers", MAX_WORKERS, workers, file);
            long stated = m.get(ValueLayout.JAVA_LONG, BYTES_AT);
            require(stated == bytes(workers), "stated file length", bytes(workers), stated, file);
            require(m.byteSize() == bytes(workers), "file length", bytes(workers), m.byteSize(), file);
            return mapped;
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    private static void require(boolean ok, String what, long expected, long found, Path file) {
        if (!ok) {
            throw new IncompatibleSegmentException(
                    "not a usable board: what=" + what + " expected=" + expected + " found=" + found + " path=" + file);
        }
    }

    /** The pid goes last: an observer that sees it sees the rest. */
    static void identify(MemorySegment m, long block) {
        ProcessIdentity self = ProcessIdentity.self();
        Words.longOpaque(m, block + START_TICKS, self.startTicks());
        Words.longOpaque(m, block + BOOT_HIGH, self.bootIdHigh());
        Words.longOpaque(m, block + BOOT_LOW, self.bootIdLow());
        Words.longOpaque(m, block + PID_NAMESPACE, self.pidNamespace());
        Words.longRelease(m, block + PID, self.pid());
    }

    static @Nullable ProcessIdentity identity(MemorySegment m, long block) {
        int pid = (int) Words.longAcquire(m, block + PID);
        return pid == 0
                ? null
                : new ProcessIdentity(
                        pid,
                        Words.longOpaque(m, block + START_TICKS),
                        Words.longOpaque(m, block + BOOT_HIGH),
                        Words.longOpaque(m, block + BOOT_LOW),
                        Words.longOpaque(m, block + PID_NAMESPACE));
    }

    static void phase(MemorySegment m, long block, Phase phase) {
        long changes = Words.longOpaque(m, block + PHASE) >>> 8;
        Words.longRelease(m, block + PHASE, ((changes + 1) << 8) | phase.code());
    }

    /** Whole characters only: a cut in the middle of one would be read back as something else. */
    static int putText(MemorySegment m, long at, int max, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, max);
        while (length < bytes.length && length > 0 && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        MemorySegment.copy(bytes, 0, m, ValueLayout.JAVA_BYTE, at, length);
        return length;
    }

    static String text(MemorySegment m, long at, long max, long length) {
        byte[] bytes = new byte[(int) Math.clamp(length, 0, max)];
        MemorySegment.copy(m, ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** One length byte, then the text. */
    static void putShortText(MemorySegment m, long at, int max, String text) {
        m.set(ValueLayout.JAVA_BYTE, at, (byte) putText(m, at + 1, max, text));
    }

    static String shortText(MemorySegment m, long at, int max) {
        return text(m, at + 1, max, m.get(ValueLayout.JAVA_BYTE, at));
    }
}
