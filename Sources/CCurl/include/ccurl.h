/// libcurl, loaded when the first request is made, so that a build without a remote does not pay for it.
///
/// Nothing here links with libcurl: only its header is needed to compile. `curl_easy_setopt`
/// is variadic, which Swift cannot call, so each argument type has a function of its own.
#pragma once
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a transfer calls back; `context` is passed to each. The types are libcurl's.
struct ccurl_callbacks {
    void *context;
    /// Received body. Returning anything but `size * count` ends the transfer.
    size_t (*write)(char *bytes, size_t size, size_t count, void *context);
    /// One line of a head or a trailer, with its line end. Returning anything but `size * count` ends the transfer.
    size_t (*header)(char *bytes, size_t size, size_t count, void *context);
    /// Body to send. 0 ends it, CURL_READFUNC_ABORT ends the transfer.
    size_t (*read)(char *bytes, size_t size, size_t count, void *context);
    /// The body must be sent again from `offset`: a kept connection turned out to be closed.
    int (*seek)(void *context, curl_off_t offset, int origin);
    /// Called about once a second even when nothing moves. Anything but 0 ends the transfer.
    int (*progress)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
};

/// Loads libcurl, once for the process, from any thread.
/// @return false if there is none, or one without a needed function; every other function then must not be called.
bool ccurl_load(void);

CURL *ccurl_init(void);
void ccurl_cleanup(CURL *handle);
/// Forgets all options, but keeps live connections.
void ccurl_reset(CURL *handle);
CURLcode ccurl_perform(CURL *handle);
const char *ccurl_message(CURLcode code);

CURLcode ccurl_set_number(CURL *handle, CURLoption option, int64_t value);
/// For options of type `curl_off_t`: sizes in bytes.
CURLcode ccurl_set_size(CURL *handle, CURLoption option, int64_t value);
/// libcurl copies the text, but for CURLOPT_ERRORBUFFER, which it writes to.
CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *text);
CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers);
CURLcode ccurl_set_callbacks(CURL *handle, const struct ccurl_callbacks *callbacks);

/// Whether HTTP/2 in clear text, asked for without asking the server, may be asked for again on a connection that is kept.
/// Before 8.0.0 that failed (curl issue 10634).
bool ccurl_reuses_http2(void);

/// Many transfers on one thread: all of these but `ccurl_multi_wake` are of use by that thread alone.
/// Each has a connection of its own: libcurl 7.88 loses the end of a response now and then where several share one.
/// @param connections as many are kept for those that follow.
CURLM *ccurl_multi_init(long connections);
void ccurl_multi_cleanup(CURLM *multi);
/// @return false if it cannot be added.
bool ccurl_multi_add(CURLM *multi, CURL *handle);
/// Ends the transfer where it is, if it has not ended. Its connection is kept if it has.
void ccurl_multi_remove(CURLM *multi, CURL *handle);
/// Does what can be done without waiting.
bool ccurl_multi_perform(CURLM *multi);
/// Until there is something to do, somebody calls `ccurl_multi_wake`, or the time is over.
void ccurl_multi_wait(CURLM *multi, int milliseconds);
void ccurl_multi_wake(CURLM *multi);
/// A transfer that has ended, and how; NULL if there is none more. It must be removed.
CURL *ccurl_multi_next(CURLM *multi, CURLcode *code);

/// @return the longer list, or NULL when out of memory; then the old list still stands.
struct curl_slist *ccurl_append(struct curl_slist *list, const char *line);
void ccurl_free(struct curl_slist *list);
