/*
 * Follows a live ring, or prints a board, from the files alone: what LAYOUT.md says, in C. Only reads.
 *
 *   reader ring FILE    says "following", checks every message, long ones too; ends with the ring
 *   reader board FILE   prints all there is: driver, ranks, calls, collectives, sections, flight recorders, stacks, verdicts
 *
 * cc -std=c11 -O2 -Wall -Wextra -Werror -o reader reader.c
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOTS_AT = 12, FILE_BYTES_AT = 16, CAPACITY_AT = 24, DATA_AT = 32, FLAGS_AT = 40, MAX_MESSAGE_AT = 48 };
enum { TAIL = 128, WRITER_STATE = 256, CLAIM_LIMIT = 384, WRITER_CLOSED = 2, FLAG_FOLLOWERS = 4 };
enum { PADDING = 1, FRAGMENT = 2, LAST = 4, FRAGMENT_BYTES = 24 };

static uint64_t u64(const uint8_t *p) {
    return atomic_load_explicit((const _Atomic uint64_t *)(const void *)p, memory_order_acquire);
}

static uint32_t u32(const uint8_t *p) {
    return atomic_load_explicit((const _Atomic uint32_t *)(const void *)p, memory_order_acquire);
}

static void fail(const char *what) {
    printf("refused %s\n", what);
    exit(1);
}

static const uint8_t *map(const char *path, size_t *bytes, const char *magic) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size < 1024) {
        fail("file");
    }
    const uint8_t *m = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (m == MAP_FAILED) {
        fail("mapping");
    }
    uint32_t version = u32(m + 8);
    if (version >> 16 != 1 || memcmp(m, magic, 8) != 0 || u64(m + FILE_BYTES_AT) != (uint64_t)st.st_size) {
        fail("magic, version or length");
    }
    *bytes = (size_t)st.st_size;
    return m;
}

/* A frame may run over the end of the data area: here it is copied in two parts instead of mapping the area twice. */
static void copy(uint8_t *to, const uint8_t *data, uint64_t capacity, uint64_t at, uint64_t bytes) {
    uint64_t offset = at & (capacity - 1);
    uint64_t first = bytes < capacity - offset ? bytes : capacity - offset;
    memcpy(to, data + offset, first);
    memcpy(to + first, data, bytes - first);
}

static int overtaken(const uint8_t *m, uint64_t at, uint64_t capacity) {
    atomic_thread_fence(memory_order_acquire);
    return (int64_t)(u64(m + CLAIM_LIMIT) - capacity - at) > 0;
}

/* A message whose fragments are coming in. */
struct assembly {
    uint64_t id, total, received;
    uint32_t next;
    int open;
    uint8_t *bytes;
};

/* Takes one in; true when the message is complete. One that was missed in part is passed over until the next index 0. */
static int assemble(struct assembly *a, const uint8_t *part, uint64_t length, uint64_t longest, int last) {
    uint64_t id, total;
    uint32_t index;
    if (length < FRAGMENT_BYTES) {
        fail("fragment length");
    }
    memcpy(&id, part, 8);
    memcpy(&total, part + 8, 8);
    memcpy(&index, part + 16, 4);
    if (index == 0) {
        if (total > longest) {
            fail("message length");
        }
        a->id = id;
        a->total = total;
        a->received = 0;
        a->next = 0;
        a->open = 1;
    } else if (!a->open || id != a->id || index != a->next) {
        a->open = 0;
        return 0;
    }
    uint64_t bytes = length - FRAGMENT_BYTES;
    if (bytes > a->total - a->received) {
        fail("fragments");
    }
    uint8_t *grown = realloc(a->bytes, a->received + bytes + 1);
    if (grown == NULL) {
        fail("memory");
    }
    memcpy(grown + a->received, part + FRAGMENT_BYTES, bytes);
    a->bytes = grown;
    a->received += bytes;
    a->next++;
    return last && a->received == a->total;
}

