#define _GNU_SOURCE
#include "orders.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/// What goes before the texts. To ask a program to end is a head alone.
struct head {
    enum order_kind kind;
    int converses;
    size_t argument_count;
    size_t environment_count;
    /// Of all texts, each with the zero behind it.
    size_t length;
};

static size_t count_of(char *const *texts, size_t *length) {
    size_t count = 0;
    while (texts[count] != NULL) *length += strlen(texts[count++]) + 1;
    return count;
}

static char *append(char *place, const char *text) { return stpcpy(place, text) + 1; }

static int send_all(int socket, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return -1;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 0;
}

/// The head goes with the descriptors, so that both arrive at once.
static int send_head(int socket, const struct head *head, const int *descriptors, size_t count) {
    union {
        char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
        struct cmsghdr aligned;
    } room = {.bytes = {0}};
    struct iovec part = {.iov_base = (void *)head, .iov_len = sizeof *head};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    *rights = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int) * count), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(rights), descriptors, sizeof(int) * count);
    ssize_t sent;
    while ((sent = sendmsg(socket, &message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {}
    if (sent < 0) return -1;
    return send_all(socket, (const char *)head + sent, sizeof *head - (size_t)sent);
}

int supervise(int supervisor, const struct supervised_program *program) {
    struct head head = {.kind = ORDER_RUN, .converses = program->converses};
    head.length = strlen(program->path) + strlen(program->directory) + 2;
    head.argument_count = count_of(program->arguments, &head.length);
    head.environment_count = count_of(program->environment, &head.length);
    if (program->held_count > most_descriptors - 2) {
        errno = EMFILE;
        return -1;
    }
    int descriptors[most_descriptors] = {program->output, program->errors};
    for (size_t index = 0; index < program->held_count; index++) descriptors[2 + index] = program->held[index];
    char *texts = malloc(head.length);
    if (texts == NULL) return -1;
    char *place = append(append(texts, program->path), program->directory);
    for (size_t index = 0; index < head.argument_count; index++) place = append(place, program->arguments[index]);
    for (size_t index = 0; index < head.environment_count; index++) place = append(place, program->environment[index]);
    int outcome = send_head(supervisor, &head, descriptors, 2 + program->held_count);
    if (outcome == 0) outcome = send_all(supervisor, texts, head.length);
    int code = errno;
    free(texts);
    errno = code;
    return outcome;
}

void stop_supervised(int supervisor) {
    struct head head = {.kind = ORDER_STOP};
    send_all(supervisor, (const char *)&head, sizeof head);
}

static bool read_all(int socket, char *place, size_t count) {
    while (count > 0) {
        ssize_t got = read(socket, place, count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        place += got;
        count -= (size_t)got;
    }
    return true;
}

bool send_report(int control, const struct supervisor_report *report) {
    return send_all(control, (const char *)report, sizeof *report) == 0;
}

bool receive_report(int supervisor, struct supervisor_report *report) { return read_all(supervisor, (char *)report, sizeof *report); }

/// @return false at the end.
static bool receive_head(int socket, struct head *head, struct order *order) {
    union {
        char bytes[CMSG_SPACE(sizeof(int) * most_descriptors)];
        struct cmsghdr aligned;
    } room;
    struct iovec part = {.iov_base = head, .iov_len = sizeof *head};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    ssize_t got;
    while ((got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {}
    if (got <= 0) return false;
    for (struct cmsghdr *rights = CMSG_FIRSTHDR(&message); rights != NULL; rights = CMSG_NXTHDR(&message, rights)) {
        if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) continue;
        order->descriptor_count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(order->descriptors, CMSG_DATA(rights), order->descriptor_count * sizeof(int));
    }
    return read_all(socket, (char *)head + got, sizeof *head - (size_t)got);
}

static char *next(char *text) { return text + strlen(text) + 1; }

/// Fills a list with the texts that follow each other, and closes it.
/// @return what follows the last.
static char *fill(char **list, size_t count, char *text) {
    for (size_t index = 0; index < count; index++) {
        list[index] = text;
        text = next(text);
    }
    list[count] = NULL;
    return text;
}

bool receive_order(int control, struct order *order) {
    *order = (struct order){.room = MAP_FAILED};
    struct head head;
    // To end is what a program was asked that had ended by itself.
    do {
        if (!receive_head(control, &head, order)) return false;
    } while (head.kind != ORDER_RUN);
    size_t lists = (head.argument_count + head.environment_count + 2) * sizeof(char *);
    order->room_size = lists + head.length;
    order->room = mmap(NULL, order->room_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (order->room == MAP_FAILED || order->descriptor_count < 2) return false;
    order->converses = head.converses != 0;
    order->arguments = order->room;
    order->environment = order->arguments + head.argument_count + 1;
    order->path = (char *)order->room + lists;
    if (!read_all(control, order->path, head.length)) return false;
    order->directory = next(order->path);
    fill(order->environment, head.environment_count, fill(order->arguments, head.argument_count, next(order->directory)));
    return true;
}

enum order_kind next_request(int control) {
    struct head head;
    ssize_t got = read(control, &head, sizeof head);
    if (got < 0) return errno == EINTR || errno == EAGAIN ? ORDER_NONE : ORDER_END;
    if (got == 0 || !read_all(control, (char *)&head + got, sizeof head - (size_t)got)) return ORDER_END;
    return head.kind;
}

void forget_order(struct order *order) {
    for (size_t index = 0; index < order->descriptor_count; index++) close(order->descriptors[index]);
    order->descriptor_count = 0;
    munmap(order->room, order->room_size);
}
