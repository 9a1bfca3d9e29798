#include "cpango.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is used of the libraries' types. Enumerations are part of their stable binary interfaces.
typedef struct cairo_surface cairo_surface;
typedef struct cairo cairo;
typedef struct cairo_font_options cairo_font_options;
typedef struct pango_font_map pango_font_map;
typedef struct pango_context pango_context;
typedef struct pango_layout pango_layout;
typedef struct pango_font_description pango_font_description;
typedef struct pango_language pango_language;
typedef struct pango_rectangle { int x, y, width, height; } pango_rectangle;
typedef struct fc_config fc_config;
typedef int (*cairo_write)(void *, const unsigned char *, unsigned int);

enum { format_rgb24 = 1, antialias_gray = 2, hint_style_none = 1, hint_metrics_off = 1, filter_best = 2 };
enum { pango_scale = 1024, wrap_word_char = 2, align_left = 0, align_center = 1, style_italic = 2, direction_rtl = 1 };

#define CAIRO(use) \
    use(cairo_surface *, cairo_image_surface_create, (int, int, int)) \
    use(cairo_surface *, cairo_image_surface_create_from_png, (const char *)) \
    use(int, cairo_image_surface_get_width, (cairo_surface *)) \
    use(int, cairo_image_surface_get_height, (cairo_surface *)) \
    use(int, cairo_surface_status, (cairo_surface *)) \
    use(void, cairo_surface_destroy, (cairo_surface *)) \
    use(int, cairo_surface_write_to_png_stream, (cairo_surface *, cairo_write, void *)) \
    use(cairo *, cairo_create, (cairo_surface *)) \
    use(void, cairo_destroy, (cairo *)) \
    use(void, cairo_save, (cairo *)) \
    use(void, cairo_restore, (cairo *)) \
    use(void, cairo_set_source_rgb, (cairo *, double, double, double)) \
    use(void, cairo_set_source_surface, (cairo *, cairo_surface *, double, double)) \
    use(void *, cairo_get_source, (cairo *)) \
    use(void, cairo_pattern_set_filter, (void *, int)) \
    use(void, cairo_translate, (cairo *, double, double)) \
    use(void, cairo_scale, (cairo *, double, double)) \
    use(void, cairo_move_to, (cairo *, double, double)) \
    use(void, cairo_new_path, (cairo *)) \
    use(void, cairo_close_path, (cairo *)) \
    use(void, cairo_arc, (cairo *, double, double, double, double, double)) \
    use(void, cairo_rectangle, (cairo *, double, double, double, double)) \
    use(void, cairo_fill, (cairo *)) \
    use(void, cairo_paint, (cairo *)) \
    use(cairo_font_options *, cairo_font_options_create, (void)) \
    use(void, cairo_font_options_destroy, (cairo_font_options *)) \
    use(void, cairo_font_options_set_antialias, (cairo_font_options *, int)) \
    use(void, cairo_font_options_set_hint_style, (cairo_font_options *, int)) \
    use(void, cairo_font_options_set_hint_metrics, (cairo_font_options *, int)) \
    use(const char *, cairo_version_string, (void))

