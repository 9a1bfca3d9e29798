/// The words that the program was started with.
///
/// Swift's `CommandLine` reads them from /proc/self/cmdline, and has none where that cannot be read. glibc gives them to
/// every constructor, as it does to `main`.
#pragma once

/// How many there are; 0 if the C library gave none.
int carguments_count(void);

/// The word at `index`, from 0; it lives as long as the program.
const char *carguments_word(int index);
