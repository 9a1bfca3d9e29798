"""Rows that need no episode: the start, hashing, and the engine alone."""
import os
import re
import statistics
import subprocess

from .measure import Command, medians
from .table import Row


def start(setting):
    ours, peer = medians([Command([setting.binary, "--version"]), Command(["ninja", "--version"])], setting.runs or 200)
    yield Row("start: --version (ninja --version)", ours, peer, 5)


def hashing(setting):
    """A source of 1 GB that changed: epbuild reads it once, and finds that nothing need be done.

    The same build with a small source is taken off; so is openssl's own start."""
    big, small = source(setting, "hash-big", setting.megabytes), source(setting, "hash-small", 0)
    peers = [Command(["openssl", "dgst", "-sha256", os.path.join(place, "big.bin")]) for place in (big, small)]
    builds = [setting.epbuild(place) for place in (big, small)]
    for command in builds + peers:
        command.run()

    def touch(_):
        for place in (big, small):
            os.utime(os.path.join(place, "big.bin"))

    ours, our_start, peer, peer_start = medians(builds + peers, setting.runs or 5, before=touch)
    yield Row(f"hashing {setting.megabytes:,} MB (openssl dgst -sha256)", ours - our_start, peer - peer_start, 1.05)


def source(setting, name, megabytes):
    root = setting.fresh(name)
    episode = os.path.join(root, "episode")
    os.mkdir(episode)
    texts = {
        "epbuild.yaml": "{}\n", "show.yaml": "title: Bench\nlanguage: en\npipeline: pipeline.yaml\n", "episode/episode.yaml": "title: Bench\n",
        "pipeline.yaml": "stages:\n  big: { source: big.bin }\n",
    }
    for path, text in texts.items():
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)
    block = os.urandom(1 << 20)
    with open(os.path.join(episode, "big.bin"), "wb") as file:
        for _ in range(megabytes):
            file.write(block)
    return episode


def actions(setting):
    """The engine and the cache alone, by the executable in Benchmarks/epbuild-bench."""
    count = 10000
    seconds = []
    binary = setting.bench_binary()
    # A directory of its own for each run: ext4 is slow at making files for seconds after many were deleted.
    for number in range(setting.runs or 5):
        output = subprocess.run([binary, setting.fresh(f"actions-{number}"), str(count)], capture_output=True, text=True, check=False)
        if output.returncode != 0 or not re.fullmatch(r"[\d.]+\s*", output.stdout):
            raise SystemExit(f"epbuild-bench failed: {output.stdout}{output.stderr}")
        seconds.append(float(output.stdout))
    yield Row(f"{count:,} trivial actions in process, durable, each", statistics.median(seconds) / count, limit=150e-6)
