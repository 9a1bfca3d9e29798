/* Loaded into epbuild by LD_PRELOAD: counts the calls of libc that touch files and processes, and lets one of them fail.
 *
 * CAMPAIGN_FAULT=NUMBER:KIND  the call with this number fails, in one of the ways in which such a call can (KIND chooses)
 * CAMPAIGN_CALLS=FILE         where to write which call failed, and at the end how many there were
 *
 * What does not go through libc's symbols is out of reach: the kernel entered directly, and libc's calls of itself.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { SHORT = 0 };
/* How calls fail, by what they do. The end of a list is -1. */
static const int opening[] = {EIO, EACCES, EMFILE, ENOSPC, -1};
static const int transfer[] = {EIO, SHORT, EINTR, ENOSPC, -1};
static const int writing[] = {EIO, ENOSPC, EACCES, -1};
static const int looking[] = {EIO, EACCES, -1};
static const int making[] = {EAGAIN, EMFILE, ENOMEM, -1};
static const int locking[] = {ENOLCK, EINTR, EIO, -1};

static atomic_long calls;
static long chosen = -1;
static int kind;
static const char *report;
static pid_t owner;

__attribute__((constructor)) static void begin(void) {
    const char *fault = getenv("CAMPAIGN_FAULT");
    report = getenv("CAMPAIGN_CALLS");
    owner = getpid();
    if (fault && sscanf(fault, "%ld:%d", &chosen, &kind) != 2) chosen = -1;
    atomic_store(&calls, 0);
}

/* Tells by a system call of its own, so as not to count itself. */
static void tell(const char *format, ...) {
    char text[4096 + 128];
    va_list values;
    static int (*real_open)(const char *, int, ...);
    static ssize_t (*real_write)(int, const void *, size_t);
    static int (*real_close)(int);
    if (!report) return;
    if (!real_open) {
        real_open = dlsym(RTLD_NEXT, "open");
        real_write = dlsym(RTLD_NEXT, "write");
        real_close = dlsym(RTLD_NEXT, "close");
    }
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    int file = real_open(report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) return;
    if (real_write(file, text, length < (int)sizeof text ? length : (int)sizeof text - 1) < 0) { }
    real_close(file);
}

__attribute__((destructor)) static void end(void) {
    if (getpid() == owner) tell("calls %ld\n", atomic_load(&calls));
}

/* epbuild ends so, where no destructor runs. */
__attribute__((noreturn)) void _exit(int status) {
    end();
    ((void (*)(int))dlsym(RTLD_NEXT, "_exit"))(status);
    __builtin_unreachable();
}

