/*
 * What this machine can do in plain C, for the three workloads of the benchmark. References, not bounds: nothing here checks
 * liveness, keeps deadlines or lets anybody join.
 *
 *   W1 mode=spin    two processes hand one cache line to and fro, each on a core of its own
 *   W1 mode=block   the same, asleep in a futex; gap_us=N pauses before each ping
 *   W2 mode=yield   one writer copies messages into a ring of slots, every reader checks each at both ends
 *   W3 mode=yield|block   one request line, a reply line per worker
 *
 * Arguments are key=value, the answer is one JSON line, as from the other peers.
 *   gcc -O3 -march=native reference.c -o reference && ./reference w=W1 mode=spin warm_ms=100 ms=1000
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINE _Alignas(128)
#define READERS 64
#define STOP UINT32_MAX
#define END UINT64_MAX

enum mode { SPIN, YIELD, BLOCK };

/* --- arguments ----------------------------------------------------------------------------------------------- */

static int words;
static char **word;

static const char *text(const char *key, const char *otherwise) {
    size_t length = strlen(key);
    for (int i = 1; i < words; i++) {
        if (!strncmp(word[i], key, length) && word[i][length] == '=') {
            return word[i] + length + 1;
        }
    }
    return otherwise;
}

static long number(const char *key, long otherwise) {
    const char *value = text(key, NULL);
    return value ? atol(value) : otherwise;
}

