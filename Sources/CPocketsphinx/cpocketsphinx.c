#define _GNU_SOURCE
#include "cpocketsphinx.h"
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// What is used of the libraries' types is their stable binary interface: all but numbers is behind a pointer.
typedef struct decoder decoder;
typedef struct configuration configuration;
typedef struct segment segment;
typedef struct arguments arguments;
typedef struct logarithms logarithms;

#define FUNCTIONS(use) \
    use(const arguments *, ps_args, (void)) \
    use(configuration *, cmd_ln_init, (configuration *, const arguments *, int32_t, ...)) \
    use(void, ps_default_search_args, (configuration *)) \
    use(decoder *, ps_init, (configuration *)) \
    use(int, ps_start_utt, (decoder *)) \
    use(int, ps_end_utt, (decoder *)) \
    use(int, ps_process_raw, (decoder *, const int16_t *, size_t, int, int)) \
    use(uint8_t, ps_get_in_speech, (decoder *)) \
    use(const char *, ps_get_hyp, (decoder *, int32_t *)) \
    use(segment *, ps_seg_iter, (decoder *)) \
    use(segment *, ps_seg_next, (segment *)) \
    use(const char *, ps_seg_word, (segment *)) \
    use(void, ps_seg_frames, (segment *, int *, int *)) \
    use(int32_t, ps_seg_prob, (segment *, int32_t *, int32_t *, int32_t *)) \
    use(logarithms *, ps_get_logmath, (decoder *)) \
    use(double, logmath_exp, (logarithms *, int)) \
    use(void, err_set_logfp, (FILE *))

#define DECLARE(type, name, parameters) static type (*name) parameters;
FUNCTIONS(DECLARE)

enum { frames_a_second = 100, block = 2048, status_missing = 69 };

static const char *load(void) {
    static const char name[] = "libpocketsphinx.so.3";
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) return name;
#define FIND(type, name, parameters) if (!(name = (type (*) parameters)dlsym(library, #name))) return #name;
    FUNCTIONS(FIND)
    return NULL;
}

/// What was understood since the last pause, as the program prints it: the words, then one a line with its seconds.
static void print_utterance(decoder *decoder, FILE *answer) {
    const char *text = ps_get_hyp(decoder, NULL);
    if (text) fprintf(answer, "%s\n", text);
    for (segment *each = ps_seg_iter(decoder); each; each = ps_seg_next(each)) {
        int first, last;
        int32_t unused;
        ps_seg_frames(each, &first, &last);
        float sureness = (float)logmath_exp(ps_get_logmath(decoder), ps_seg_prob(each, &unused, &unused, &unused));
        fprintf(answer, "%s %.3f %.3f %f\n", ps_seg_word(each), (float)first / frames_a_second, (float)last / frames_a_second, sureness);
    }
}

/// @return false if the sound cannot be read.
static bool listen(decoder *decoder, const char *path, FILE *answer) {
    FILE *sound = fopen(path, "rb");
    if (!sound) return false;
    int16_t samples[block];
    size_t count;
    bool has_spoken = false;
    ps_start_utt(decoder);
    while ((count = fread(samples, sizeof *samples, block, sound)) > 0) {
        ps_process_raw(decoder, samples, count, false, false);
        bool speaks = ps_get_in_speech(decoder);
        if (has_spoken && !speaks) {
            ps_end_utt(decoder);
            print_utterance(decoder, answer);
            ps_start_utt(decoder);
        }
        has_spoken = speaks;
    }
    ps_end_utt(decoder);
    if (has_spoken) print_utterance(decoder, answer);
    fclose(sound);
    return true;
}

/// Answers in a process of its own: what a decoder has heard changes how it hears what comes next.
static _Noreturn void answer(decoder *decoder, const char *path) {
    char *text = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory || !listen(decoder, path, memory) || fclose(memory) != 0) _exit(1);
    printf("ok %zu\n", length);
    fwrite(text, 1, length, stdout);
    _exit(fflush(stdout) == 0 ? 0 : 1);
}

/// @return false if it has not answered. A signal that has ended it ends this process, too.
static bool ask(decoder *decoder, const char *path) {
    pid_t child = fork();
    if (child == 0) answer(decoder, path);
    int status = 1;
    if (child > 0) waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) kill(getpid(), WTERMSIG(status));
    return status == 0;
}

int cpocketsphinx_serve(void) {
    const char *missing = load();
    if (missing) {
        fprintf(stderr, "%s is missing\n", missing);
        return status_missing;
    }
    err_set_logfp(NULL);
    configuration *configuration = cmd_ln_init(NULL, ps_args(), true, NULL);
    if (configuration) ps_default_search_args(configuration);
    decoder *decoder = configuration ? ps_init(configuration) : NULL;
    if (!decoder) {
        fprintf(stderr, "pocketsphinx finds no model\n");
        return status_missing;
    }
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        if (!ask(decoder, line)) return 1;
    }
    free(line);
    return 0;
}