#define PANGO(use) \
    use(const char *, pango_version_string, (void)) \
    use(pango_context *, pango_font_map_create_context, (pango_font_map *)) \
    use(pango_layout *, pango_layout_new, (pango_context *)) \
    use(void, pango_layout_set_text, (pango_layout *, const char *, int)) \
    use(void, pango_layout_set_width, (pango_layout *, int)) \
    use(void, pango_layout_set_wrap, (pango_layout *, int)) \
    use(void, pango_layout_set_alignment, (pango_layout *, int)) \
    use(void, pango_layout_set_line_spacing, (pango_layout *, float)) \
    use(void, pango_layout_set_font_description, (pango_layout *, const pango_font_description *)) \
    use(void, pango_layout_get_extents, (pango_layout *, pango_rectangle *, pango_rectangle *)) \
    use(int, pango_layout_get_line_count, (pango_layout *)) \
    use(int, pango_layout_get_unknown_glyphs_count, (pango_layout *)) \
    use(void, pango_context_set_language, (pango_context *, pango_language *)) \
    use(void, pango_context_set_round_glyph_positions, (pango_context *, int)) \
    use(pango_language *, pango_language_from_string, (const char *)) \
    use(pango_font_description *, pango_font_description_new, (void)) \
    use(void, pango_font_description_free, (pango_font_description *)) \
    use(void, pango_font_description_set_family, (pango_font_description *, const char *)) \
    use(void, pango_font_description_set_absolute_size, (pango_font_description *, double)) \
    use(void, pango_font_description_set_weight, (pango_font_description *, int)) \
    use(void, pango_font_description_set_style, (pango_font_description *, int)) \
    use(int, pango_find_base_dir, (const char *, int))

#define PANGOCAIRO(use) \
    use(pango_font_map *, pango_cairo_font_map_new, (void)) \
    use(void, pango_cairo_font_map_set_resolution, (pango_font_map *, double)) \
    use(void, pango_cairo_context_set_font_options, (pango_context *, const cairo_font_options *)) \
    use(void, pango_cairo_show_layout, (cairo *, pango_layout *))

#define OTHERS(use) \
    use(void, pango_fc_font_map_set_config, (pango_font_map *, fc_config *)) \
    use(void, g_object_unref, (void *)) \
    use(fc_config *, FcConfigCreate, (void)) \
    use(int, FcConfigSetCurrent, (fc_config *)) \
    use(int, FcConfigAppFontAddFile, (fc_config *, const unsigned char *)) \
    use(int, FcConfigParseAndLoadFromMemory, (fc_config *, const unsigned char *, int)) \
    use(int, FcGetVersion, (void)) \
    use(const char *, hb_version_string, (void)) \
    use(const char *, pixman_version_string, (void)) \
    use(unsigned, png_access_version_number, (void)) \
    use(int, FT_Init_FreeType, (void **)) \
    use(void, FT_Library_Version, (void *, int *, int *, int *))

#define DECLARE(result, name, arguments) static result (*name) arguments;
CAIRO(DECLARE) PANGO(DECLARE) PANGOCAIRO(DECLARE) OTHERS(DECLARE)

#define FIND(result, name, arguments) if (!name && library) *(void **)&name = dlsym(library, #name);
#define LACKS(result, name, arguments) if (!name) return "lib" #name;

static const char *const libraries[] = {
    "libcairo.so.2", "libpango-1.0.so.0", "libpangocairo-1.0.so.0", "libpangoft2-1.0.so.0", "libgobject-2.0.so.0", "libfontconfig.so.1",
    "libharfbuzz.so.0", "libpixman-1.so.0", "libpng16.so.16", "libfreetype.so.6",
};

const char *cpango_load(void) {
    static bool is_loaded;
    if (is_loaded) return NULL;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        void *library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
        if (!library) return libraries[i];
        CAIRO(FIND) PANGO(FIND) PANGOCAIRO(FIND) OTHERS(FIND)
    }
    CAIRO(LACKS) PANGO(LACKS) PANGOCAIRO(LACKS) OTHERS(LACKS)
    is_loaded = true;
    return NULL;
}

const char *cpango_versions(void) {
    static char text[300];
    void *library = NULL;
    int major = 0, minor = 0, patch = 0;
    if (!FT_Init_FreeType(&library)) FT_Library_Version(library, &major, &minor, &patch);
    snprintf(
        text, sizeof text, "pango %s\ncairo %s\nharfbuzz %s\nfontconfig %d\nfreetype %d.%d.%d\npixman %s\nlibpng %u\n", pango_version_string(),
        cairo_version_string(), hb_version_string(), FcGetVersion(), major, minor, patch, pixman_version_string(), png_access_version_number());
    return text;
}