/* -1 if this call is to go on, else the errno with which it fails. A child between fork and exec is let alone. */
static int fails(const char *name, const char *what, const int *ways) {
    if (getpid() != owner || atomic_fetch_add(&calls, 1) + 1 != chosen) return -1;
    int count = 0;
    while (ways[count] >= 0) count++;
    int code = ways[kind % count];
    tell("failed %s %s %s\n", name, what ? what : "-", code == SHORT ? "short" : strerrorname_np(code));
    errno = code;
    return code;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static const char *path_of(int file, char *buffer, size_t size) {
    char link[64];
    static ssize_t (*real_readlink)(const char *, char *, size_t);
    if (!real_readlink) real_readlink = (ssize_t (*)(const char *, char *, size_t))dlsym(RTLD_NEXT, "readlink");
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = chosen < 0 ? -1 : real_readlink(link, buffer, size - 1);
    buffer[length < 0 ? 0 : length] = 0;
    return buffer;
}

/* Calls that take a path. */
#define WITH_PATH(ways, type, name, wrong, parameters, arguments, path) \
    type name parameters { REAL(name); return fails(#name, path, ways) >= 0 ? wrong : real arguments; }
/* Calls that take a descriptor. */
#define WITH_FILE(ways, type, name, wrong, parameters, arguments, file) \
    type name parameters { \
        char buffer[4096]; REAL(name); \
        return fails(#name, path_of(file, buffer, sizeof buffer), ways) >= 0 ? wrong : real arguments; }
/* Calls that transfer `size` bytes: short ones transfer half. */
#define TRANSFER(name, parameters, arguments, file, size) \
    ssize_t name parameters { \
        char buffer[4096]; REAL(name); \
        int code = fails(#name, path_of(file, buffer, sizeof buffer), transfer); \
        if (code > 0) return -1; \
        if (code == SHORT && size > 1) size /= 2; \
        return real arguments; }
#define OPENING(name, parameters, arguments, path) \
    int name parameters { \
        REAL(name); \
        va_list values; va_start(values, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(values, mode_t) : 0; \
        va_end(values); \
        return fails(#name, path, opening) >= 0 ? -1 : real arguments; }
#define CONTROL(name) \
    int name(int file, int command, ...) { \
        REAL(name); \
        va_list values; va_start(values, command); void *value = va_arg(values, void *); va_end(values); \
        int locks = command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_SETLK || command == F_SETLKW; \
        return locks && fails(#name, "lock", locking) >= 0 ? -1 : real(file, command, value); }

OPENING(open, (const char *path, int flags, ...), (path, flags, mode), path)
OPENING(open64, (const char *path, int flags, ...), (path, flags, mode), path)
OPENING(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode), path)
OPENING(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode), path)
WITH_PATH(opening, DIR *, opendir, NULL, (const char *path), (path), path)
WITH_FILE(opening, DIR *, fdopendir, NULL, (int file), (file), file)

TRANSFER(read, (int file, void *bytes, size_t size), (file, bytes, size), file, size)
TRANSFER(pread, (int file, void *bytes, size_t size, off_t at), (file, bytes, size, at), file, size)
TRANSFER(pread64, (int file, void *bytes, size_t size, off64_t at), (file, bytes, size, at), file, size)
TRANSFER(write, (int file, const void *bytes, size_t size), (file, bytes, size), file, size)
TRANSFER(pwrite, (int file, const void *bytes, size_t size, off_t at), (file, bytes, size, at), file, size)
TRANSFER(pwrite64, (int file, const void *bytes, size_t size, off64_t at), (file, bytes, size, at), file, size)

WITH_FILE(writing, int, fsync, -1, (int file), (file), file)
WITH_FILE(writing, int, fdatasync, -1, (int file), (file), file)
WITH_FILE(writing, int, syncfs, -1, (int file), (file), file)
WITH_FILE(writing, int, ftruncate, -1, (int file, off_t size), (file, size), file)
WITH_FILE(writing, int, ftruncate64, -1, (int file, off64_t size), (file, size), file)
WITH_FILE(writing, int, fchmod, -1, (int file, mode_t mode), (file, mode), file)
WITH_FILE(writing, int, futimens, -1, (int file, const struct timespec times[2]), (file, times), file)
WITH_PATH(writing, int, utimensat, -1, (int at, const char *path, const struct timespec times[2], int flags), (at, path, times, flags), path)
WITH_PATH(writing, int, rename, -1, (const char *from, const char *to), (from, to), to)
WITH_PATH(writing, int, renameat, -1, (int a, const char *from, int b, const char *to), (a, from, b, to), to)
WITH_PATH(writing, int, renameat2, -1, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags), to)
WITH_PATH(writing, int, link, -1, (const char *from, const char *to), (from, to), to)
WITH_PATH(writing, int, linkat, -1, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), to)
WITH_PATH(writing, int, symlink, -1, (const char *from, const char *to), (from, to), to)
WITH_PATH(writing, int, unlink, -1, (const char *path), (path), path)
WITH_PATH(writing, int, unlinkat, -1, (int at, const char *path, int flags), (at, path, flags), path)
WITH_PATH(writing, int, rmdir, -1, (const char *path), (path), path)
WITH_PATH(writing, int, mkdir, -1, (const char *path, mode_t mode), (path, mode), path)
WITH_PATH(writing, int, mkdirat, -1, (int at, const char *path, mode_t mode), (at, path, mode), path)
WITH_PATH(writing, int, chmod, -1, (const char *path, mode_t mode), (path, mode), path)

WITH_FILE(looking, int, fstat, -1, (int file, struct stat *to), (file, to), file)
WITH_FILE(looking, int, fstat64, -1, (int file, struct stat64 *to), (file, to), file)
WITH_PATH(looking, int, stat, -1, (const char *path, struct stat *to), (path, to), path)
WITH_PATH(looking, int, stat64, -1, (const char *path, struct stat64 *to), (path, to), path)
WITH_PATH(looking, int, lstat, -1, (const char *path, struct stat *to), (path, to), path)
WITH_PATH(looking, int, lstat64, -1, (const char *path, struct stat64 *to), (path, to), path)
WITH_PATH(looking, int, fstatat, -1, (int at, const char *path, struct stat *to, int flags), (at, path, to, flags), path)
WITH_PATH(looking, int, fstatat64, -1, (int at, const char *path, struct stat64 *to, int flags), (at, path, to, flags), path)
WITH_PATH(looking, int, statx, -1, (int at, const char *path, int flags, unsigned mask, struct statx *to), (at, path, flags, mask, to), path)
WITH_PATH(looking, int, access, -1, (const char *path, int mode), (path, mode), path)
WITH_PATH(looking, ssize_t, readlink, -1, (const char *path, char *to, size_t size), (path, to, size), path)
WITH_PATH(looking, char *, realpath, NULL, (const char *path, char *to), (path, to), path)
WITH_PATH(looking, struct dirent *, readdir, NULL, (DIR *directory), (directory), NULL)
WITH_PATH(looking, struct dirent64 *, readdir64, NULL, (DIR *directory), (directory), NULL)

CONTROL(fcntl)
CONTROL(fcntl64)
WITH_FILE(locking, int, flock, -1, (int file, int operation), (file, operation), file)
WITH_FILE(making, int, dup, -1, (int file), (file), file)
WITH_PATH(making, pid_t, fork, -1, (void), (), NULL)
WITH_PATH(making, int, pipe, -1, (int ends[2]), (ends), NULL)
WITH_PATH(making, int, pipe2, -1, (int ends[2], int flags), (ends, flags), NULL)

int posix_spawn(pid_t *process, const char *path, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
                char *const argv[], char *const environment[]) {
    REAL(posix_spawn);
    int code = fails("posix_spawn", path, making);
    return code >= 0 ? code : real(process, path, actions, attributes, argv, environment);
}
