package dev.rollcall.shm;

import dev.rollcall.shm.os.Linux;
import dev.rollcall.shm.os.MappedFile;
import dev.rollcall.shm.os.ProcessIdentity;
import dev.rollcall.shm.os.Steps;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * The file of a ring. All words are little-endian as the machine's own; every offset is in bytes.
 *
 * <pre>
 *      0 +--------------------------------+
 *        | magic                      8   |  "RCRING" 0x01 0x00
 *        | version (major, minor)     4   |  stored last, with release
 *        | reader slots               4   |
 *        | file bytes                 8   |
 *        | capacity                   8   |
 *        | data offset                8   |
 *        | flags                      4   |  1 wake-ups, 2 copy-out, 4 followers, 8 prefault, 16 huge pages
 *        | (reserved)                 4   |
 *        | longest message            8   |
 *    128 +--------------------------------+
 *        | tail                       8   |  writer; bytes ever published
 *        | messages                   8   |  writer; frames ever published, stored before tail
 *    256 +--------------------------------+
 *        | writer state               8   |  0 new, 1 open, 2 closed
 *        | writer pid, start ticks    16  |
 *    384 +--------------------------------+
 *        | claim limit                8   |  writer, for followers; where what it may have begun to store ends: positions
 *        |                                |  below claim limit - capacity may be overwritten
 *    512 +--------------------------------+
 *        | data wait cell             128 |  readers sleep here
 *    640 +--------------------------------+
 *        | space wait cell            128 |  the writer sleeps here
 *   1024 +--------------------------------+
 *        | reader slot 0              256 |
 *        |   +0   position            8   |  reader; bytes read
 *        |   +8   messages            8   |  reader; frames read, stored before position
 *        |   +128 state               8   |  generation &lt;&lt; 8 | state
 *        |   +136 pid, start ticks    16  |
 *        | reader slot 1 ...              |
 *   data +--------------------------------+  page-aligned; mapped twice, back to back
 *        | frames                         |
 *        +--------------------------------+
 *
 *   frame, 8-aligned:
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   | frame length: 8 + payload bytes; 0 = not yet published        |
 *   +-----------------------------------------------+---------------+
 *   | flags         | type id                                       |  one 64-bit release store commits both words
 *   +---------------+-----------------------------------------------+
 *   | payload ...                                                   |
 *
 *   flags: 1 padding (given up, pass over), 2 fragment, 4 last fragment. A fragment's payload begins with
 *     +0 message id 8 | +8 bytes of the whole message 8 | +16 index, from 0, 4 | +20 reserved 4
 * </pre>
 *
 * Locks (open-file-description, one byte each): byte 0 the writer's, byte 1 + slot a reader's.
 */
final class RingLayout {
    static final int MAX_READERS = 64;
    static final long MAGIC = 0x0001_474e_4952_4352L; // "RCRING" 01 00 in memory order
    static final int MAJOR = 1;
    static final int MINOR = 0;
    static final int VERSION = (MAJOR << 16) | MINOR;

    static final long VERSION_AT = 8;
    static final long SLOTS_AT = 12;
    static final long FILE_BYTES_AT = 16;
    static final long CAPACITY_AT = 24;
    static final long DATA_AT = 32;
    static final long FLAGS_AT = 40;
    static final int FLAG_WAKEUPS = 1;
    static final int FLAG_COPY_OUT = 2;
    static final int FLAG_FOLLOWERS = 4;
    static final int FLAG_PREFAULT = 8;
    static final int FLAG_HUGE_PAGES = 16;
    static final long MAX_MESSAGE_AT = 48;

    static final long TAIL = 128;
    static final long MESSAGES = 136;
    static final long WRITER_STATE = 256;
    static final long WRITER_PID = 264;
    static final long WRITER_START = 272;
    static final long CLAIM_LIMIT = 384;
    static final long DATA_CELL = 512;
    static final long SPACE_CELL = 640;
    static final long SLOTS = 1024;
    static final long SLOT_BYTES = 256;
    static final long SLOT_POSITION = 0;
    static final long SLOT_MESSAGES = 8;
    static final long SLOT_STATE = 128;
    static final long SLOT_PID = 136;
    static final long SLOT_START = 144;

    static final long WRITER_NEW = 0;
    static final long WRITER_OPEN = 1;
    static final long WRITER_CLOSED = 2;

    static final long WRITER_LOCK = 0;
    static final long READER_LOCKS = 1;

    static final int HEADER_BYTES = 8;
    static final int FLAG_PADDING = 1;
    static final int FLAG_FRAGMENT = 2;
    static final int FLAG_LAST = 4;
    static final long FRAGMENT_ID = 0;
    static final long FRAGMENT_TOTAL = 8;
    static final long FRAGMENT_INDEX = 16;
    static final int FRAGMENT_BYTES = 24;
    static final long MAX_CAPACITY = 1L << 30;
    static final long MAX_MESSAGE = 1L << 40;
    static final long HUGE_PAGE = 2L << 20;
    static final int MAX_TYPE_ID = (1 << 24) - 1;

    private RingLayout() {
    }

    static long slot(int reader) {
        return SLOTS + reader * SLOT_BYTES;
    }

    static long dataOffset(int readerSlots, int flags) {
        long page = (flags & FLAG_HUGE_PAGES) == 0 ? Linux.pageSize() : HUGE_PAGE;
        return (slot(readerSlots) + page - 1) / page * page;
    }

    static long aligned(long frameLength) {
        return (frameLength + 7) & ~7L;
    }

