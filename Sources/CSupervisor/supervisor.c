// close_range, ppoll, prctl
#define _GNU_SOURCE
#include "csupervisor.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The supervisor is a fork of a process with many threads: it calls nothing but what is safe in a signal handler.

enum { grace_milliseconds = 2000, end_milliseconds = 5000 };

static struct rlimit program_descriptors;

void prepare_process(void) {
    int nothing;
    while ((nothing = open("/dev/null", O_RDWR)) >= 0 && nothing <= STDERR_FILENO) {}
    if (nothing >= 0) close(nothing);
    struct rlimit limit;
    if (program_descriptors.rlim_max != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    program_descriptors = limit;
    rlim_t most = 65536;
    limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : limit.rlim_cur > most ? limit.rlim_cur : most;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// The environment of a build may hold keys: nobody is to read them off a process that waits. Programs have an environment of their own.
static void forget_environment(void) {
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        for (volatile char *byte = *entry; *byte != 0; byte++) *byte = 0;
}

static void on_child(int signal) { (void)signal; }

/// What was ignored or blocked here must not be so in a program.
static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int compare(const void *left, const void *right) { return *(const int *)left - *(const int *)right; }

/// Closes every descriptor but those that are kept.
static void close_others(int first, int *kept, size_t count) {
    qsort(kept, count, sizeof kept[0], compare);
    unsigned int next = (unsigned int)first;
    for (size_t index = 0; index < count; index++) {
        if ((unsigned int)kept[index] > next) close_range(next, (unsigned int)kept[index] - 1, 0);
        if ((unsigned int)kept[index] >= next) next = (unsigned int)kept[index] + 1;
    }
    close_range(next, UINT_MAX, 0);
}

static void become(const struct supervised_program *program, int failure) {
    // One that is started under a supervisor that has been killed already ends, too.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    reset_signals();
    if (program_descriptors.rlim_max != 0) setrlimit(RLIMIT_NOFILE, &program_descriptors);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool is_ready = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(program->output, STDOUT_FILENO) >= 0
        && dup2(program->errors, STDERR_FILENO) >= 0 && chdir(program->directory) == 0;
    if (is_ready) {
        // Above all the sockets of other supervisors: each must be closed when the process that made it ends.
        close_others(STDERR_FILENO + 1, &failure, 1);
        // A file that was written a moment ago is busy as long as another process, forked meanwhile, has it open.
        for (int attempt = 0; attempt < 200; attempt++) {
            execve(program->path, program->arguments, program->environment);
            if (errno != ETXTBSY) break;
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        }
    }
    int code = errno;
    if (write(failure, &code, sizeof code) < 0) _exit(126);
    _exit(127);
}

static long now_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Ends the children of this process: they are what the program has left behind, as orphans come to this process.
static void end_children(void) {
    char text[4096];
    int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t count;
    pid_t child = 0;
    while ((count = read(file, text, sizeof text)) > 0) {
        for (ssize_t index = 0; index < count; index++) {
            if (text[index] >= '0' && text[index] <= '9') {
                child = child * 10 + (text[index] - '0');
            } else {
                if (child > 0) kill(child, SIGKILL);
                child = 0;
            }
        }
    }
    close(file);
}

/// Ends everything that the program has started and that still runs, and waits for it.
static void end_all(pid_t program, const sigset_t *waiting) {
    // The program has not been waited for: its number is nobody else's.
    kill(-program, SIGKILL);
    long last = now_milliseconds() + end_milliseconds;
    while (now_milliseconds() < last) {
        end_children();
        pid_t child;
        while ((child = waitpid(-1, NULL, WNOHANG)) > 0) {}
        if (child < 0 && errno == ECHILD) return;
        ppoll(NULL, 0, &(struct timespec){.tv_nsec = 10000000}, waiting);
    }
}

/// Waits until the program has ended, or is to end because nobody waits for it any more.
/// @return false if nobody waits.
static bool wait_for(pid_t program, int control, const sigset_t *waiting, siginfo_t *ended) {
    long last = LONG_MAX;
    struct pollfd socket = {.fd = control, .events = POLLIN};
    while (true) {
        ended->si_pid = 0;
        if (waitid(P_PID, program, ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended->si_pid == program) return true;
        // Orphans that ended by themselves.
        siginfo_t other = {.si_pid = 0};
        while (waitid(P_ALL, 0, &other, WEXITED | WNOHANG | WNOWAIT) == 0 && other.si_pid > 0 && other.si_pid != program) {
            waitpid(other.si_pid, NULL, 0);
            other.si_pid = 0;
        }
        if (other.si_pid == program) continue;
        long left = last == LONG_MAX ? -1 : last - now_milliseconds();
        if (last != LONG_MAX && left <= 0) {
            kill(-program, SIGKILL);
            left = -1;
            last = LONG_MAX;
        }
        struct timespec time = {.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000};
        if (ppoll(&socket, 1, left < 0 ? NULL : &time, waiting) <= 0 || socket.revents == 0) continue;
        char request;
        ssize_t count = read(control, &request, 1);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) return false;
        if (count == 1 && last == LONG_MAX) {
            kill(-program, SIGTERM);
            last = now_milliseconds() + grace_milliseconds;
        }
    }
}

static void tell(int control, int end, int value) {
    struct supervisor_report report = {.end = end, .value = value};
    send(control, &report, sizeof report, MSG_NOSIGNAL);
}

static void supervise_here(const struct supervised_program *program, int control) {
    setsid();
    prctl(PR_SET_NAME, "program-runner");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
    struct sigaction on_end = {.sa_handler = on_child};
    sigaction(SIGCHLD, &on_end, NULL);
    sigset_t waiting, blocked;
    sigemptyset(&waiting);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_SETMASK, &blocked, NULL);

    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0) return tell(control, SUPERVISED_NOT_STARTED, errno);
    // Shares the memory until the program is loaded: a copy would cost more than most programs.
    pid_t child = vfork();
    if (child < 0) return tell(control, SUPERVISED_NOT_STARTED, errno);
    if (child == 0) become(program, failure[1]);
    int kept[16] = {control, failure[0]};
    size_t count = 2;
    for (size_t index = 0; index < program->held_count && count < 16; index++) kept[count++] = program->held[index];
    close_others(0, kept, count);
    int code = 0;
    ssize_t told;
    while ((told = read(failure[0], &code, sizeof code)) < 0 && errno == EINTR) {}
    if (told == sizeof code) return tell(control, SUPERVISED_NOT_STARTED, code);

    siginfo_t ended;
    bool is_awaited = wait_for(child, control, &waiting, &ended);
    end_all(child, &waiting);
    if (!is_awaited) return;
    tell(control, ended.si_code == CLD_EXITED ? SUPERVISED_EXITED : SUPERVISED_SIGNALED, ended.si_status);
}

int supervise(const struct supervised_program *program, pid_t *supervisor) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    *supervisor = fork();
    if (*supervisor == 0) {
        close(ends[0]);
        forget_environment();
        supervise_here(program, ends[1]);
        _exit(0);
    }
    int code = errno;
    close(ends[1]);
    if (*supervisor > 0) return ends[0];
    close(ends[0]);
    errno = code;
    return -1;
}
