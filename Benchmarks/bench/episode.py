"""ep003, an episode of 600 lines and about 53 minutes: from nothing, and after an edit of one word."""
import os
import re
import shutil

from .measure import Command, medians
from .table import Row

SHOW = "olivers-workshop"
EPISODE = f"{SHOW}/ep003-a-tour-of-the-solar-system"

NINJA = """rule speak
  command = espeak-ng -v $voice -s $rate -p $pitch -w $out -f $in
rule join
  command = ffmpeg -y -v error -f concat -i list.txt -ar 44100 -ac 2 $out
rule encode
  command = sh encode.sh
"""

# Plain ffmpeg, as one would write it: join, measure, then set the level and encode.
ENCODE = """set -e
loudness=$(ffmpeg -hide_banner -nostats -i all.wav -af ebur128=peak=true -f null - 2>&1 | sed -n 's/^ *I: *\\(.*\\) LUFS/\\1/p' | tail -n 1)
gain=$(awk "BEGIN { print -16 - ($loudness) }")
ffmpeg -y -v error -i all.wav -af "volume=${gain}dB,alimiter=limit=0.84" -c:a libmp3lame -b:a 192k episode.mp3
"""
REMAKE = "set -e\nffmpeg -y -v error -f concat -i list.txt -ar 44100 -ac 2 all.wav\n. ./encode.sh\n"
# What epbuild asks espeak-ng for, so that the words a minute of show.yaml come out.
VOICES = {"NARRATOR": ("en-gb", 112, 46), "OLIVER": ("en-gb-scotland+m3", 108, 34), "PIP": ("en+f3", 117, 70)}


def rows(setting, which):
    place = os.path.join(setting.fresh("episodes"), "Episodes")
    shutil.copytree(os.path.join(setting.root, "Episodes"), place, ignore=shutil.ignore_patterns("out", ".epbuild"))
    episode = os.path.join(place, EPISODE)
    script = os.path.join(episode, "script.fountain")
    plain = plain_tree(setting, script)
    build = setting.epbuild(episode)
    ours = build.run()
    if "scratch" in which:
        peer = Command(["ninja", "--quiet"], cwd=plain).run()
        yield Row("ep003 from nothing (ninja, espeak-ng, plain ffmpeg)", ours.seconds, peer.seconds, 1.0)
        yield Row("  memory of epbuild", ours.peak_mb, unit="MB")
    else:
        Command(["ninja", "--quiet"], cwd=plain).run()
    if "edit" in which:
        yield edited(setting, build, script, Command(["sh", "remake.sh"], cwd=plain))


def edited(setting, build, script, peer):
    """Another line is edited in every run, so that nothing of it is known."""
    with open(script, encoding="utf-8") as file:
        original = file.read()
    spoken = [match.end() for match in re.finditer(r"^[A-Z]+\n(?:\(.*\)\n)?(?=\w)", original, re.M)]
    runs = setting.runs or 5

    def edit(number):
        place = spoken[(number * 97 + 41) % len(spoken)]
        with open(script, "w", encoding="utf-8") as file:
            file.write(original[:place] + f"Well number {number}, " + original[place:])

    ours = medians([build], max(runs, 9), before=edit)[0]
    theirs = medians([peer], min(runs, 3))[0]
    return Row("ep003, one word edited, to the MP3 (plain ffmpeg over all lines)", ours, theirs, 1 / 20, limit=1.5)


def plain_tree(setting, script):
    root = setting.fresh("plain")
    with open(script, encoding="utf-8") as file:
        lines = re.findall(r"^(NARRATOR|OLIVER|PIP)\n(?:\(.*\)\n)?(\w.*)$", file.read(), re.M)
    assert len(lines) == 600, len(lines)
    edges = []
    for index, (speaker, text) in enumerate(lines):
        with open(f"{root}/{index:03d}.txt", "w", encoding="utf-8") as file:
            file.write(text)
        voice, rate, pitch = VOICES[speaker]
        edges.append(f"build {index:03d}.wav: speak {index:03d}.txt\n  voice = {voice}\n  rate = {rate}\n  pitch = {pitch}\n")
    files = " ".join(f"{index:03d}.wav" for index in range(len(lines)))
    texts = {
        "build.ninja": NINJA + "".join(edges) + f"build all.wav: join | {files}\nbuild episode.mp3: encode | all.wav\n",
        "list.txt": "".join(f"file {index:03d}.wav\n" for index in range(len(lines))), "encode.sh": ENCODE, "remake.sh": REMAKE,
    }
    for name, text in texts.items():
        with open(f"{root}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    return root
