#include "csupervisor.h"
#include <pthread.h>
#include <stdbool.h>

enum { most_threads = 64, stack_bytes = 64 << 10 };

// Memory that nobody touches costs nothing; to get it thread by thread does.
static char stacks[most_threads][stack_bytes] __attribute__((aligned(4096)));

// All who ask have the stacks in common.
static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;
// Of many readers, all go on at once when the writer does.
static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;

static void *pass(void *argument) {
    pthread_rwlock_rdlock(&gate);
    pthread_rwlock_unlock(&gate);
    return argument;
}

int threads_are_available(int count) {
    pthread_t threads[most_threads];
    int started = 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_mutex_lock(&asking);
    pthread_rwlock_wrlock(&gate);
    while (started < count && started < most_threads && pthread_attr_setstack(&attributes, stacks[started], stack_bytes) == 0
        && pthread_create(&threads[started], &attributes, pass, NULL) == 0) started++;
    pthread_rwlock_unlock(&gate);
    pthread_attr_destroy(&attributes);
    for (int index = 0; index < started; index++) pthread_join(threads[index], NULL);
    pthread_mutex_unlock(&asking);
    return started == count;
}
