"""Recordings: what one clip's edit costs, how fast a long one is transcribed, and how many words are heard wrong."""
import json
import os
import shutil
import subprocess

from .measure import Command, shell
from .table import Row

CLIPS = 20
CLIP_PIPELINE = """stages:
  recording: { source: recording.mp4 }
  list: { source: clips.yaml }
  clips: { tool: clip, each: { clip: list.clips }, recording: recording, short_side_pixels: 360 }
"""
LONG_PIPELINE = """stages:
  recording: { source: recording.wav }
  transcript: { tool: transcribe, recording: recording, deliver: true }
"""
SENTENCES = [
    "The harbour was quiet when the first boats came in.", "Nobody on the pier had seen the storm that turned them back.",
    "There were nine boxes of fish, and a letter for the mayor.", "The letter was older than the mayor, and so was the stamp.",
    "People in the town still talk about that morning.", "Some of them say that the sea was green, and others that it was gold.",
]


def rows(setting):
    yield clips(setting)
    yield from long_recording(setting)
    yield from errors(setting)


def write(root, texts):
    for path, text in texts.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)


def clips(setting):
    """One clip's bounds edited, of what cutting all of them costs: processor seconds, as the machine may be busy."""
    root = setting.fresh("clips")
    write(root, {"epbuild.yaml": "{}\n", "show.yaml": "title: Bench\n", "pipeline.yaml": CLIP_PIPELINE, "episode/episode.yaml": "title: Bench\n"})
    episode = os.path.join(root, "episode")
    shell("ffmpeg -v error -f lavfi -i testsrc2=s=640x360:r=25:d=90 -f lavfi -i sine=300:d=90 -c:v libx264 -preset veryfast -c:a aac recording.mp4", episode)

    def bounds(end):
        lines = "".join(f"- {{ title: Clip {n}, start_seconds: {n * 4}, end_seconds: {n * 4 + (end if n == 7 else 3)} }}\n" for n in range(CLIPS))
        write(episode, {"clips.yaml": f"clips:\n{lines}"})

    bounds(3)
    everything = setting.epbuild(episode).run()
    bounds(2.5)
    edited = setting.epbuild(episode).run()
    return Row(f"one of {CLIPS} clips with other bounds (processor time), of cutting all", edited.processor_seconds, everything.processor_seconds, ratio=0.1)


def long_recording(setting):
    """Two steps at once over pieces, against each recognizer of this machine with its one thread over the whole."""
    minutes = setting.recording_minutes
    sound = setting.fresh("recording")
    for number, sentence in enumerate(SENTENCES):
        subprocess.run(["flite", "-voice", "slt", "-t", sentence, "-o", f"{number}.wav"], cwd=sound, check=True)
    write(sound, {"list": "".join(f"file '{number}.wav'\n" for number in range(len(SENTENCES)))})
    # The noise is never the same twice: no piece is another's.
    shell(
        "ffmpeg -v error -f concat -safe 0 -i list -af apad=pad_dur=0.5 all.wav && ffmpeg -v error -stream_loop -1 -i all.wav "
        f"-f lavfi -i anoisesrc=color=brown:amplitude=0.01:seed=3:r=16000 -filter_complex amix=inputs=2:normalize=0 -t {minutes * 60} -ar 16000 -ac 1 recording.wav", sound)
    shell("ffmpeg -v error -i recording.wav -f s16le recording.raw", sound)
    for name, command in recognizers().items():
        root = setting.fresh(f"recording-{name}")
        write(root, {
            "epbuild.yaml": f"limits: {{ jobs: 2 }}\nproviders: {{ ears: {{ tool: transcribe, use: {name} }} }}\n", "show.yaml": "title: Bench\nlanguage: en\n",
            "pipeline.yaml": LONG_PIPELINE, "episode/episode.yaml": "title: Bench\n",
        })
        episode = os.path.join(root, "episode")
        os.link(os.path.join(sound, "recording.wav"), os.path.join(episode, "recording.wav"))
        whole = Command(command, cwd=sound).run()
        ours = Command([setting.binary, episode], env={"EPBUILD_CACHE": os.path.join(root, "cache"), "HOME": setting.work, "XDG_DATA_HOME": data()}).run()
        yield Row(f"{minutes} minutes transcribed by two, of {name} over the whole", ours.seconds, whole.seconds, ratio=0.6)
        # Of two processors that nobody else uses, each would have half of it.
        yield Row("the same, half of the processor time", ours.processor_seconds / 2, whole.processor_seconds, ratio=0.6)


def data():
    """Where `epbuild providers install` has put its programs."""
    return os.environ.get("XDG_DATA_HOME", os.path.expanduser("~/.local/share"))


def recognizers():
    """Those that this machine has, as each listens to a whole file."""
    found = {}
    if shutil.which("pocketsphinx_continuous"):
        found["pocketsphinx"] = ["pocketsphinx_continuous", "-infile", "recording.raw", "-time", "yes", "-logfn", "/dev/null"]
    whisper = os.path.join(data(), "epbuild", "whisper", "bin", "epbuild-whisper")
    if os.access(whisper, os.X_OK):
        found["whisper"] = [whisper, "recording.wav"]
    return found


def errors(setting):
    """The share of words of the shipped recordings that each transcriber of this machine hears otherwise."""
    for name in recognizers():
        root = setting.fresh(f"errors-{name}")
        shutil.copytree(os.path.join(setting.root, "Episodes", "newsroom"), os.path.join(root, "newsroom"))
        write(root, {"epbuild.yaml": f"limits: {{ jobs: 2 }}\nproviders: {{ ears: {{ tool: transcribe, use: {name} }} }}\n"})
        pipeline = os.path.join(root, "newsroom", "pipeline.yaml")
        with open(pipeline, encoding="utf-8") as file:
            text = file.read().replace("output: transcript.json", "output: transcript.json, deliver: true")
        write(root, {"newsroom/pipeline.yaml": text})
        for episode in sorted(os.listdir(os.path.join(root, "newsroom"))):
            place = os.path.join(root, "newsroom", episode)
            if not os.path.exists(os.path.join(place, "episode.yaml")):
                continue
            shutil.rmtree(os.path.join(place, "out"), ignore_errors=True)
            build = Command([setting.binary, place, "transcribed"], env={"EPBUILD_CACHE": os.path.join(root, "cache"), "HOME": setting.work, "XDG_DATA_HOME": data()})
            build.run()
            with open(os.path.join(place, "out", "transcript.json"), encoding="utf-8") as file:
                yield Row(f"words heard otherwise by {name}, {episode}", json.load(file)["word_error_rate"] * 100, unit="%")