struct cpango_canvas {
    cairo_surface *surface;
    cairo *cairo;
    pango_font_map *fonts;
    pango_context *context;
};

struct cpango_text {
    cpango_canvas *canvas;
    pango_layout *layout;
    double width;
};

// A font of coloured pictures has them in one size, and is scaled from it to the size that is wanted.
static const char settings[] =
    "<?xml version='1.0'?><fontconfig><match target='font'><test name='outline' compare='eq'><bool>false</bool></test>"
    "<edit name='pixelsizefixupfactor' mode='assign'><divide><name target='pattern'>pixelsize</name><name target='font'>pixelsize</name></divide></edit>"
    "<edit name='matrix' mode='assign'><times><name>matrix</name><matrix>"
    "<name>pixelsizefixupfactor</name><double>0</double><double>0</double><name>pixelsizefixupfactor</name></matrix></times></edit>"
    "<edit name='size' mode='assign'><divide><name>size</name><name>pixelsizefixupfactor</name></divide></edit></match></fontconfig>";

static bool add_fonts(pango_font_map *map, const char *const *fonts, size_t count, size_t *failed) {
    fc_config *config = FcConfigCreate();
    if (!config || !FcConfigParseAndLoadFromMemory(config, (const unsigned char *)settings, 1)) return false;
    for (*failed = 0; *failed < count; ++*failed) {
        if (!FcConfigAppFontAddFile(config, (const unsigned char *)fonts[*failed])) return false;
    }
    // Who asks for fonts without saying of which configuration gets these alone, too.
    FcConfigSetCurrent(config);
    pango_fc_font_map_set_config(map, config);
    return true;
}

cpango_canvas *cpango_canvas_new(int width, int height, const char *const *fonts, size_t count, size_t *failed) {
    cpango_canvas *canvas = calloc(1, sizeof *canvas);
    *failed = count;
    if (!canvas) return NULL;
    canvas->surface = cairo_image_surface_create(format_rgb24, width, height);
    canvas->cairo = cairo_create(canvas->surface);
    canvas->fonts = pango_cairo_font_map_new();
    // So that a size is one in pixels, whatever asks for points.
    if (canvas->fonts) pango_cairo_font_map_set_resolution(canvas->fonts, 72);
    if (cairo_surface_status(canvas->surface) || !canvas->fonts || !add_fonts(canvas->fonts, fonts, count, failed)) {
        cpango_canvas_free(canvas);
        return NULL;
    }
    canvas->context = pango_font_map_create_context(canvas->fonts);
    cairo_font_options *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, antialias_gray);
    cairo_font_options_set_hint_style(options, hint_style_none);
    cairo_font_options_set_hint_metrics(options, hint_metrics_off);
    pango_cairo_context_set_font_options(canvas->context, options);
    pango_context_set_round_glyph_positions(canvas->context, 0);
    cairo_font_options_destroy(options);
    return canvas;
}

void cpango_canvas_free(cpango_canvas *canvas) {
    if (!canvas) return;
    if (canvas->context) g_object_unref(canvas->context);
    if (canvas->fonts) g_object_unref(canvas->fonts);
    if (canvas->cairo) cairo_destroy(canvas->cairo);
    if (canvas->surface) cairo_surface_destroy(canvas->surface);
    free(canvas);
}

