// What Linux and its C library offer beyond POSIX: Swift's Glibc module leaves it out (no _GNU_SOURCE).
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

// unistd.h: forces everything written to the file system of `descriptor` to disk, and reports write-back errors.
int syncfs(int descriptor);

// stdio.h
int renameat2(int old_directory, const char *old_path, int new_directory, const char *new_path, unsigned int flags);
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2

// fcntl.h: locks that belong to an open file description, not to a process.
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37

// semaphore.h: waits by a clock that nobody sets.
#include <semaphore.h>
#include <time.h>
int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *end);

// sys/xattr.h: how many bytes the names of a file's extended attributes take.
#include <sys/types.h>
ssize_t listxattr(const char *path, char *list, size_t size);

// linux/fs.h: shares the blocks of another file, copied on write.
#define FICLONE 0x40049409

#endif
