/// libcurl, loaded when the first request is made, so that a build without a remote does not pay for it.
#pragma once
#include <curl/curl.h>
