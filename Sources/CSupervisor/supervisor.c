// close_range, ppoll, prctl
#define _GNU_SOURCE
#include "orders.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The supervisor is a fork of a process with many threads: it calls nothing but what is safe in a signal handler. It runs one program
// after another: to fork a process of many pages costs more than most programs.

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

static void on_signal(int signal) { (void)signal; }

/// A signal that is handled here, and not ignored, is as it was by default in a program: so nothing is to be put back before each.
static void handle_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    // Whoever came back from a handler of these would only get into the same again.
    static const int mistakes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t index = 0; index < sizeof mistakes / sizeof mistakes[0]; index++) signal(mistakes[index], SIG_DFL);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/// Closes everything but the socket: above all the sockets of other supervisors, each of which must be closed when the process that
/// made it ends. Whatever is opened from now on is closed when a program begins.
static void close_others(int control) {
    if (control > 0) close_range(0, (unsigned int)control - 1, 0);
    close_range((unsigned int)control + 1, UINT_MAX, 0);
    int nothing;
    while ((nothing = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0 && nothing <= STDERR_FILENO) {}
    if (nothing >= 0) close(nothing);
}

/// Becomes the program. The memory is the supervisor's until then.
/// @param failure where it is said why it could not.
static void become(const struct order *order, volatile int *failure) {
    // One that is started under a supervisor that has been killed already ends, too.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (program_descriptors.rlim_max != 0) setrlimit(RLIMIT_NOFILE, &program_descriptors);
    int input = order->converses ? order->descriptors[0] : open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool is_ready = input >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(order->descriptors[0], STDOUT_FILENO) >= 0
        && dup2(order->descriptors[1], STDERR_FILENO) >= 0 && chdir(order->directory) == 0;
    if (is_ready) {
        // A file that was written a moment ago is busy as long as another process, forked meanwhile, has it open.
        for (int attempt = 0; attempt < 200; attempt++) {
            execve(order->path, order->arguments, order->environment);
            if (errno != ETXTBSY) break;
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        }
    }
    *failure = errno;
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
/// @return false if something does not end.
static bool end_all(pid_t program, const sigset_t *waiting) {
    // The program has not been waited for: its number is nobody else's.
    kill(-program, SIGKILL);
    long last = now_milliseconds() + end_milliseconds;
    while (true) {
        pid_t child;
        while ((child = waitpid(-1, NULL, WNOHANG)) > 0) {}
        if (child < 0 && errno == ECHILD) return true;
        if (now_milliseconds() >= last) return false;
        end_children();
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
        enum order_kind kind = next_request(control);
        if (kind == ORDER_END) return false;
        if (kind == ORDER_STOP && last == LONG_MAX) {
            kill(-program, SIGTERM);
            last = now_milliseconds() + grace_milliseconds;
        }
    }
}

/// @return false if nobody waits for the next program any more, or what this one has left behind does not end.
static bool run(struct order *order, int control) {
    sigset_t waiting;
    sigemptyset(&waiting);
    volatile int failure = 0;
    // Shares the memory until the program is loaded: a copy would cost more than most programs.
    pid_t child = vfork();
    if (child == 0) become(order, &failure);
    if (child < 0) failure = errno;
    siginfo_t ended = {.si_pid = 0};
    bool is_awaited = failure != 0 || wait_for(child, control, &waiting, &ended);
    bool has_ended = child < 0 || end_all(child, &waiting);
    // Whoever hears of the end may let go of the locks.
    forget_order(order);
    if (!is_awaited) return false;
    struct supervisor_report report = {.end = SUPERVISED_NOT_STARTED, .value = failure, .is_ready = has_ended};
    if (failure == 0) report.end = ended.si_code == CLD_EXITED ? SUPERVISED_EXITED : SUPERVISED_SIGNALED;
    if (failure == 0) report.value = ended.si_status;
    return send_report(control, &report) && has_ended;
}

int start_supervisor(pid_t *supervisor) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    *supervisor = fork();
    if (*supervisor == 0) {
        setsid();
        prctl(PR_SET_NAME, "program-runner");
        prctl(PR_SET_CHILD_SUBREAPER, 1);
        handle_signals();
        close_others(ends[1]);
        forget_environment();
        struct order order;
        while (receive_order(ends[1], &order) && run(&order, ends[1])) {}
        _exit(0);
    }
    int code = errno;
    close(ends[1]);
    if (*supervisor > 0) return ends[0];
    close(ends[0]);
    errno = code;
    return -1;
}