/* The test's messages: their own number in every 8 bytes, as many as the type says. */
static void check(const uint8_t *message, uint64_t length, uint32_t type, uint64_t number) {
    if (length != 8 * (uint64_t)type) {
        fail("payload length");
    }
    for (uint32_t i = 0; i < type; i++) {
        uint64_t word;
        memcpy(&word, message + 8 * (size_t)i, 8);
        if (word != number) {
            printf("torn number=%" PRIu64 " word=%u found=%" PRIu64 "\n", number, i, word);
            exit(1);
        }
    }
}

static int follow(const char *path) {
    size_t bytes;
    const uint8_t *m = map(path, &bytes, "RCRING\1\0");
    uint64_t capacity = u64(m + CAPACITY_AT), data_at = u64(m + DATA_AT), longest = u64(m + MAX_MESSAGE_AT);
    if ((capacity & (capacity - 1)) != 0 || data_at + capacity != bytes || !(u32(m + FLAGS_AT) & FLAG_FOLLOWERS)) {
        fail("geometry or flags");
    }
    const uint8_t *data = m + data_at;
    uint8_t *frame = malloc(capacity);
    struct assembly parts = {0};
    uint64_t at = u64(m + TAIL), messages = 0, fragments = 0, crossed = 0, lost = 0;
    if (frame == NULL || (at & 7) != 0) {
        fail("tail");
    }
    printf("following from=%" PRIu64 "\n", at);
    fflush(stdout);
    for (;;) {
        uint64_t header = u64(data + (at & (capacity - 1)));
        if (overtaken(m, at, capacity)) {
            lost++;
            parts.open = 0;
            at = u64(m + TAIL);
            continue;
        }
        if (header == 0) {
            if (u64(m + WRITER_STATE) == WRITER_CLOSED && u64(data + (at & (capacity - 1))) == 0) {
                break;
            }
            sched_yield();
            continue;
        }
        uint32_t length = (uint32_t)header, flags = (uint32_t)(header >> 32) & 0xff, type = (uint32_t)(header >> 40);
        if (length < 8 || length > capacity - 8) {
            fail("frame length");
        }
        copy(frame, data, capacity, at + 8, length - 8);
        if (overtaken(m, at, capacity)) {
            lost++;
            parts.open = 0;
            at = u64(m + TAIL);
            continue;
        }
        crossed += (at & (capacity - 1)) + 8 < capacity && (at & (capacity - 1)) + length > capacity;
        at += (length + 7) & ~(uint64_t)7;
        if (flags & FRAGMENT) {
            fragments++;
            if (assemble(&parts, frame, length - 8, longest, flags & LAST)) {
                check(parts.bytes, parts.total, type, messages++);
            }
        } else if (!(flags & PADDING)) {
            check(frame, length - 8, type, messages++);
        }
    }
    printf("end messages=%" PRIu64 " fragments=%" PRIu64 " crossed=%" PRIu64 " lost=%" PRIu64 " position=%" PRIu64 "\n",
           messages, fragments, crossed, lost, at);
    return 0;
}

enum { DRIVER = 20480, WATCHDOG = 40960, RANKS = 49152, RANK_BYTES = 49152, FLIGHT_SLOTS = 256 };

static const char *const phases[] = {"ABSENT", "STARTING", "READY", "DRAINING", "FAILED", "CLOSED"};
static const char *const kinds[] = {
    "?", "DEAD", "STOPPED", "SPINNING", "BLOCKED", "MISSING_FROM_COLLECTIVE", "DRIVER_HUNG", "STARVED", "TRACED",
    "SELF_STALLED", "COLLECTIVE_MISMATCH", "REPLY_LOST", "REQUEST_UNSEEN", "LOOP_LOST", "UNINTERRUPTIBLE",
    "COLLECTIVE_STUCK", "PAUSED_VM", "STRAGGLER", "DEADLOCKED", "PAUSED_CGROUP"};
static const char *const events[] = {
    "NONE", "RECEIVED", "STARTED", "FINISHED", "REPLIED", "COLLECTIVE_ENTERED", "COLLECTIVE_LAUNCHED",
    "COLLECTIVE_COMPLETED", "SECTION_BEGIN", "SECTION_END", "PHASE", "ISSUED", "COMPLETED", "FAILED", "CANCELLED"};

