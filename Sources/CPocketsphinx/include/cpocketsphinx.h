/// Pocketsphinx by its library, which is loaded when it is first needed: nothing here links with it or needs its headers.
#pragma once

/// Listens to one file after another, as `pocketsphinx_continuous -infile FILE -time yes` does, with the model loaded once.
///
/// Reads the name of a file of raw samples (16 kHz, 16 bits, one channel) from each line of standard input, and prints `ok LENGTH`, a line
/// feed, and what the program would print.
/// @return the exit status, when there is nothing more to read; 69 if the library or its model is missing.
int cpocketsphinx_serve(void);
