/* A small double-entry ledger and its tests: tellers post deposits in parallel, each account has its
 * own lock, every posting is written to a journal, and at the end the books must balance.
 *
 * Prints TAP, one line a test, and exits with 1 when a test failed. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { ACCOUNTS = 8, TELLERS = 3, DEPOSITS = 20, LONGEST_PAUSE_US = 12000 };

struct account {
    pthread_mutex_t lock;
    long cents;
};

struct ledger {
    struct account accounts[ACCOUNTS];
    long turnover;
    int journal;
};

struct teller {
    struct ledger *ledger;
    int number;
    unsigned seed;
    long taken;
};

static int tests, failures;

static void check_equal(const char *name, long got, long expected, int line)
{
    tests++;
    if (got == expected) {
        printf("ok %d - %s\n", tests, name);
        return;
    }
    failures++;
    printf("not ok %d - %s\n", tests, name);
    printf("#   Failed test '%s'\n#   at ledger_test.c line %d.\n", name, line);
    printf("#          got: %ld\n#     expected: %ld\n", got, expected);
}
#define CHECK_EQUAL(name, got, expected) check_equal(name, got, expected, __LINE__)

static void ledger_open(struct ledger *ledger)
{
    char path[] = "/tmp/ledger-journal-XXXXXX";
    memset(ledger, 0, sizeof *ledger);
    for (int i = 0; i < ACCOUNTS; i++)
        pthread_mutex_init(&ledger->accounts[i].lock, NULL);
    ledger->journal = mkstemp(path);
    if (ledger->journal < 0) {
        perror("ledger: journal");
        exit(2);
    }
    unlink(path);
}

static void journal_append(struct ledger *ledger, int account, long cents, long turnover)
{
    char entry[80];
    int length = snprintf(entry, sizeof entry, "account=%d cents=%ld turnover=%ld\n", account, cents, turnover);
    if (write(ledger->journal, entry, length) != length)
        perror("ledger: journal write");
}

static void ledger_post(struct ledger *ledger, int number, long cents)
{
    struct account *account = &ledger->accounts[number];
    pthread_mutex_lock(&account->lock);
    account->cents += cents;
    long turnover = ledger->turnover + cents;
    journal_append(ledger, number, cents, turnover);
    ledger->turnover = turnover;
    pthread_mutex_unlock(&account->lock);
}

static void *serve_customers(void *argument)
{
    struct teller *teller = argument;
    for (int i = 0; i < DEPOSITS; i++) {
        usleep(rand_r(&teller->seed) % LONGEST_PAUSE_US);
        long cents = 100 + rand_r(&teller->seed) % 9900;
        ledger_post(teller->ledger, rand_r(&teller->seed) % ACCOUNTS, cents);
        teller->taken += cents;
    }
    return NULL;
}

static long sum_of_accounts(struct ledger *ledger)
{
    long cents = 0;
    for (int i = 0; i < ACCOUNTS; i++)
        cents += ledger->accounts[i].cents;
    return cents;
}

static void test_single_posting(void)
{
    struct ledger ledger;
    ledger_open(&ledger);
    ledger_post(&ledger, 3, 1250);
    CHECK_EQUAL("a posting reaches its account", ledger.accounts[3].cents, 1250);
    CHECK_EQUAL("a posting counts as turnover", ledger.turnover, 1250);
    close(ledger.journal);
}

static void test_parallel_tellers(void)
{
    struct ledger ledger;
    struct teller tellers[TELLERS] = {0};
    pthread_t threads[TELLERS];
    long taken = 0;
    ledger_open(&ledger);
    for (int i = 0; i < TELLERS; i++) {
        tellers[i].ledger = &ledger;
        tellers[i].number = i;
        if (getrandom(&tellers[i].seed, sizeof tellers[i].seed, 0) < 0)
            tellers[i].seed = getpid() + i;
        pthread_create(&threads[i], NULL, serve_customers, &tellers[i]);
    }
    for (int i = 0; i < TELLERS; i++) {
        pthread_join(threads[i], NULL);
        printf("# teller %d posted %d deposits, %ld cents\n", i, DEPOSITS, tellers[i].taken);
        taken += tellers[i].taken;
    }
    CHECK_EQUAL("accounts hold what the tellers took", sum_of_accounts(&ledger), taken);
    CHECK_EQUAL("turnover is what the tellers took", ledger.turnover, taken);
    close(ledger.journal);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("TAP version 13\n1..4\n");
    test_single_posting();
    test_parallel_tellers();
    if (failures)
        printf("# Looks like you failed %d test of %d.\n", failures, tests);
    return failures != 0;
}