    /** Where the writer is. Positions derived from it stay aligned, as atomic access demands. */
    static long tail(MemorySegment m) {
        long tail = Words.longAcquire(m, TAIL);
        if ((tail & 7) != 0) {
            throw new IncompatibleSegmentException("ring's tail is not aligned: tail=" + tail);
        }
        return tail;
    }

    static boolean isType(int typeId) {
        return typeId >= 0 && typeId <= MAX_TYPE_ID;
    }

    static void checkType(int typeId) {
        if (!isType(typeId)) {
            throw new IllegalArgumentException("type id out of range: typeId=" + typeId);
        }
    }

    static long header(int typeId, int flags, long frameLength) {
        return ((long) ((typeId << 8) | flags) << 32) | frameLength;
    }

    static int frameLength(long header) {
        return (int) header;
    }

    static int typeId(long header) {
        return (int) (header >>> 40);
    }

    static int flags(long header) {
        return (int) (header >>> 32) & 0xff;
    }

    static MappedFile create(Path file, RingConfig config) {
        int flags = flags(config);
        long data = dataOffset(config.readerSlots(), flags);
        long bytes = data + config.capacity();
        MappedFile mapped = MappedFile.create(file, bytes, data, alignment(flags));
        MemorySegment m = mapped.memory();
        if (config.hugePages()) {
            mapped.collapseToHugePages();
        }
        m.set(ValueLayout.JAVA_LONG, 0, MAGIC);
        m.set(ValueLayout.JAVA_INT, SLOTS_AT, config.readerSlots());
        m.set(ValueLayout.JAVA_LONG, FILE_BYTES_AT, bytes);
        m.set(ValueLayout.JAVA_LONG, CAPACITY_AT, config.capacity());
        m.set(ValueLayout.JAVA_LONG, DATA_AT, data);
        m.set(ValueLayout.JAVA_INT, FLAGS_AT, flags);
        m.set(ValueLayout.JAVA_LONG, MAX_MESSAGE_AT, config.maxMessage());
        Steps.at("ring.create.fields-stored");
        Words.intRelease(m, VERSION_AT, VERSION);
        return mapped;
    }

    private static int flags(RingConfig config) {
        return (config.wakeups() ? FLAG_WAKEUPS : 0)
                | (config.copyOut() ? FLAG_COPY_OUT : 0)
                | (config.followers() ? FLAG_FOLLOWERS : 0)
                | (config.prefault() ? FLAG_PREFAULT : 0)
                | (config.hugePages() ? FLAG_HUGE_PAGES : 0);
    }

    private static long alignment(int flags) {
        return (flags & FLAG_HUGE_PAGES) == 0 ? Linux.pageSize() : HUGE_PAGE;
    }

    /** Checks the header through a mapping of its own, then maps what the header describes. */
    static MappedFile open(Path file, boolean readOnly) {
        MappedFile mapped = MappedFile.open(file, SLOTS, readOnly, (header, bytes) -> checked(header, bytes, file));
        if ((mapped.memory().get(ValueLayout.JAVA_INT, FLAGS_AT) & FLAG_PREFAULT) != 0) {
            mapped.prefault();
        }
        return mapped;
    }

    private static MappedFile.Mirror checked(MemorySegment m, long fileBytes, Path file) {
        int version = Words.intAcquire(m, VERSION_AT);
        if (version == 0) {
            throw wrong("version (file is not complete)", VERSION, 0, file);
        }
        long magic = m.get(ValueLayout.JAVA_LONG, 0);
        if (magic != MAGIC) {
            throw wrong(magic == Long.reverseBytes(MAGIC) ? "byte order" : "magic", MAGIC, magic, file);
        }
        require(version >>> 16 == MAJOR, "major version", MAJOR, version >>> 16, file);
        int slots = m.get(ValueLayout.JAVA_INT, SLOTS_AT);
        require(slots >= 1 && slots <= MAX_READERS, "reader slots", MAX_READERS, slots, file);
        int flags = m.get(ValueLayout.JAVA_INT, FLAGS_AT);
        long capacity = m.get(ValueLayout.JAVA_LONG, CAPACITY_AT);
        boolean fits = Long.bitCount(capacity) == 1 && capacity >= alignment(flags) && capacity <= MAX_CAPACITY;
        require(fits, "capacity", alignment(flags), capacity, file);
        long data = m.get(ValueLayout.JAVA_LONG, DATA_AT);
        require(data == dataOffset(slots, flags), "data offset", dataOffset(slots, flags), data, file);
        long longest = m.get(ValueLayout.JAVA_LONG, MAX_MESSAGE_AT);
        require(longest >= 0 && longest <= MAX_MESSAGE, "longest message", MAX_MESSAGE, longest, file);
        long bytes = data + capacity;
        long stated = m.get(ValueLayout.JAVA_LONG, FILE_BYTES_AT);
        require(stated == bytes, "stated file length", bytes, stated, file);
        require(fileBytes == bytes, "file length", bytes, fileBytes, file);
        return new MappedFile.Mirror(data, alignment(flags));
    }

    private static void require(boolean ok, String what, long expected, long found, Path file) {
        if (!ok) {
            throw wrong(what, expected, found, file);
        }
    }

    private static IncompatibleSegmentException wrong(String what, long expected, long found, Path file) {
        return new IncompatibleSegmentException(
                "not a usable ring: what=" + what + " expected=" + expected + " found=" + found + " path=" + file);
    }

    static void identify(MemorySegment m, long pidAt, long startAt) {
        ProcessIdentity self = ProcessIdentity.self();
        Words.longOpaque(m, pidAt, self.pid());
        Words.longOpaque(m, startAt, self.startTicks());
    }
}
