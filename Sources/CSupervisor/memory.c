#define _GNU_SOURCE
#include "csupervisor.h"
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

// Swift ends a program by a trap where it gets no memory. Whether that was so is seen by asking for some: what was asked for in vain
// is larger, or nearly nothing is left.
enum { asked_bytes = 64 << 20 };

static const char message[] =
    "error: the system has not got the memory that epbuild needs\n"
    "  \xE2\x86\x92 end other programs, raise the limit (`ulimit -v`), or build with fewer jobs (`-j 1`)\n";

static void on_trap(int number) {
    void *memory = mmap(NULL, asked_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(1);
        _exit(1);
    }
    munmap(memory, asked_bytes);
    signal(number, SIG_DFL);
    raise(number);
}

void explain_lack_of_memory(void) {
    struct sigaction action = {.sa_handler = on_trap, .sa_flags = SA_RESETHAND | SA_NODEFER};
    const int traps[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
    for (size_t index = 0; index < sizeof traps / sizeof traps[0]; index++) {
        struct sigaction present;
        if (sigaction(traps[index], NULL, &present) == 0 && present.sa_handler == SIG_DFL) sigaction(traps[index], &action, NULL);
    }
}