#define NAME(names, code) ((code) < sizeof names / sizeof names[0] ? names[code] : "?")

static void name(const uint8_t *m, uint32_t id, char *out) {
    const uint8_t *at = m + 256 + 64 * (id & 255);
    size_t length = at[0] <= 56 ? at[0] : 56;
    memcpy(out, at + 1, length);
    out[id == 0 ? 0 : length] = 0;
}

/* A record of several words, begun by its sequence: all of one writing, or none. */
static int record(const uint8_t *at, uint64_t sequence, uint8_t *to, size_t bytes) {
    if (sequence == 0 || u64(at) != sequence) {
        return 0;
    }
    memcpy(to, at, bytes);
    atomic_thread_fence(memory_order_acquire);
    return u64(at) == sequence;
}

static uint64_t word(const uint8_t *copied, size_t at) {
    uint64_t value;
    memcpy(&value, copied + at, 8);
    return value;
}

static uint32_t half(const uint8_t *copied, size_t at) {
    uint32_t value;
    memcpy(&value, copied + at, 4);
    return value;
}

static int bounded(uint64_t length, int most) {
    return length <= (uint64_t)most ? (int)length : most;
}

static void flight(const uint8_t *m, const char *who) {
    uint64_t last = u64(m);
    for (uint64_t n = last < FLIGHT_SLOTS ? 1 : last - FLIGHT_SLOTS + 1; n <= last; n++) {
        uint8_t r[32];
        if (record(m + 128 + n % FLIGHT_SLOTS * 32, n, r, sizeof r)) {
            uint64_t kind = word(r, 24) >> 56;
            printf("flight %s event=%" PRIu64 " kind=%s a=%" PRIu64 " b=%" PRId64 "\n", who, n, NAME(events, kind), word(r, 16),
                   (int64_t)(word(r, 24) << 8) >> 8);
        }
    }
}

static void collectives(const uint8_t *block, uint32_t rank) {
    for (int i = 0; i < 4; i++) {
        const uint8_t *c = block + 1024 + i * 512;
        uint64_t communicator = u64(c), completed = u64(c + 24), launched = u64(c + 16), entered = u64(c + 8);
        uint8_t r[64] = {0};
        if (communicator == 0) {
            return;
        }
        if (!record(c + 128 + (entered & 1) * 64, entered, r, sizeof r)) {
            memset(r, 0, sizeof r);
        }
        printf("collective rank=%u communicator=%" PRIu64 " entered=%" PRIu64 " launched=%" PRIu64 " completed=%" PRIu64
               " op=%.*s count=%" PRIu64 " dtype=%.*s\n", rank, communicator - 1, entered, launched, completed,
               bounded(r[16], 15), (char *)r + 17, word(r, 8), bounded(r[32], 15), (char *)r + 33);
    }
}

static void rank(const uint8_t *m, uint32_t rank) {
    const uint8_t *b = m + RANKS + rank * (size_t)RANK_BYTES;
    uint64_t finished = u64(b + 272), started = u64(b + 264), received = u64(b + 256);
    uint8_t call[64], section[128], cycle[448];
    char method[57], class[57], who[16];
    int whole = record(b + 512 + (started & 1) * 64, started, call, sizeof call);
    name(m, whole ? half(call, 8) : 0, method);
    name(m, whole ? half(call, 12) : 0, class);
    printf("rank=%u pid=%" PRIu64 " phase=%s received=%" PRIu64 " started=%" PRIu64 " finished=%" PRIu64
           " method=%s class=%s\n", rank, u64(b), NAME(phases, u64(b + 128) & 255), received, started, finished, method, class);
    uint64_t open = u64(b + 896);
    if (record(b + 640 + (open & 1) * 128, open, section, sizeof section)) {
        printf("section rank=%u sequence=%" PRIu64 " boundNs=%" PRIu64 " name=%.*s\n", rank, open, word(section, 8),
               bounded(half(section, 16), 48), (char *)section + 32);
    }
    uint64_t caught = u64(b + 408);
    if (record(b + 11392 + (caught & 1) * 448, caught, cycle, sizeof cycle)) {
        printf("cycle rank=%u call=%" PRIu64 " looks=%" PRIu64 " text=%.*s\n", rank, word(cycle, 8), word(cycle, 16),
               bounded(half(cycle, 24), 416), (char *)cycle + 32);
    }
    collectives(b, rank);
    uint64_t answered = u64(b + 392);
    if (answered != 0) {
        printf("stack rank=%u request=%" PRIu64 " text=%.*s\n", rank, answered, bounded(u64(b + 400), 36864),
               (const char *)b + 12288);
    }
    snprintf(who, sizeof who, "rank=%u", rank);
    flight(b + 3072, who);
}

