/// Speech by espeak-ng's library, which is loaded when it is first needed.
///
/// Nothing here links with it or needs its headers: of the few functions that are used, the types are declared in the source.
/// It keeps its state in the process, and is not to be used by two threads.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cespeak_kind { cespeak_word = 1, cespeak_end = 5 };

struct cespeak_event {
    /// What begins here: a word, or the pause after a clause.
    enum cespeak_kind kind;
    /// Of a word: where it begins in the text, in characters from 1.
    int position;
    /// When, in samples.
    int sample;
};

/// What was spoken last; it lives until something else is.
struct cespeak_speech {
    /// Samples a second, of one channel.
    int rate;
    const int16_t *samples;
    size_t sample_count;
    const struct cespeak_event *events;
    size_t event_count;
};

enum cespeak_problem { cespeak_none, cespeak_no_data, cespeak_no_voice, cespeak_failed };

/// Loads the library, once for the process.
/// @return what is missing; NULL if all is there.
const char *cespeak_load(void);
const char *cespeak_version(void);

/// Speaks as `espeak-ng -v VOICE -s RATE [-p PITCH] [-m] -f FILE` does.
/// @param rate words a minute.
/// @param pitch 0 to 99; -1: as the voice has it.
/// @param text UTF-8, with a zero behind it.
/// @param is_markup true if it is SSML.
enum cespeak_problem cespeak_speak(
    const char *voice, int rate, int pitch, const char *text, bool is_markup, struct cespeak_speech *speech);
