#include "csupervisor.h"
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *pass(void *argument) {
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return argument;
}

int threads_are_available(int count) {
    pthread_t threads[64];
    int started = 0;
    pthread_mutex_lock(&gate);
    while (started < count && started < 64 && pthread_create(&threads[started], NULL, pass, NULL) == 0) started++;
    pthread_mutex_unlock(&gate);
    for (int index = 0; index < started; index++) pthread_join(threads[index], NULL);
    return started == count;
}
