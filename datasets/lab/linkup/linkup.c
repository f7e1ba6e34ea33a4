/* Brings two links up between this process (the host) and an endpoint process over UDP on loopback:
 * the endpoint calibrates its receiver, then answers HELLO; after training both exchange heartbeats. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LINKS = 2, HELLO_PERIOD_MS = 10, HEARTBEATS = 40, HEARTBEAT_LIMIT_MS = 250, TAPS = 4 };

static double milliseconds_since(struct timespec start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - start.tv_sec) * 1e3 + (now.tv_nsec - start.tv_nsec) / 1e6;
}

static struct timespec now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time;
}

static int open_port(struct sockaddr_in *address)
{
    socklen_t length = sizeof *address;
    int port = socket(AF_INET, SOCK_DGRAM, 0);
    if (port < 0 || bind(port, (struct sockaddr *)address, length) < 0) {
        perror("linkup: bind");
        exit(2);
    }
    getsockname(port, (struct sockaddr *)address, &length);
    return port;
}

/* Adjusts the equaliser until the eye is open; every pass waits for the loop filter to settle. */
static int calibrate(unsigned seed)
{
    double error[TAPS], worst = 1.0;
    int passes = 0;
    for (int i = 0; i < TAPS; i++)
        error[i] = 0.5 + rand_r(&seed) / (2.0 * RAND_MAX);
    while (worst > 0.02) {
        worst = 0;
        for (int i = 0; i < TAPS; i++) {
            error[i] *= 0.55 + 0.5 * rand_r(&seed) / RAND_MAX;
            worst = fmax(worst, error[i]);
        }
        usleep(1500);
        passes++;
    }
    return passes;
}

static void run_endpoint(int link, struct sockaddr_in address)
{
    unsigned seed;
    char message[32];
    struct sockaddr_in host;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getrandom(&seed, sizeof seed, 0) < 0)
        seed = getpid();
    struct timespec start = now();
    int passes = calibrate(seed);
    int port = open_port(&address);
    printf("endpoint %d: calibrated in %d passes (%.1f ms), listening on port %d\n", link, passes,
           milliseconds_since(start), ntohs(address.sin_port));
    for (;;) {
        socklen_t length = sizeof host;
        ssize_t size = recvfrom(port, message, sizeof message, 0, (struct sockaddr *)&host, &length);
        if (size > 0)
            sendto(port, message, size, 0, (struct sockaddr *)&host, length);
    }
}

/* Returns 1 if and only if the endpoint answered `message` within `limit_ms`. */
static int exchange(int port, const struct sockaddr_in *endpoint, const char *message, int limit_ms)
{
    char answer[32];
    struct pollfd waiting = {.fd = port, .events = POLLIN};
    sendto(port, message, strlen(message), 0, (const struct sockaddr *)endpoint, sizeof *endpoint);
    return poll(&waiting, 1, limit_ms) == 1 && recv(port, answer, sizeof answer, 0) > 0;
}

static int train(int link, int port, const struct sockaddr_in *endpoint, int limit_ms)
{
    struct timespec start = now();
    int hellos = 0;
    while (milliseconds_since(start) < limit_ms) {
        hellos++;
        if (exchange(port, endpoint, "HELLO", HELLO_PERIOD_MS)) {
            printf("link %d: trained after %d hellos, %.1f ms\n", link, hellos, milliseconds_since(start));
            return 1;
        }
    }
    printf("link %d: ERROR: link not trained: %d hellos without answer in %d ms, state POLLING\n", link, hellos, limit_ms);
    return 0;
}

static int keep_alive(int link, int port, const struct sockaddr_in *endpoint)
{
    for (int beat = 1; beat <= HEARTBEATS; beat++) {
        if (!exchange(port, endpoint, "BEAT", HEARTBEAT_LIMIT_MS)) {
            printf("link %d: ERROR: heartbeat %d lost, link down\n", link, beat);
            return 0;
        }
        usleep(8000);
    }
    printf("link %d: %d heartbeats, link up\n", link, HEARTBEATS);
    return 1;
}

static int test_link(int link, int limit_ms)
{
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in endpoint = own;
    close(open_port(&endpoint));
    int port = open_port(&own);
    printf("link %d: bringing up, endpoint port %d\n", link, ntohs(endpoint.sin_port));
    pid_t child = fork();
    if (child == 0)
        run_endpoint(link, endpoint);
    int up = train(link, port, &endpoint, limit_ms) && keep_alive(link, port, &endpoint);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(port);
    return up;
}

int main(void)
{
    const char *limit = getenv("LINK_TRAIN_TIMEOUT_MS");
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int link = 0; link < LINKS; link++) {
        printf("=== RUN   link_%d_comes_up\n", link);
        if (!test_link(link, limit ? atoi(limit) : 1000)) {
            printf("--- FAIL: link_%d_comes_up\nFAIL\n", link);
            return 1;
        }
        printf("--- PASS: link_%d_comes_up\n", link);
    }
    printf("PASS\n");
    return 0;
}
