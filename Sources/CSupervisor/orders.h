#pragma once
#include "csupervisor.h"
#include <stdbool.h>

// What a supervisor is asked for, as it travels through its socket: a head, with the descriptors, and the texts.

enum order_kind { ORDER_END, ORDER_RUN, ORDER_STOP, ORDER_NONE };

enum { most_descriptors = 16 };

/// A program to be run, as the supervisor has it: the texts lie in `room`.
struct order {
    char *path;
    char *directory;
    char **arguments;
    char **environment;
    /// Standard output, standard error, and what is held.
    int descriptors[most_descriptors];
    size_t descriptor_count;
    /// True if its standard input is its standard output.
    bool converses;
    void *room;
    size_t room_size;
};

/// Waits for the next program that is to be run.
/// @return false if there will be none.
bool receive_order(int control, struct order *order);

/// What has come while a program runs, which is no program: `ORDER_STOP`, `ORDER_END`, or nothing that matters.
enum order_kind next_request(int control);

/// Tells of the end of a program.
bool send_report(int control, const struct supervisor_report *report);

/// Closes the descriptors and gives the memory back.
void forget_order(struct order *order);
