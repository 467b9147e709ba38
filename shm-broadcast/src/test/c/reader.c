/*
 * Follows a live ring, or prints a board, from the files alone: what LAYOUT.md says, in C. Only reads.
 *
 *   reader ring FILE    says "following", then one line per message; ends with the ring
 *   reader board FILE   prints driver, ranks, calls in flight and verdict
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

enum { SLOTS_AT = 12, FILE_BYTES_AT = 16, CAPACITY_AT = 24, DATA_AT = 32, FLAGS_AT = 40 };
enum { TAIL = 128, WRITER_STATE = 256, CLAIM_LIMIT = 384, WRITER_CLOSED = 2, FLAG_FOLLOWERS = 4 };
enum { PADDING = 1, FRAGMENT = 2 };

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

static int follow(const char *path) {
    size_t bytes;
    const uint8_t *m = map(path, &bytes, "RCRING\1\0");
    uint64_t capacity = u64(m + CAPACITY_AT), data_at = u64(m + DATA_AT);
    if ((capacity & (capacity - 1)) != 0 || data_at + capacity != bytes || !(u32(m + FLAGS_AT) & FLAG_FOLLOWERS)) {
        fail("geometry or flags");
    }
    const uint8_t *data = m + data_at;
    uint8_t *frame = malloc(capacity);
    uint64_t at = u64(m + TAIL), frames = 0, lost = 0;
    if (frame == NULL || (at & 7) != 0) {
        fail("tail");
    }
    printf("following from=%" PRIu64 "\n", at);
    fflush(stdout);
    for (;;) {
        uint64_t header = u64(data + (at & (capacity - 1)));
        if (overtaken(m, at, capacity)) {
            lost++;
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
            at = u64(m + TAIL);
            continue;
        }
        at += (length + 7) & ~(uint64_t)7;
        if (flags & (PADDING | FRAGMENT)) {
            continue;
        }
        /* the test's messages: the number of the frame in every 8 bytes, as many as its type says */
        if (length - 8 != 8 * type) {
            fail("payload length");
        }
        for (uint32_t i = 0; i < type; i++) {
            uint64_t word;
            memcpy(&word, frame + 8 * i, 8);
            if (word != frames) {
                printf("torn frame=%" PRIu64 " word=%u found=%" PRIu64 "\n", frames, i, word);
                return 1;
            }
        }
        frames++;
    }
    printf("end frames=%" PRIu64 " lost=%" PRIu64 " position=%" PRIu64 "\n", frames, lost, at);
    return 0;
}

static void name(const uint8_t *m, uint32_t id, char *out) {
    const uint8_t *at = m + 256 + 64 * (id & 255);
    size_t length = at[0] <= 56 ? at[0] : 56;
    memcpy(out, at + 1, length);
    out[id == 0 ? 0 : length] = 0;
}

static int board(const char *path) {
    static const char *const phases[] = {"ABSENT", "STARTING", "READY", "DRAINING", "FAILED", "CLOSED"};
    size_t bytes;
    const uint8_t *m = map(path, &bytes, "RCBOARD\1");
    uint32_t workers = u32(m + SLOTS_AT);
    if (workers < 1 || workers > 64 || bytes != 49152 + workers * (size_t)49152) {
        fail("workers");
    }
    const uint8_t *driver = m + 20480, *watchdog = m + 40960;
    char method[57], class[57];
    printf("driver pid=%" PRIu64 " phase=%s ticks=%" PRIu64 " issued=%" PRIu64 "\n", u64(driver),
           phases[(u64(driver + 128) & 255) % 6], u64(driver + 256), u64(driver + 512));
    for (uint32_t r = 0; r < workers; r++) {
        const uint8_t *b = m + 49152 + r * (size_t)49152;
        uint64_t finished = u64(b + 272), started = u64(b + 264), received = u64(b + 256);
        const uint8_t *call = b + 512 + (started & 1) * 64;
        uint64_t seen = u64(call);
        uint32_t ids[2] = {u32(call + 8), u32(call + 12)};
        atomic_thread_fence(memory_order_acquire);
        int whole = started != 0 && seen == started && u64(call) == started;
        name(m, whole ? ids[0] : 0, method);
        name(m, whole ? ids[1] : 0, class);
        printf("rank=%u pid=%" PRIu64 " phase=%s received=%" PRIu64 " started=%" PRIu64 " finished=%" PRIu64
               " method=%s class=%s\n", r, u64(b), phases[(u64(b + 128) & 255) % 6], received, started, finished, method, class);
    }
    for (int i = 0; i < 64; i++) {
        const uint8_t *row = driver + 2048 + i * 64;
        uint64_t id = u64(row);
        if (id != 0) {
            name(m, u32(row + 8), method);
            printf("call=%" PRIu64 " method=%s replyRank=%d\n", id, method, (int)u32(row + 16));
        }
    }
    uint64_t sequence = u64(watchdog + 256);
    if (sequence != 0) {
        const uint8_t *v = watchdog + 1024 + (sequence & 1) * 1024;
        uint32_t length = u32(v + 40) <= 400 ? u32(v + 40) : 400;
        printf("verdict=%" PRIu64 " kind=%u rank=%d reason=%.*s\n", sequence, u32(v + 8), (int)u32(v + 12), (int)length,
               (const char *)v + 64);
    }
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
