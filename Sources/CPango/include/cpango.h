/// Text and shapes on a picture, by Pango and Cairo, which are loaded when the first picture is made.
///
/// Nothing here links with them or needs their headers: of the few functions that are used, the types are declared in the
/// source. They are shared objects only, forty with what they load, so only the process that draws pays for them.
///
/// Only fonts that are given by their files are used: nothing of this machine's font settings is read. All sizes are pixels.
/// Glyphs are not hinted and are drawn in shades of grey, so that the same text gives the same bytes.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cpango_canvas cpango_canvas;
typedef struct cpango_text cpango_text;

struct cpango_style {
    /// Names of font families, the first wanted one first, with commas between them.
    const char *families;
    double size;
    /// 400 is regular, 700 is bold.
    int weight;
    bool italic;
    /// In the middle of its width, not at the side where its script begins.
    bool centered;
    /// Lines are broken at this width, within a word where it is too long.
    double width;
    /// Height of a line as a part of what the font says.
    double spacing;
    /// Tells which form of a letter is meant, where languages share one: `ja`, `zh-cn`.
    const char *language;
};

struct cpango_size {
    double width;
    double height;
    /// Characters that no font has.
    int unknown;
    /// How many there are, with those that were broken.
    int lines;
};

/// Loads the libraries, once for the process. Not to be called by two threads at once.
/// @return the name of the library that is missing or lacks a function; NULL if all are there.
const char *cpango_load(void);
/// The versions of all libraries that decide how text is drawn, one a line.
const char *cpango_versions(void);

/// @param fonts paths of font files.
/// @return NULL if there is no memory for so large a picture, or a file is no font: then `failed` is its number.
cpango_canvas *cpango_canvas_new(int width, int height, const char *const *fonts, size_t count, size_t *failed);
void cpango_canvas_free(cpango_canvas *canvas);

void cpango_fill(cpango_canvas *canvas, double x, double y, double width, double height, double radius, double red, double green, double blue);
/// Draws a PNG file into a box, as large as it fits, in its middle.
/// @return false if it cannot be read.
bool cpango_image(cpango_canvas *canvas, const char *path, double x, double y, double width, double height);

cpango_text *cpango_text_new(cpango_canvas *canvas, const char *text, size_t length, const struct cpango_style *style);
void cpango_text_free(cpango_text *text);
struct cpango_size cpango_text_size(cpango_text *text);
/// True if a text is written from right to left, by its first letter.
bool cpango_is_right_to_left(const char *text, size_t length);
void cpango_text_draw(cpango_text *text, double x, double y, double red, double green, double blue);

/// Encodes the picture as a PNG.
/// @param write is given the bytes in parts; returns false to stop.
bool cpango_png(cpango_canvas *canvas, bool (*write)(void *context, const uint8_t *bytes, size_t count), void *context);
