#define _GNU_SOURCE
#include "csupervisor.h"
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Swift ends a program by a trap where it gets no memory, and tells of it as of any other mistake. Whether that was so is seen by
// asking for more.
enum { asked_bytes = 256 << 20, needed_room = 512 << 20 };

static const char message[] =
    "error: the system has not got the memory that epbuild needs\n"
    "  \xE2\x86\x92 end other programs, raise the limit (`ulimit -v`), or build with fewer jobs (`-j 1`)\n";

static const int traps[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
enum { trap_count = sizeof traps / sizeof traps[0] };
/// Who was there before: Swift's own handlers, which show where a program was.
static struct sigaction others[trap_count];

int room_is_available(void) {
    // Nothing is to be written there: so it counts against `ulimit -v` alone.
    void *room = mmap(NULL, needed_room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room != MAP_FAILED && munmap(room, needed_room) == 0;
}

static void on_trap(int number) {
    void *memory = mmap(NULL, asked_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(1);
        _exit(1);
    }
    munmap(memory, asked_bytes);
    for (size_t index = 0; index < trap_count; index++) sigaction(traps[index], &others[index], NULL);
    raise(number);
}

void explain_lack_of_memory(void) {
    struct sigaction action = {.sa_handler = on_trap, .sa_flags = SA_NODEFER | SA_ONSTACK};
    for (size_t index = 0; index < trap_count; index++) sigaction(traps[index], &action, &others[index]);
}

void return_memory_of(int bytes) {
    mallopt(M_MMAP_THRESHOLD, bytes);
    // To give a heap's end back stops all other processors.
    mallopt(M_TRIM_THRESHOLD, 2 * bytes);
}

// Where the variables of the program lie, as the linker and the C library's start files name it.
extern char __dso_handle[] __attribute__((visibility("hidden"), weak)), __TMC_END__[] __attribute__((visibility("hidden"), weak));
extern char __bss_start[] __attribute__((weak)), _end[] __attribute__((weak));
enum { page = 4096, most_variables = 768 << 10 };

static void make_pages(const char *start, const char *end) {
    uintptr_t from = (uintptr_t)start & ~(uintptr_t)(page - 1), to = ((uintptr_t)end + page - 1) & ~(uintptr_t)(page - 1);
    if (start == NULL || from >= to) return;
    // What C libraries have comes last, and most of it is never used. An older kernel knows nothing of this.
    madvise((void *)from, to - from < most_variables ? to - from : most_variables, MADV_POPULATE_WRITE);
}

void make_pages_of_variables(void) {
    make_pages(__dso_handle, __TMC_END__);
    make_pages(__bss_start, _end);
}