static void verdict(const char *what, uint64_t sequence, const uint8_t *records) {
    uint8_t r[1024];
    if (record(records + (sequence & 1) * 1024, sequence, r, sizeof r)) {
        double confidence;
        memcpy(&confidence, r + 24, 8);
        printf("%s=%" PRIu64 " kind=%s rank=%d call=%" PRIu64 " confidence=%.2f victims=%" PRIx64 " reason=%.*s\n", what,
               sequence, NAME(kinds, half(r, 8)), (int)half(r, 12), word(r, 16), confidence, word(r, 32),
               bounded(half(r, 40), 400), (char *)r + 64);
    }
}

static int board(const char *path) {
    size_t bytes;
    const uint8_t *m = map(path, &bytes, "RCBOARD\1");
    uint32_t workers = u32(m + SLOTS_AT);
    if (workers < 1 || workers > 64 || bytes != RANKS + workers * (size_t)RANK_BYTES) {
        fail("workers");
    }
    const uint8_t *driver = m + DRIVER, *watchdog = m + WATCHDOG;
    char method[57], class[57];
    printf("driver pid=%" PRIu64 " phase=%s ticks=%" PRIu64 " issued=%" PRIu64 " completed=%" PRIu64 " failed=%" PRIu64
           " epochOver=%" PRIu64 "\n", u64(driver), NAME(phases, u64(driver + 128) & 255), u64(driver + 256),
           u64(driver + 512), u64(driver + 520), u64(driver + 528), u64(driver + 768));
    flight(driver + 8192, "driver");
    for (uint32_t r = 0; r < workers; r++) {
        rank(m, r);
    }
    for (int i = 0; i < 64; i++) {
        uint8_t row[64];
        uint64_t id = u64(driver + 2048 + i * 64);
        if (record(driver + 2048 + i * 64, id, row, sizeof row)) {
            name(m, half(row, 8), method);
            name(m, half(row, 12), class);
            printf("call=%" PRIu64 " method=%s class=%s replyRank=%d timeoutNs=%" PRIu64 "\n", id, method, class,
                   (int)half(row, 16), word(row, 24));
        }
    }
    for (int i = 0; i < 128; i++) {
        uint64_t id = u64(driver + 1024 + i * 8);
        if (id != 0) {
            printf("cancelled=%" PRIu64 "\n", id);
        }
    }
    printf("watchdog pid=%" PRIu64 " enforce=%" PRIu64 " ticks=%" PRIu64 " worstStallNs=%" PRIu64 "\n", u64(watchdog),
           u64(watchdog + 128), u64(watchdog + 136), u64(watchdog + 144));
    verdict("suspect", u64(watchdog + 264), watchdog + 3072);
    verdict("verdict", u64(watchdog + 256), watchdog + 1024);
    uint64_t sealed = u64(watchdog + 512);
    if (sealed != 0) {
        printf("sealed=%" PRIu64 " incident=%.*s\n", sealed, bounded(u64(watchdog + 520), 256), (const char *)watchdog + 528);
    }
    printf("end\n");
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "ring") == 0) {
        return follow(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "board") == 0) {
        return board(argv[2]);
    }
    fprintf(stderr, "usage: reader ring|board FILE\n");
    return 2;
}