void cpango_fill(cpango_canvas *canvas, double x, double y, double width, double height, double radius, double red, double green, double blue) {
    static const double quarter = 1.5707963267948966;
    cairo *cairo = canvas->cairo;
    cairo_set_source_rgb(cairo, red, green, blue);
    cairo_new_path(cairo);
    if (radius > 0) {
        double right = x + width - radius, bottom = y + height - radius;
        cairo_arc(cairo, right, y + radius, radius, -quarter, 0);
        cairo_arc(cairo, right, bottom, radius, 0, quarter);
        cairo_arc(cairo, x + radius, bottom, radius, quarter, 2 * quarter);
        cairo_arc(cairo, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
        cairo_close_path(cairo);
    } else {
        cairo_rectangle(cairo, x, y, width, height);
    }
    cairo_fill(cairo);
}

bool cpango_image(cpango_canvas *canvas, const char *path, double x, double y, double width, double height) {
    cairo_surface *image = cairo_image_surface_create_from_png(path);
    bool is_read = !cairo_surface_status(image) && cairo_image_surface_get_width(image) > 0 && cairo_image_surface_get_height(image) > 0;
    if (is_read) {
        double own_width = cairo_image_surface_get_width(image), own_height = cairo_image_surface_get_height(image);
        double scale = width / own_width < height / own_height ? width / own_width : height / own_height;
        cairo_save(canvas->cairo);
        cairo_translate(canvas->cairo, x + (width - own_width * scale) / 2, y + (height - own_height * scale) / 2);
        cairo_scale(canvas->cairo, scale, scale);
        cairo_set_source_surface(canvas->cairo, image, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(canvas->cairo), filter_best);
        cairo_rectangle(canvas->cairo, 0, 0, own_width, own_height);
        cairo_fill(canvas->cairo);
        cairo_restore(canvas->cairo);
    }
    cairo_surface_destroy(image);
    return is_read;
}

cpango_text *cpango_text_new(cpango_canvas *canvas, const char *text, size_t length, const struct cpango_style *style) {
    cpango_text *made = malloc(sizeof *made);
    pango_font_description *font = pango_font_description_new();
    if (!made || !font) return free(made), NULL;
    pango_context_set_language(canvas->context, pango_language_from_string(style->language));
    *made = (cpango_text){canvas, pango_layout_new(canvas->context), style->width};
    pango_font_description_set_family(font, style->families);
    pango_font_description_set_absolute_size(font, style->size * pango_scale);
    pango_font_description_set_weight(font, style->weight);
    if (style->italic) pango_font_description_set_style(font, style_italic);
    pango_layout_set_font_description(made->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(made->layout, (int)(style->width * pango_scale));
    pango_layout_set_wrap(made->layout, wrap_word_char);
    pango_layout_set_alignment(made->layout, style->centered ? align_center : align_left);
    pango_layout_set_line_spacing(made->layout, (float)style->spacing);
    pango_layout_set_text(made->layout, text, (int)length);
    return made;
}

void cpango_text_free(cpango_text *text) {
    if (text) g_object_unref(text->layout);
    free(text);
}

struct cpango_size cpango_text_size(cpango_text *text) {
    pango_rectangle ink, logical;
    pango_layout_get_extents(text->layout, &ink, &logical);
    return (struct cpango_size){
        (double)logical.width / pango_scale, (double)(logical.y + logical.height) / pango_scale, pango_layout_get_unknown_glyphs_count(text->layout),
        pango_layout_get_line_count(text->layout)};
}

bool cpango_is_right_to_left(const char *text, size_t length) { return pango_find_base_dir(text, (int)length) == direction_rtl; }

void cpango_text_draw(cpango_text *text, double x, double y, double red, double green, double blue) {
    cairo *cairo = text->canvas->cairo;
    cairo_set_source_rgb(cairo, red, green, blue);
    cairo_move_to(cairo, x, y);
    pango_cairo_show_layout(cairo, text->layout);
}

struct png_target {
    bool (*write)(void *, const uint8_t *, size_t);
    void *context;
};

static int write_png(void *context, const unsigned char *bytes, unsigned int count) {
    struct png_target *target = context;
    // CAIRO_STATUS_WRITE_ERROR
    return target->write(target->context, bytes, count) ? 0 : 11;
}

bool cpango_png(cpango_canvas *canvas, bool (*write)(void *context, const uint8_t *bytes, size_t count), void *context) {
    struct png_target target = {write, context};
    return !cairo_surface_write_to_png_stream(canvas->surface, write_png, &target);
}
