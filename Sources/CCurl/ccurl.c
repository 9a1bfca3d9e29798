// RTLD_DEEPBIND
#define _GNU_SOURCE
#include "ccurl.h"
#include <dlfcn.h>
#include <pthread.h>

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
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_wakeup) multi_wakeup;
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
        && (curl.multi_perform = dlsym(library, "curl_multi_perform"))
        && (curl.multi_poll = dlsym(library, "curl_multi_poll"))
        && (curl.multi_wakeup = dlsym(library, "curl_multi_wakeup"))
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

CURLM *ccurl_multi_init(long connections) {
    CURLM *multi = curl.multi_init();
    if (!multi) return NULL;
    curl.multi_setopt(multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl.multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
    return multi;
}

void ccurl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }
bool ccurl_multi_add(CURLM *multi, CURL *handle) { return curl.multi_add(multi, handle) == CURLM_OK; }
void ccurl_multi_remove(CURLM *multi, CURL *handle) { curl.multi_remove(multi, handle); }

bool ccurl_multi_perform(CURLM *multi) {
    int running;
    return curl.multi_perform(multi, &running) == CURLM_OK;
}

void ccurl_multi_wait(CURLM *multi, int milliseconds) { curl.multi_poll(multi, NULL, 0, milliseconds, NULL); }
void ccurl_multi_wake(CURLM *multi) { curl.multi_wakeup(multi); }

CURL *ccurl_multi_next(CURLM *multi, CURLcode *code) {
    int left;
    for (CURLMsg *message; (message = curl.multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

struct curl_slist *ccurl_append(struct curl_slist *list, const char *line) { return curl.slist_append(list, line); }
void ccurl_free(struct curl_slist *list) { curl.slist_free_all(list); }
