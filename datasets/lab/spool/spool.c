/* Collects measurement records from a spool folder while a sensor thread still writes them, and checks
 * that every record arrives whole. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS = 80, RECORD_BYTES = 4096, HEAD_START = 6, COLLECT_PERIOD_US = 12000, RETRY_US = 2000 };

static char folder[] = "/tmp/spool-XXXXXX";

static void record_path(char *path, size_t size, int number)
{
    snprintf(path, size, "%s/%04d.rec", folder, number);
}

/* Fills a record with samples of a damped oscillator; takes about 2 ms of CPU. */
static void measure(unsigned char *record, unsigned *seed)
{
    double position = 1.0, speed = 0.0;
    for (int i = 0; i < RECORD_BYTES; i++) {
        for (int step = 0; step < 100; step++) {
            speed -= 0.01 * position + 0.001 * speed;
            position += 0.01 * speed;
        }
        record[i] = (unsigned char)(128 + 100 * position) ^ (rand_r(seed) & 3);
    }
}

static void *run_sensor(void *ready)
{
    unsigned seed;
    unsigned char record[RECORD_BYTES];
    char path[64];
    if (getrandom(&seed, sizeof seed, 0) < 0)
        seed = getpid();
    for (int number = 0; number < RECORDS; number++) {
        record_path(path, sizeof path, number);
        int file = open(path, O_CREAT | O_WRONLY, 0600);
        if (file < 0 || write(file, "REC1", 4) != 4) {
            fprintf(stderr, "spool: sensor cannot write %s: %s\n", path, strerror(errno));
            return NULL;
        }
        usleep(rand_r(&seed) % 12000);
        measure(record, &seed);
        if (write(file, record, sizeof record) != sizeof record)
            perror("spool: sensor write");
        close(file);
        if (number == HEAD_START)
            pthread_barrier_wait(ready);
    }
    return NULL;
}

/* Returns the size of record `number` once it is whole, or -1 with errno set. */
static ssize_t collect(int number, int *retries)
{
    unsigned char record[4 + RECORD_BYTES + 1];
    char path[64];
    record_path(path, sizeof path, number);
    for (;;) {
        int file = open(path, O_RDONLY);
        if (file < 0 && errno == ENOENT) {
            usleep(RETRY_US);
            continue;
        }
        if (file < 0)
            return -1;
        ssize_t size = read(file, record, sizeof record);
        if (size < 4 + RECORD_BYTES) {
            if ((*retries)++ % 5 == 0)
                printf("spool: record %d has %zd bytes so far, trying again (%d retries)\n", number, size, *retries);
            usleep(RETRY_US);
            continue;
        }
        close(file);
        return size;
    }
}

static void remove_spool(void)
{
    char path[64];
    for (int number = 0; number < RECORDS; number++) {
        record_path(path, sizeof path, number);
        unlink(path);
    }
    rmdir(folder);
}

static int test_every_record_arrives(void)
{
    pthread_t sensor;
    pthread_barrier_t ready;
    int retries = 0;
    pthread_barrier_init(&ready, NULL, 2);
    pthread_create(&sensor, NULL, run_sensor, &ready);
    pthread_barrier_wait(&ready);
    for (int number = 0; number < RECORDS; number++) {
        if (collect(number, &retries) < 0) {
            printf("spool.c:%d: record %d: open: %s\n", __LINE__, number, strerror(errno));
            printf("spool: collected %d of %d records\n", number, RECORDS);
            return 0;
        }
        if (number % 20 == 19)
            printf("spool: collected %d of %d records\n", number + 1, RECORDS);
        usleep(COLLECT_PERIOD_US);
    }
    pthread_join(sensor, NULL);
    return 1;
}

int main(void)
{
    struct rlimit files;
    setvbuf(stdout, NULL, _IOLBF, 0);
    getrlimit(RLIMIT_NOFILE, &files);
    if (!mkdtemp(folder)) {
        perror("spool: mkdtemp");
        return 2;
    }
    printf("spool: %d records in %s, open files limit %lu\n", RECORDS, folder, (unsigned long)files.rlim_cur);
    int passed = test_every_record_arrives();
    remove_spool();
    printf("%s: every_record_arrives\n", passed ? "PASS" : "FAIL");
    return !passed;
}
