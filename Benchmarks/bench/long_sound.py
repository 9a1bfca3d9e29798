"""One spoken line of many hours: the memory of a build that measures, mixes, encodes and packages it."""
import os
import sys

from .table import Row

SCRIPT = "SAM\nThis goes on for hours.\n"
PIPELINE = """stages:
  script: {{ source: script.fountain }}
  speech: {{ tool: command, each: script.lines, run: [{python}, {maker}, "{minutes}"], outputs: [line.wav] }}
  mixed: {{ tool: mix, from: [script, speech] }}
  package: {{ tool: package, from: [mixed, script] }}
"""
# Noise in a loop of ten seconds, at the rate of most voices, written as it is made.
MAKER = """import random, struct, sys
minutes = int(sys.argv[1])
size = minutes * 60 * 22050 * 2
random.seed(1)
ten = b"".join(struct.pack("<h", random.randrange(-8000, 8000)) for _ in range(220500))
with open("line.wav", "wb") as file:
    file.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16))
    file.write(b"data" + struct.pack("<I", size))
    for _ in range(minutes * 6):
        file.write(ten)
"""


def rows(setting):
    root = setting.fresh("long")
    episode = os.path.join(root, "episode")
    os.mkdir(episode)
    maker = os.path.join(root, "maker.py")
    pipeline = PIPELINE.format(python=sys.executable, maker=maker, minutes=setting.minutes)
    texts = {
        "maker.py": MAKER, "epbuild.yaml": "{}\n", "show.yaml": "title: Bench\nlanguage: en\npipeline: pipeline.yaml\ncharacters: [{ name: SAM }]\n",
        "pipeline.yaml": pipeline, "episode/episode.yaml": "title: Bench\n", "episode/script.fountain": SCRIPT,
    }
    for path, text in texts.items():
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)
    run = setting.epbuild(episode).run()
    yield Row(f"one line of {setting.minutes} minutes, to the MP3", run.seconds)
    yield Row("its memory", run.peak_mb, limit=200, unit="MB")
