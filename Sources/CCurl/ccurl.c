// RTLD_DEEPBIND
#define _GNU_SOURCE
#include "ccurl.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// The header wraps these in macros that check types at compile time.
#undef curl_easy_setopt
#undef curl_multi_setopt

static struct {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_easy_init) init;
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_easy_reset) reset;
    __typeof__(&curl_easy_perform) perform;
    __typeof__(&curl_easy_strerror) strerror;
    __typeof__(&curl_easy_setopt) setopt;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
    __typeof__(&curl_version_info) version_info;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_setopt) multi_setopt;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_multi_add_handle) multi_add;
    __typeof__(&curl_multi_remove_handle) multi_remove;
    __typeof__(&curl_multi_socket_action) multi_socket_action;
    __typeof__(&curl_multi_info_read) multi_info_read;
} curl;

static bool is_loaded;

// The second is the same library built with GnuTLS, which git brings along.
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

// DEEPBIND: libcurl must use the libcrypto it was built with, not the one linked into the program.
static bool load(const char *name) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (!library) return false;
    bool found = (curl.global_init = dlsym(library, "curl_global_init"))
        && (curl.init = dlsym(library, "curl_easy_init"))
        && (curl.cleanup = dlsym(library, "curl_easy_cleanup"))
        && (curl.reset = dlsym(library, "curl_easy_reset"))
        && (curl.perform = dlsym(library, "curl_easy_perform"))
        && (curl.strerror = dlsym(library, "curl_easy_strerror"))
        && (curl.setopt = dlsym(library, "curl_easy_setopt"))
        && (curl.slist_append = dlsym(library, "curl_slist_append"))
        && (curl.slist_free_all = dlsym(library, "curl_slist_free_all"))
        && (curl.version_info = dlsym(library, "curl_version_info"))
        && (curl.multi_init = dlsym(library, "curl_multi_init"))
        && (curl.multi_setopt = dlsym(library, "curl_multi_setopt"))
        && (curl.multi_cleanup = dlsym(library, "curl_multi_cleanup"))
        && (curl.multi_add = dlsym(library, "curl_multi_add_handle"))
        && (curl.multi_remove = dlsym(library, "curl_multi_remove_handle"))
        && (curl.multi_socket_action = dlsym(library, "curl_multi_socket_action"))
        && (curl.multi_info_read = dlsym(library, "curl_multi_info_read"));
    if (found && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) return true;
    dlclose(library);
    return false;
}

static void load_any(void) {
    for (size_t i = 0; i < sizeof names / sizeof *names && !is_loaded; i++) is_loaded = load(names[i]);
}

bool ccurl_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_any);
    return is_loaded;
}

CURL *ccurl_init(void) { return curl.init(); }
void ccurl_cleanup(CURL *handle) { curl.cleanup(handle); }
void ccurl_reset(CURL *handle) { curl.reset(handle); }
CURLcode ccurl_perform(CURL *handle) { return curl.perform(handle); }
const char *ccurl_message(CURLcode code) { return curl.strerror(code); }

CURLcode ccurl_set_number(CURL *handle, CURLoption option, int64_t value) {
    return curl.setopt(handle, option, (long)value);
}

CURLcode ccurl_set_size(CURL *handle, CURLoption option, int64_t value) {
    return curl.setopt(handle, option, (curl_off_t)value);
}

CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text) {
    return curl.setopt(handle, option, text);
}

CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers) {
    return curl.setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode ccurl_set_callbacks(CURL *handle, const struct ccurl_callbacks *callbacks) {
    CURLcode code = curl.setopt(handle, CURLOPT_WRITEFUNCTION, callbacks->write);
    if (!code) code = curl.setopt(handle, CURLOPT_WRITEDATA, callbacks->context);
    if (!code) code = curl.setopt(handle, CURLOPT_HEADERFUNCTION, callbacks->header);
    if (!code) code = curl.setopt(handle, CURLOPT_HEADERDATA, callbacks->context);
    if (!code) code = curl.setopt(handle, CURLOPT_READFUNCTION, callbacks->read);
    if (!code) code = curl.setopt(handle, CURLOPT_READDATA, callbacks->context);
    if (!code) code = curl.setopt(handle, CURLOPT_SEEKFUNCTION, callbacks->seek);
    if (!code) code = curl.setopt(handle, CURLOPT_SEEKDATA, callbacks->context);
    if (!code) code = curl.setopt(handle, CURLOPT_XFERINFOFUNCTION, callbacks->progress);
    if (!code) code = curl.setopt(handle, CURLOPT_XFERINFODATA, callbacks->context);
    if (!code) code = curl.setopt(handle, CURLOPT_NOPROGRESS, 0L);
    return code;
}

bool ccurl_reuses_http2(void) { return curl.version_info(CURLVERSION_NOW)->version_num >= 0x080000; }

// What libcurl waits for is told to the kernel once, and not with each wait: with many transfers most of them have nothing to do.
struct ccurl_multi {
    CURLM *multi;
    // All sockets and the bell.
    int poll;
    // Rung by other threads.
    int bell;
    // Of libcurl's timer, in milliseconds of the monotonic clock; -1: it has none.
    int64_t deadline;
    struct epoll_event ready[64];
    int count;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int on_socket(CURL *handle, curl_socket_t socket, int wanted, void *context, void *known) {
    (void)handle, (void)known;
    ccurl_multi *self = context;
    if (wanted == CURL_POLL_REMOVE) {
        epoll_ctl(self->poll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = socket};
    if (wanted & CURL_POLL_IN) event.events |= EPOLLIN;
    if (wanted & CURL_POLL_OUT) event.events |= EPOLLOUT;
    if (epoll_ctl(self->poll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
    // A new one, perhaps of the number of one that was closed.
    return errno == ENOENT ? epoll_ctl(self->poll, EPOLL_CTL_ADD, socket, &event) : -1;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    ((ccurl_multi *)context)->deadline = milliseconds < 0 ? -1 : now() + milliseconds;
    return 0;
}

ccurl_multi *ccurl_multi_init(long connections) {
    ccurl_multi *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    self->deadline = -1;
    self->multi = curl.multi_init();
    self->poll = epoll_create1(EPOLL_CLOEXEC);
    self->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = self->bell};
    if (!self->multi || epoll_ctl(self->poll, EPOLL_CTL_ADD, self->bell, &event) != 0) {
        ccurl_multi_cleanup(self);
        return NULL;
    }
    curl.multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl.multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl.multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl.multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    curl.multi_setopt(self->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl.multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, connections);
    return self;
}

void ccurl_multi_cleanup(ccurl_multi *self) {
    if (self->multi) curl.multi_cleanup(self->multi);
    if (self->poll >= 0) close(self->poll);
    if (self->bell >= 0) close(self->bell);
    free(self);
}

bool ccurl_multi_add(ccurl_multi *self, CURL *handle) { return curl.multi_add(self->multi, handle) == CURLM_OK; }
void ccurl_multi_remove(ccurl_multi *self, CURL *handle) { curl.multi_remove(self->multi, handle); }

void ccurl_multi_perform(ccurl_multi *self) {
    int running;
    for (int i = 0; i < self->count; i++) {
        uint32_t events = self->ready[i].events;
        int happened = 0;
        if (events & EPOLLIN) happened |= CURL_CSELECT_IN;
        if (events & EPOLLOUT) happened |= CURL_CSELECT_OUT;
        if (events & (EPOLLERR | EPOLLHUP)) happened |= CURL_CSELECT_ERR;
        curl.multi_socket_action(self->multi, self->ready[i].data.fd, happened, &running);
    }
    self->count = 0;
    if (self->deadline >= 0 && now() >= self->deadline) {
        self->deadline = -1;
        curl.multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

void ccurl_multi_wait(ccurl_multi *self, int milliseconds) {
    if (self->deadline >= 0) {
        int64_t left = self->deadline - now();
        if (left < milliseconds) milliseconds = left < 0 ? 0 : (int)left;
    }
    int count = epoll_wait(self->poll, self->ready, sizeof self->ready / sizeof *self->ready, milliseconds);
    for (int i = 0; i < count; i++) {
        if (self->ready[i].data.fd != self->bell) {
            self->ready[self->count++] = self->ready[i];
            continue;
        }
        uint64_t rung;
        while (read(self->bell, &rung, sizeof rung) < 0 && errno == EINTR) {}
    }
}

void ccurl_multi_wake(ccurl_multi *self) {
    uint64_t one = 1;
    while (write(self->bell, &one, sizeof one) < 0 && errno == EINTR) {}
}

CURL *ccurl_multi_next(ccurl_multi *self, CURLcode *code) {
    int left;
    for (CURLMsg *message; (message = curl.multi_info_read(self->multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

struct curl_slist *ccurl_append(struct curl_slist *list, const char *line) { return curl.slist_append(list, line); }
void ccurl_free(struct curl_slist *list) { curl.slist_free_all(list); }
