#pragma once
#include <stddef.h>
#include <sys/types.h>

/// A program, and what it is given. Everything is the caller's, and may go once `supervise` has returned.
struct supervised_program {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    /// Descriptors for its standard output and its standard error. It reads nothing.
    int output;
    int errors;
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
};

/// Runs a program under a supervisor: a process of its own, which outlives this one by as long as it takes to end the program.
///
/// The answer is a socket. One `supervisor_report` can be read from it when the program and everything that it has left behind
/// have ended. A byte that is written to it asks the program to end, and ends it two seconds later. If it is closed, by whatever
/// ends this process, all is ended at once.
/// @return the socket, or -1 with `errno`.
int supervise(const struct supervised_program *program, pid_t *supervisor);

/// To be called once, at the start: gives this process standard streams where it has none, and as many descriptors as the system
/// allows, 65,536 at most. Programs get what was allowed before.
void prepare_process(void);

/// Whether as many threads can be had, at once. The pool that Swift's tasks share waits for ever where they cannot.
int threads_are_available(int count);

/// Lets this process end with a message and status 1, and not by a signal, where it gets no memory.
void explain_lack_of_memory(void);
