#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// A program, and what it is given. Everything is the caller's, and may go once `supervise` has returned.
struct supervised_program {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    /// Descriptors for its standard output and its standard error.
    int output;
    int errors;
    /// Not 0 if it reads from `output`, too, which is a socket then. Else it reads nothing.
    int converses;
    /// Descriptors that stay open until everything that it has started has ended: locks.
    const int *held;
    size_t held_count;
};

enum supervised_end {
    /// `value` is the error number.
    SUPERVISED_NOT_STARTED = 1,
    /// `value` is the exit status.
    SUPERVISED_EXITED,
    /// `value` is the signal.
    SUPERVISED_SIGNALED,
};

/// How a program ended.
struct supervisor_report {
    int end;
    int value;
    /// Not 0 if the supervisor waits for the next program; else it ends.
    int is_ready;
};

/// Starts a supervisor: a process of its own, which outlives this one by as long as it takes to end the program that it runs.
/// It runs one program at a time. If its socket is closed, by whatever ends this process, all is ended at once.
/// @return the socket, or -1 with `errno`.
int start_supervisor(pid_t *supervisor);

/// Has a supervisor run a program. One `supervisor_report` can be read from its socket when the program and everything that it has
/// left behind have ended.
/// @return 0, or -1 with `errno`: then nothing was run, and the supervisor is of no use any more.
int supervise(int supervisor, const struct supervised_program *program);

/// Waits for the report of a program.
/// @return false if the supervisor has ended without one.
bool receive_report(int supervisor, struct supervisor_report *report);

/// Asks the program that runs to end, and ends it two seconds later.
void stop_supervised(int supervisor);

/// To be called once, at the start: gives this process standard streams where it has none, and as many descriptors as the system
/// allows, 65,536 at most. Programs get what was allowed before.
void prepare_process(void);

/// Whether as many threads can be had, at once. The pool that Swift's tasks share waits for ever where they cannot. To be asked once: the
/// last of them may not have ended yet when it is answered, and their stacks stay.
int threads_are_available(int count);

/// Whether this process may have the addresses that a build takes: for stacks, above all. The pool waits for ever for a thread that has none.
int room_is_available(void);

/// Lets this process end with a message and status 1, and not by a signal, where it gets no memory.
void explain_lack_of_memory(void);

/// Makes the pages of all variables of this program at once, for it alone. To be called after the last `fork`, while there is one thread:
/// one by one, a page that was read before it is first written to stops all other processors.
void make_pages_of_variables(void);

/// Lets memory go back to the system at once where pieces of so many bytes or more are freed.
void return_memory_of(int bytes);
