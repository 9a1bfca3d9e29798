#include "csupervisor.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { stack_bytes = 64 << 10, heap_piece = 480 << 10 };

// Of many readers, all go on at once when the writer does.
static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;

/// The C library gives each thread a heap of its own, lets it grow by a page at a time, and keeps it for a thread to come.
static void grow_heap(void) {
    void *volatile pieces[] = {malloc(heap_piece), malloc(heap_piece)};
    free(pieces[1]);
    free(pieces[0]);
}

static void *pass(void *argument) {
    pthread_rwlock_rdlock(&gate);
    pthread_rwlock_unlock(&gate);
    grow_heap();
    return argument;
}

int threads_are_available(int count) {
    // Memory that nobody touches costs nothing; to get it thread by thread does. It stays: nobody waits for the last of them to end.
    char *stacks = mmap(NULL, (size_t)count * stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stacks == MAP_FAILED) return 0;
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_rwlock_wrlock(&gate);
    int started = 0;
    while (started < count && pthread_attr_setstack(&attributes, stacks + (size_t)started * stack_bytes, stack_bytes) == 0
        && pthread_create(&thread, &attributes, pass, NULL) == 0) started++;
    pthread_rwlock_unlock(&gate);
    pthread_attr_destroy(&attributes);
    return started == count;
}