/* --- time, memory, processes --------------------------------------------------------------------------------- */

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static double cpu(int who) {
    struct rusage r;
    getrusage(who, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static void *shared(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    memset(p, 0, bytes);
    return p;
}

static pid_t child(void) {
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0) {
        perror("fork");
        exit(1);
    }
    return pid;
}

static int reap(pid_t *pids, int count) {
    int bad = 0;
    for (int i = 0; i < count; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        bad += status != 0;
    }
    return bad;
}

static void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* --- waiting ------------------------------------------------------------------------------------------------- */

static inline void pause_core(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static inline uint32_t wait_past(_Atomic uint32_t *at, uint32_t seen, enum mode mode) {
    uint32_t value;
    while ((value = atomic_load_explicit(at, memory_order_acquire)) == seen) {
        if (mode == SPIN) {
            pause_core();
        } else if (mode == YIELD) {
            sched_yield();
        } else {
            syscall(SYS_futex, at, FUTEX_WAIT, value, NULL, NULL, 0);
        }
    }
    return value;
}

static inline void put(_Atomic uint32_t *at, uint32_t value, enum mode mode) {
    atomic_store_explicit(at, value, memory_order_release);
    if (mode == BLOCK) {
        syscall(SYS_futex, at, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
    }
}

static void gap(long micros) {
    if (micros > 0) {
        struct timespec t = {micros / 1000000, micros % 1000000 * 1000};
        nanosleep(&t, NULL);
    }
}

/* --- latencies: exact below a millisecond, to a microsecond below a second ------------------------------------ */

#define FINE 1000000
#define COARSE 1000000

static uint32_t fine[FINE], coarse[COARSE];
static uint64_t samples;

static void record(uint64_t nanos) {
    samples++;
    if (nanos < FINE) {
        fine[nanos]++;
    } else {
        coarse[nanos / 1000 < COARSE ? nanos / 1000 : COARSE - 1]++;
    }
}

static uint64_t percentile(double p) {
    uint64_t left = samples * p / 100;
    for (uint64_t i = 0; i < FINE; i++) {
        if (left < fine[i]) {
            return i;
        }
        left -= fine[i];
    }
    for (uint64_t i = 0; i < COARSE; i++) {
        if (left < coarse[i]) {
            return i * 1000;
        }
        left -= coarse[i];
    }
    return 0;
}

static void print_counts(void) {
    const char *comma = "";
    printf(",\"counts\":[");
    for (uint64_t i = 0; i < FINE + COARSE; i++) {
        uint32_t count = i < FINE ? fine[i] : coarse[i - FINE];
        if (count) {
            printf("%s%llu,%u", comma, (unsigned long long) (i < FINE ? i : (i - FINE) * 1000), count);
            comma = ",";
        }
    }
    printf("]");
}

static void print_latency(const char *w, int readers, int divisor, double seconds, double cpu_seconds, int errors) {
    printf("{\"peer\":\"c\",\"w\":\"%s\",\"mode\":\"%s\",\"readers\":%d,\"gap_us\":%ld,\"p50_ns\":%llu,\"p99_ns\":%llu,"
           "\"p999_ns\":%llu,\"calls_s\":%.0f,\"cpu_pct\":%.1f,\"idle_reader_cpu_pct\":-1,\"errors\":%d",
           w, text("mode", "yield"), readers, number("gap_us", 0), (unsigned long long) percentile(50) / divisor,
           (unsigned long long) percentile(99) / divisor, (unsigned long long) percentile(99.9) / divisor,
           samples / seconds, 100 * cpu_seconds / seconds, errors);
    if (number("hdr", 0)) {
        print_counts();
    }
    printf("}\n");
}

/* --- W1 and W3: a request line, a reply line per worker --------------------------------------------------------- */

typedef struct {
    LINE _Atomic uint32_t number;
    char bytes[200];
} request_line;

typedef struct {
    LINE _Atomic uint32_t number;
    char bytes[100];
} reply_line;

typedef struct {
    request_line request;
    reply_line reply[READERS];
} lines;

static void answer(lines *l, int worker, enum mode mode, size_t request, size_t reply) {
    char bytes[200];
    uint32_t seen = 0;
    while ((seen = wait_past(&l->request.number, seen, mode)) != STOP) {
        memcpy(bytes, l->request.bytes, request);
        memcpy(l->reply[worker].bytes, bytes, reply);
        put(&l->reply[worker].number, seen, mode);
    }
    _exit(0);
}

static void rounds(const char *w, int workers, enum mode mode, size_t request, size_t reply, int divisor, int pinned) {
    lines *l = shared(sizeof(lines));
    pid_t pids[READERS];
    for (int i = 0; i < workers; i++) {
        if (!(pids[i] = child())) {
            if (pinned) {
                pin(1);
            }
            answer(l, i, mode, request, reply);
        }
    }
    if (pinned) {
        pin(0);
    }
    char bytes[200];
    memset(bytes, 3, sizeof bytes);
    long pause = number("gap_us", 0);
    uint64_t warm = number("warm_ms", 1000) * 1000000ull, measured = number("ms", 1500) * 1000000ull;
    uint64_t begin = now(), from = 0;
    uint32_t n = 0;
    for (;;) {
        uint64_t start = now();
        if (!from && start - begin > warm) {
            from = start;
        }
        if (from && start - from > measured) {
            break;
        }
        if (pause) {
            gap(pause);
            start = now();
        }
        n++;
        memcpy(l->request.bytes, bytes, request);
        put(&l->request.number, n, mode);
        for (int i = 0; i < workers; i++) {
            wait_past(&l->reply[i].number, n - 1, mode);
            memcpy(bytes, l->reply[i].bytes, reply);
        }
        if (from) {
            record(now() - start);
        }
    }
    double seconds = (now() - from) / 1e9;
    put(&l->request.number, STOP, mode);
    int errors = reap(pids, workers);
    double share = seconds / ((now() - begin) / 1e9); /* processor time is known of the whole run only */
    print_latency(w, workers, divisor, seconds, share * (cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN)), errors);
}

/* --- W2 ----------------------------------------------------------------------------------------------------- */

typedef struct {
    LINE _Atomic uint64_t position;
} place;

typedef struct {
    LINE _Atomic uint64_t head;
    place tail[READERS];
    LINE _Atomic uint64_t ready;
} ring;

static void read_ring(ring *r, const char *slots, uint64_t count, size_t size, int reader) {
    uint64_t seen = 0, bad = 0;
    atomic_fetch_add(&r->ready, 1);
    for (;;) {
        uint64_t head;
        while ((head = atomic_load_explicit(&r->head, memory_order_acquire)) == seen) {
            sched_yield();
        }
        for (; seen < head; seen++) {
            const char *slot = slots + (seen & (count - 1)) * size;
            uint64_t first, last;
            memcpy(&first, slot, 8);
            memcpy(&last, slot + size - 8, 8);
            if (first == END) {
                atomic_store(&r->tail[reader].position, seen + 1);
                _exit(bad != 0);
            }
            bad |= (first != seen) | (last != ~seen);
            if ((seen & 63) == 63 || size >= 4096) {
                atomic_store_explicit(&r->tail[reader].position, seen + 1, memory_order_release);
            }
        }
        atomic_store_explicit(&r->tail[reader].position, seen, memory_order_release);
    }
}

static uint64_t slowest(ring *r, int readers) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < readers; i++) {
        uint64_t position = atomic_load_explicit(&r->tail[i].position, memory_order_acquire);
        least = position < least ? position : least;
    }
    return least;
}

