"""Speaks a line with Hibari's voice, the same way each time: epbuild-hibari [--voice heart] [--speed N] [--pitch N] TEXT-FILE WAV-FILE

One thread and one seed: the same text gives the same bytes. Of Hibari's voices this is the one that its package brings; the others would
have to be downloaded. Another pitch is the voice of a smaller or a larger speaker: the line is spoken at another speed, and its samples
are said to be at another rate.

With --serve the voice stays loaded: each line of standard input names a JSON file with a text and the options for it, and each answer is
`ok LENGTH`, a line feed and the WAV file in base64.
"""

import argparse
import base64
import io
import json
import sys
from pathlib import Path

VOICE = "heart"

parser = argparse.ArgumentParser(prog="epbuild-hibari", description="Speaks the text of a file into a WAV file.")
parser.add_argument("--voices", action="store_true", help="print the names of the voices that are here")
parser.add_argument("--serve", action="store_true", help="stay, and read the names of files from standard input")
parser.add_argument("--voice", default=VOICE, help="one of them (default: the first)")
parser.add_argument("--speed", type=float, default=1.0, help="1 is usual, 2 twice as fast")
parser.add_argument("--pitch", type=float, default=50.0, help="from 0 to 99; 50 is the voice's own, and 100 more would be an octave more")
parser.add_argument("files", nargs="*", metavar="FILE", help="the text, then the sound")
options = parser.parse_args()

if options.voices:
    print(VOICE)
    sys.exit(0)

from hibari import Hibari
from hibari.tts import write_wav

voice = Hibari(voice=VOICE, threads=1)


def speak(text, options, file):
    """Writes a text as a WAV file."""
    if options.voice != VOICE:
        parser.error(f"there is no voice {options.voice} here: {VOICE}")
    if not 0.1 <= options.speed <= 10:
        parser.error("--speed takes a number from 0.1 to 10")
    if not 0 <= options.pitch <= 99:
        parser.error("--pitch takes a number from 0 to 99")
    higher = 2 ** ((options.pitch - 50) / 100)
    sound = voice(text, speed=options.speed / higher, seed=0)
    if not len(sound):
        sys.exit("there is nothing in the text that can be spoken")
    write_wav(file, sound, sample_rate=round(voice.sample_rate * higher))


if options.serve:
    for line in sys.stdin:
        question = json.loads(Path(line.rstrip("\n")).read_text(encoding="utf-8"))
        sound = io.BytesIO()
        speak(question["text"], parser.parse_args(question["arguments"]), sound)
        answer = base64.b64encode(sound.getvalue())
        sys.stdout.buffer.write(b"ok %d\n" % len(answer) + answer)
        sys.stdout.buffer.flush()
    sys.exit(0)
if len(options.files) != 2:
    parser.error("it takes a file with a text, and a file for the sound")
speak(Path(options.files[0]).read_text(encoding="utf-8"), options, options.files[1])
