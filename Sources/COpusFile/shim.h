// What is used of opusfile 0.12. Its own header includes others by names that stand in no search path.
#include <stddef.h>
typedef struct OggOpusFile OggOpusFile;
OggOpusFile *op_open_memory(const unsigned char *data, size_t size, int *error);
int op_channel_count(const OggOpusFile *file, int link);
int op_link_count(const OggOpusFile *file);
int op_read_float(OggOpusFile *file, float *samples, int size, int *link);
void op_free(OggOpusFile *file);