static void throughput(size_t size, int readers) {
    uint64_t count = size >= 1 << 20 ? 8 : size >= 4096 ? 256 : 16384;
    ring *r = shared(sizeof(ring));
    char *slots = shared(count * size), *message = malloc(size);
    memset(message, 7, size);
    pid_t pids[READERS];
    for (int i = 0; i < readers; i++) {
        if (!(pids[i] = child())) {
            read_ring(r, slots, count, size, i);
        }
    }
    while (atomic_load(&r->ready) < (uint64_t) readers) {
        sched_yield();
    }
    uint64_t warm = number("warm_ms", 1000) * 1000000ull, measured = number("ms", 1000) * 1000000ull;
    uint64_t begin = now(), from = 0, first = 0, limit = count, n = 0, every = size >= 4096 ? 15 : 255;
    for (int stop = 0; !stop; n++) {
        if ((n & every) == 0) {
            uint64_t t = now();
            if (!from && t - begin > warm) {
                from = t;
                first = n;
            }
            stop = from && t - from > measured;
        }
        while (n >= limit) {
            limit = slowest(r, readers) + count;
            if (n >= limit) {
                sched_yield();
            }
        }
        uint64_t stamp = stop ? END : n, last = ~n;
        memcpy(message, &stamp, 8);
        memcpy(message + size - 8, &last, 8);
        memcpy(slots + (n & (count - 1)) * size, message, size);
        atomic_store_explicit(&r->head, n + 1, memory_order_release);
    }
    int errors = reap(pids, readers);
    double seconds = (now() - from) / 1e9, all = (now() - begin) / 1e9, sent = n - 1 - first;
    printf("{\"peer\":\"c\",\"w\":\"W2\",\"mode\":\"yield\",\"size\":%zu,\"readers\":%d,\"msgs_s\":%.0f,\"gbps\":%.4f,"
           "\"errors\":%d,\"cpu_pct\":%.1f}\n",
           size, readers, sent / seconds, sent * size / seconds / 1e9, errors,
           100 * (cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN)) / all);
}

int main(int argc, char **argv) {
    words = argc;
    word = argv;
    const char *w = text("w", ""), *how = text("mode", "yield");
    enum mode mode = !strcmp(how, "spin") ? SPIN : !strcmp(how, "block") ? BLOCK : YIELD;
    int readers = number("readers", 1);
    long size = number("size", 64);
    if (readers < 1 || readers > READERS || size < 16) {
        fprintf(stderr, "readers must be 1 to %d, size at least 16\n", READERS);
        return 2;
    }
    if (!strcmp(w, "W1")) {
        rounds("W1", 1, mode, 0, 0, 2, mode == SPIN);
    } else if (!strcmp(w, "W2")) {
        throughput(size, readers);
    } else if (!strcmp(w, "W3")) {
        rounds("W3", readers, mode, 200, 100, 1, 0);
    } else {
        fprintf(stderr, "w must be W1, W2 or W3\n");
        return 2;
    }
    return 0;
}
