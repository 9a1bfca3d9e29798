"""From saving an edit of one line of ep003 to the first of its new samples at a player's standard input."""
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import threading
import time

from .episode import EPISODE
from .table import Row

# What starts as quickly as a player in C does, and hands on what it is given.
PLAYER = """#!/bin/sh
exec cat > {pipe}
"""


class Ear(threading.Thread):
    """Notes when the first bytes of each player come."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe, self.times = pipe, []

    def run(self):
        while True:
            with open(self.pipe, "rb", buffering=0) as sound:
                if sound.read(1):
                    self.times.append(time.time())
                while sound.read(1 << 16):
                    pass


def rows(setting):
    place = os.path.join(setting.fresh("hear"), "Episodes")
    shutil.copytree(os.path.join(setting.root, "Episodes"), place, ignore=shutil.ignore_patterns("out", ".epbuild"))
    episode, player, pipe = os.path.join(place, EPISODE), *(os.path.join(setting.work, "hear", name) for name in ("player", "sound"))
    os.mkfifo(pipe)
    ear = Ear(pipe)
    ear.start()
    with open(player, "w", encoding="utf-8") as file:
        file.write(PLAYER.format(pipe=shlex.quote(pipe)))
    os.chmod(player, 0o755)
    build = setting.epbuild(episode)
    build.run()
    words = os.path.join(setting.work, "hear", "words")
    with open(words, "w", encoding="utf-8") as output:
        watch = subprocess.Popen(
            [setting.binary, "build", "--watch", "--play", episode], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={**os.environ, **build.env, "EPBUILD_PLAYER": player})
    try:
        until(lambda: text(words).count("watching ") == 1)
        times = sorted(heard(setting, os.path.join(episode, "script.fountain"), ear, words))
    finally:
        watch.terminate()
        watch.wait()
    yield Row("from saving a line of ep003 to hearing it: median", statistics.median(times), limit=0.15)
    yield Row("  95 of 100", times[min(len(times) - 1, len(times) * 95 // 100)], limit=0.3)


def heard(setting, script, ear, words):
    original = text(script)
    spoken = [match.end() for match in re.finditer(r"^[A-Z]+\n(?:\(.*\)\n)?(?=\w)", original, re.M)]
    for number in range(setting.runs or 50):
        place = spoken[(number * 97 + 41) % len(spoken)]
        changed = f"{original[:place]}Well number {number}, {original[place:]}"
        plays, waits = len(ear.times), text(words).count("watching ")
        start = time.time()
        with open(script, "w", encoding="utf-8") as file:
            file.write(changed)
        until(lambda: len(ear.times) > plays and text(words).count("watching ") > waits)
        yield ear.times[plays] - start


def text(path):
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            sys.exit("nothing was heard for a minute")
        time.sleep(0.02)
