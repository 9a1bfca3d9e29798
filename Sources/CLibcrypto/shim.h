// SHA-256 is asked for directly: the way through providers takes longer to set up than a small build.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
