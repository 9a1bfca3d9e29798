#include "carguments.h"

static int count;
static char **words;

__attribute__((constructor)) static void remember(int argc, char **argv) {
    count = argv ? argc : 0;
    words = argv;
}

int carguments_count(void) { return count; }

const char *carguments_word(int index) { return words[index]; }
