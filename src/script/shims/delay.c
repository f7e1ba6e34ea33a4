/* Waits at chosen library calls and stalls running threads, to widen windows that are usually too
 * narrow to hit. Loaded with LD_PRELOAD; does nothing unless its variables are set.
 *
 *   NDLOG_DELAY_MS      longest wait at a call, in milliseconds (fractions allowed)
 *   NDLOG_DELAY_TEXT    wait only before a write whose bytes contain this text, and there always
 *   NDLOG_DELAY_CALLS   which kinds of call wait, as the bits of a number; drawn where it is not set
 *   NDLOG_STALL_MS      longest stall of a running thread, at any instruction, in milliseconds
 *   NDLOG_SEED          decides which calls, how often and how long; a new one for each run
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Waits of one process together stay below so many milliseconds and so many of the longest wait, or a
 * loop would never end. A process without threads gets a part: mostly it only starts another one. */
#define MOST_MS 1000
#define MOST_WAITS 20
#define WITHOUT_THREADS 0.1

static double delay_ms, stall_ms, chance;
static const char *text;
static size_t text_length;
static uint64_t calls, state;
static long waited_us;
static int threads;

/* SplitMix64; a lost update between threads only changes which number comes next. */
static uint64_t bits(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double unit(void) { return (double)(bits() >> 11) / 9007199254740992.0; }

static void rest(double ms) {
    int saved = errno;
    struct timespec left = {(time_t)(ms / 1000), (long)((ms - 1000.0 * (time_t)(ms / 1000)) * 1e6)};
    while (syscall(SYS_nanosleep, &left, &left) != 0 && errno == EINTR) {
    }
    errno = saved;
}

/* Rests if the process has rested less than it may. */
static void rest_within(double ms, double longest) {
    double most = (MOST_MS + MOST_WAITS * longest) * (threads ? 1 : WITHOUT_THREADS);
    long now = __atomic_add_fetch(&waited_us, (long)(ms * 1000), __ATOMIC_RELAXED);
    if (now <= most * 1000) rest(ms);
}

/* Each run draws anew which kinds of call wait: half of them do. */
static void wait_at(int call) {
    if (delay_ms <= 0 || text != NULL || !(calls >> call & 1) || unit() >= chance) return;
    rest_within(delay_ms * (0.2 + 0.8 * unit()), delay_ms);
}

static void stall(int signal_number) {
    (void)signal_number;
    rest_within(stall_ms * unit(), stall_ms);
    /* The next stall comes after another while of computing. */
    struct itimerval next = {{0, 0}, {0, (long)(200 + bits() % 8000)}};
    setitimer(ITIMER_PROF, &next, NULL);
}

static double number(const char *name) {
    const char *value = getenv(name);
    return value ? strtod(value, NULL) : 0;
}

__attribute__((constructor)) static void start(void) {
    delay_ms = number("NDLOG_DELAY_MS");
    stall_ms = number("NDLOG_STALL_MS");
    text = getenv("NDLOG_DELAY_TEXT");
    text_length = text ? strlen(text) : 0;
    if (text_length == 0) text = NULL;
    const char *seed = getenv("NDLOG_SEED");
    state = (seed ? strtoull(seed, NULL, 10) : 1) ^ (uint64_t)getpid() << 32;
    const char *chosen = getenv("NDLOG_DELAY_CALLS");
    calls = bits();
    if (chosen) calls = strtoull(chosen, NULL, 10);
    chance = unit() < 0.4 ? 1 : 0.5 * unit();
    /* Otherwise lines would reach the pipe in blocks, long after the step that they tell of. */
    if (delay_ms > 0) setvbuf(stdout, NULL, _IOLBF, 0);
    if (stall_ms > 0) {
        struct sigaction action = {0};
        action.sa_handler = stall;
        action.sa_flags = SA_RESTART;
        sigaction(SIGPROF, &action, NULL);
        struct itimerval first = {{0, 0}, {0, (long)(200 + bits() % 8000)}};
        setitimer(ITIMER_PROF, &first, NULL);
    }
}

/* The condition functions have an old version that dlsym may find first. */
static void *next_of(const char *name) {
    void *found = NULL;
#if defined(__x86_64__)
    if (strncmp(name, "pthread_cond_", 13) == 0) found = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
#endif
    return found ? found : dlsym(RTLD_NEXT, name);
}

#define WRAP(call, type, name, parameters, arguments)              \
    type name parameters {                                          \
        static type(*real) parameters;                              \
        if (!real) real = (type(*) parameters)next_of(#name);       \
        wait_at(call);                                              \
        return real arguments;                                      \
    }

WRAP(0, int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
WRAP(2, int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
WRAP(3, int, pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t *m, const struct timespec *t), (c, m, t))
WRAP(4, int, pthread_cond_signal, (pthread_cond_t * c), (c))
WRAP(5, int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
WRAP(6, int, sem_wait, (sem_t * s), (s))
WRAP(7, int, sem_post, (sem_t * s), (s))
WRAP(8, ssize_t, read, (int fd, void *b, size_t n), (fd, b, n))
WRAP(9, ssize_t, send, (int fd, const void *b, size_t n, int f), (fd, b, n, f))
WRAP(10, ssize_t, recv, (int fd, void *b, size_t n, int f), (fd, b, n, f))
WRAP(11, int, connect, (int fd, const struct sockaddr *a, socklen_t l), (fd, a, l))
WRAP(12, int, accept, (int fd, struct sockaddr *a, socklen_t *l), (fd, a, l))
WRAP(13, int, close, (int fd), (fd))
WRAP(14, int, rename, (const char *a, const char *b), (a, b))
WRAP(15, int, unlink, (const char *a), (a))
WRAP(16, int, pthread_join, (pthread_t t, void **r), (t, r))

/* A timer outlives exec, its handler does not: without this the next program would be killed by it. */
static void disarm(void) {
    struct itimerval none = {{0, 0}, {0, 0}};
    if (stall_ms > 0) setitimer(ITIMER_PROF, &none, NULL);
}

#define WRAP_EXEC(name, parameters, arguments)                     \
    int name parameters {                                           \
        static int(*real) parameters;                               \
        if (!real) real = (int(*) parameters)next_of(#name);        \
        disarm();                                                   \
        return real arguments;                                      \
    }

WRAP_EXEC(execve, (const char *p, char *const a[], char *const e[]), (p, a, e))
WRAP_EXEC(execv, (const char *p, char *const a[]), (p, a))
WRAP_EXEC(execvp, (const char *p, char *const a[]), (p, a))

/* After an unlock is where another thread gets in. */
int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    static int (*real)(pthread_mutex_t *);
    if (!real) real = (int (*)(pthread_mutex_t *))next_of("pthread_mutex_unlock");
    int result = real(mutex);
    wait_at(1);
    return result;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = (ssize_t(*)(int, const void *, size_t))next_of("write");
    if (text != NULL && delay_ms > 0 && memmem(bytes, length, text, text_length) != NULL) {
        rest_within(delay_ms, delay_ms);
    } else {
        wait_at(17);
    }
    return real(fd, bytes, length);
}

/* A file that is checked and then opened is a window of its own. */
static int open_late(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))next_of(name);
    wait_at(18);
    return real(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    va_list rest_of;
    va_start(rest_of, flags);
    mode_t mode = va_arg(rest_of, mode_t);
    va_end(rest_of);
    return open_late("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest_of;
    va_start(rest_of, flags);
    mode_t mode = va_arg(rest_of, mode_t);
    va_end(rest_of);
    return open_late("open64", path, flags, mode);
}

/* A new thread may begin late. */
struct beginning {
    void *(*routine)(void *);
    void *argument;
};

static void *begin(void *given) {
    struct beginning beginning = *(struct beginning *)given;
    free(given);
    wait_at(19);
    return beginning.routine(beginning.argument);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) real = (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))next_of("pthread_create");
    threads = 1;
    struct beginning *beginning = malloc(sizeof *beginning);
    if (beginning == NULL) return real(thread, attributes, routine, argument);
    beginning->routine = routine;
    beginning->argument = argument;
    int result = real(thread, attributes, begin, beginning);
    if (result != 0) free(beginning);
    wait_at(20);
    return result;
}
