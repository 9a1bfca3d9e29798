#include "cespeak.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// What is used of the library's types: they are its stable binary interface.
typedef struct espeak_event {
    int type;
    unsigned int unique_identifier;
    int text_position, length, audio_position, sample;
    void *user_data;
    union { int number; const char *name; char string[8]; } id;
} espeak_event;

typedef struct espeak_voice {
    const char *name, *languages, *identifier;
    unsigned char gender, age, variant, unused;
    int score;
    void *spare;
} espeak_voice;

typedef int (*espeak_callback)(short *, int, espeak_event *);

enum { output_synchronous = 2, dont_exit = 0x8000, parameter_rate = 1, parameter_pitch = 3, position_character = 1 };
// The program's own: an encoding that it finds out by itself, `[[` for phonemes, and a pause at the end.
enum { flag_markup = 0x10, flag_phonemes = 0x100, flag_end_pause = 0x1000 };
enum { event_none = 0, found = 0 };

#define FUNCTIONS(use) \
    use(int, espeak_Initialize, (int, int, const char *, int)) \
    use(void, espeak_SetSynthCallback, (espeak_callback)) \
    use(int, espeak_SetVoiceByName, (const char *)) \
    use(int, espeak_SetVoiceByProperties, (espeak_voice *)) \
    use(int, espeak_SetParameter, (int, int, int)) \
    use(int, espeak_Synth, (const void *, size_t, unsigned int, int, unsigned int, unsigned int, unsigned int *, void *)) \
    use(int, espeak_Synchronize, (void)) \
    use(const char *, espeak_Info, (const char **))

#define DECLARE(type, name, parameters) static type (*name) parameters;
FUNCTIONS(DECLARE)

static const char library_name[] = "libespeak-ng.so.1";

const char *cespeak_load(void) {
    static void *library;
    if (library) return NULL;
    library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (!library) return library_name;
#define FIND(type, name, parameters) if (!(name = (type (*) parameters)dlsym(library, #name))) { library = NULL; return #name; }
    FUNCTIONS(FIND)
    return NULL;
}

const char *cespeak_version(void) {
    const char *data = NULL;
    return espeak_Info(&data);
}

static struct {
    int16_t *samples;
    size_t sample_count, sample_room;
    struct cespeak_event *events;
    size_t event_count, event_room;
    bool has_failed;
} spoken;

/// @return room for `count` more; NULL when out of memory.
static void *room(void *list, size_t *room, size_t used, size_t count, size_t size) {
    if (used + count <= *room) return list;
    *room = (used + count) * 2;
    return realloc(list, *room * size);
}

static int take(short *samples, int count, espeak_event *event) {
    if (samples && count > 0) {
        int16_t *list = room(spoken.samples, &spoken.sample_room, spoken.sample_count, (size_t)count, sizeof *list);
        if (!list) return spoken.has_failed = true;
        spoken.samples = list;
        memcpy(list + spoken.sample_count, samples, (size_t)count * sizeof *list);
        spoken.sample_count += (size_t)count;
    }
    for (; event && event->type != event_none; event++) {
        if (event->type != cespeak_word && event->type != cespeak_end) continue;
        struct cespeak_event *list = room(spoken.events, &spoken.event_room, spoken.event_count, 1, sizeof *list);
        if (!list) return spoken.has_failed = true;
        spoken.events = list;
        list[spoken.event_count++] = (struct cespeak_event){(enum cespeak_kind)event->type, event->text_position, event->sample};
    }
    return 0;
}

enum cespeak_problem cespeak_speak(const char *voice, int rate, int pitch, const char *text, bool is_markup, struct cespeak_speech *speech) {
    static int sample_rate;
    if (!sample_rate) sample_rate = espeak_Initialize(output_synchronous, 0, NULL, dont_exit);
    if (sample_rate <= 0) {
        sample_rate = 0;
        return cespeak_no_data;
    }
    espeak_SetSynthCallback(take);
    if (espeak_SetVoiceByName(voice) != found) {
        espeak_voice wanted = {.languages = voice};
        if (espeak_SetVoiceByProperties(&wanted) != found) return cespeak_no_voice;
    }
    espeak_SetParameter(parameter_rate, rate, 0);
    if (pitch >= 0) espeak_SetParameter(parameter_pitch, pitch, 0);
    spoken.sample_count = spoken.event_count = 0;
    spoken.has_failed = false;
    unsigned int flags = flag_phonemes | flag_end_pause | (is_markup ? flag_markup : 0);
    int status = espeak_Synth(text, strlen(text) + 1, 0, position_character, 0, flags, NULL, NULL);
    espeak_Synchronize();
    if (status != found || spoken.has_failed) return cespeak_failed;
    *speech = (struct cespeak_speech){sample_rate, spoken.samples, spoken.sample_count, spoken.events, spoken.event_count};
    return cespeak_none;
}
