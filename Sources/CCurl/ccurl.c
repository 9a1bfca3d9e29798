// RTLD_DEEPBIND
#define _GNU_SOURCE
#include "ccurl.h"
#include <dlfcn.h>
#include <pthread.h>

// The header wraps these in macros that check types at compile time.
#undef curl_easy_setopt

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
        && (curl.version_info = dlsym(library, "curl_version_info"));
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

struct curl_slist *ccurl_append(struct curl_slist *list, const char *line) { return curl.slist_append(list, line); }
void ccurl_free(struct curl_slist *list) { curl.slist_free_all(list); }
