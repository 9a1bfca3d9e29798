"""A film of sixty scenes, of which one is edited: the processor time beside encoding it whole with plain ffmpeg."""
import os
import statistics

from .fanout import write
from .measure import Command, shell
from .table import Row

SCENES = 60
SECONDS = 4.5
PIPELINE = """stages:
  scenes: { source: scenes.yaml }
  cards:  { tool: command, each: { scene: scenes.scenes }, run: [sh, ./card.sh], inputs: { card.sh: ./card.sh, number: scene.number }, outputs: [card.png] }
  voices: { tool: command, each: { scene: scenes.scenes }, run: [sh, ./voice.sh], inputs: { voice.sh: ./voice.sh, number: scene.number }, outputs: [line.wav] }
  videos: { tool: video, each: { scene: scenes.scenes }, from: [cards, voices] }
  film:   { tool: package, from: [videos, voices, scenes] }
"""
# A picture and a sound of its own for each number, without a font or a voice.
CARD = 'n=$(cat number)\nffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=1280x720:rate=1,hue=h=$((n * 7 % 360))" -frames:v 1 card.png\n'
VOICE = f'n=$(cat number)\nffmpeg -nostdin -v error -f lavfi -i "sine=frequency=$((200 + n * 9)):sample_rate=22050:duration={SECONDS}" line.wav\n'


def rows(setting):
    root = setting.fresh("film")
    show = os.path.join(root, "show")
    episode = os.path.join(show, "episode")
    os.makedirs(episode)
    texts = {"epbuild.yaml": "limits: { jobs: 2 }\n", "show.yaml": "title: Bench\nlanguage: en\n", "pipeline.yaml": PIPELINE, "card.sh": CARD, "voice.sh": VOICE}
    for name, text in texts.items():
        write(show, name, text)
    write(episode, "episode.yaml", "title: Bench\n")
    write(episode, "scenes.yaml", scenes(range(SCENES)))
    build = setting.epbuild(episode)
    build.run()
    peer = whole(setting)
    runs = setting.runs or 3
    ours, theirs = [], []
    for number in range(runs):
        write(episode, "scenes.yaml", scenes([*range(30), 1000 + number, *range(31, SCENES)]))
        ours.append(build.run().processor_seconds)
        theirs.append(peer.run().processor_seconds)
    yield Row(f"one scene of {SCENES} edited, to the film, processor time (ffmpeg, whole)", statistics.median(ours), statistics.median(theirs), 1 / 15)


def scenes(numbers):
    lines = "".join(f"  - {{ number: {number}, narration: This is scene {number}. }}\n" for number in numbers)
    return f"title: Bench\nscenes:\n{lines}"


def whole(setting):
    """The same pictures and sounds in one command, as a person would write it."""
    root = setting.fresh("whole")
    for number in range(SCENES):
        place = os.path.join(root, f"{number:02d}")
        os.mkdir(place)
        for name, text in (("number", str(number)), ("card.sh", CARD), ("voice.sh", VOICE)):
            write(place, name, text)
    shell("for place in */; do (cd $place && sh ./card.sh && sh ./voice.sh); done", root)
    length = SECONDS + 0.5
    write(root, "pictures.txt", "".join(f"file '{number:02d}/card.png'\nduration {length}\n" for number in range(SCENES)))
    write(root, "sounds.txt", "".join(f"file '{number:02d}/line.wav'\n" for number in range(SCENES)))
    words = "ffmpeg -nostdin -v error -y -f concat -i pictures.txt -f concat -i sounds.txt -vf fps=25,format=yuv420p -c:v libx264 -preset veryfast -crf 20 -c:a aac whole.mp4"
    return Command(words.split(), cwd=root)
