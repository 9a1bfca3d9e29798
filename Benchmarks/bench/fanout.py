"""An up-to-date build of many items against ninja with as many targets, and the memory that it takes."""
import os
import statistics

from .measure import Command, medians
from .table import Row

TARGETS = {"lines": {1000: 1.5, 10000: 0.3, 50000: 0.1}, "files": {1000: 1.0, 10000: 0.7, 50000: 0.7}}
MEMORY_MB = {"lines": 150, "files": 100}
NAMES = {"lines": "fanned out of one script", "files": "from as many source files"}

PIPELINE = """stages:
  texts: {{ source: "{source}" }}
  copies: {{ tool: command, each: {each}, run: [cp, in.txt, out.txt], inputs: {{ in.txt: item }}, outputs: [out.txt] }}
"""


def rows(setting, shapes):
    for count in setting.sizes:
        ninja = ninja_tree(setting, count)
        for shape in shapes:
            yield from measured(setting, shape, count, ninja)


def measured(setting, shape, count, ninja):
    place = epbuild_tree(setting, f"{shape}-{count}", shape, count)
    build = setting.epbuild(place)
    first = build.run()
    runs = setting.runs or (40 if count < 50000 else 15)
    ours, peer = medians([build, ninja], runs)
    what = f"up to date, {count:,} items {NAMES[shape]}"
    yield Row(f"{what} (ninja)", ours, peer, TARGETS[shape].get(count))
    limit = MEMORY_MB[shape] if count == 50000 else None
    yield Row(f"  memory, first build ({first.seconds:.0f} s)", first.peak_mb, limit=limit, unit="MB")
    yield Row("  memory, up to date by its memo", build.run().peak_mb, limit=limit, unit="MB")
    # A touched file makes the memo useless: everything is planned and looked up, and nothing is run.
    os.utime(os.path.join(place, "episode.yaml"))
    planned = build.run()
    yield Row(f"  memory, up to date after `touch` ({planned.seconds * 1000:.0f} ms)", planned.peak_mb, limit=limit, unit="MB")


    if shape == "lines":
        yield edited(place, count, build, ninja)


def edited(place, count, build, ninja):
    """One line of the script is another: ninja looks at as many targets, and has nothing to do."""
    ours, peer = [], []
    # A build waits for what is written to its disk, whoever wrote it.
    os.sync()
    for number in range(7):
        edit_line(place, number)
        ours.append(build.run().seconds)
        peer.append(ninja.run().seconds)
    limit = 0.4 if count == 50000 else None
    return Row(f"one line of {count:,} edited (ninja, nothing to do)", statistics.median(ours), statistics.median(peer), limit=limit)


def edit_line(place, number):
    """Changes one line of the script that a tree's items are made of."""
    path = os.path.join(place, "script.txt")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    write(place, "script.txt", text.replace(f"Line number {number} of", f"Line number {number}, edited, of", 1))


def epbuild_tree(setting, name, shape, count):
    root = setting.fresh(name)
    episode = os.path.join(root, "episode")
    os.mkdir(episode)
    write(root, "epbuild.yaml", "{}\n")
    write(root, "show.yaml", "title: Bench\nlanguage: en\npipeline: pipeline.yaml\n")
    write(episode, "episode.yaml", "title: Bench\n")
    lines = [f"Line number {index} of the script.\n" for index in range(count)]
    if shape == "lines":
        write(root, "pipeline.yaml", PIPELINE.format(source="script.txt", each="texts.lines"))
        write(episode, "script.txt", "".join(lines))
    else:
        write(root, "pipeline.yaml", PIPELINE.format(source="items/*.txt", each="texts"))
        os.mkdir(os.path.join(episode, "items"))
        for index, text in enumerate(lines):
            write(episode, f"items/{index:06d}.txt", text)
    return episode


def ninja_tree(setting, count):
    """Built once; each target is copied from the one script."""
    root = setting.fresh(f"ninja-{count}")
    write(root, "script.txt", "A line of the script.\n")
    edges = [f"build out/{index:06d}.txt: copy script.txt\n" for index in range(count)]
    write(root, "build.ninja", "rule copy\n  command = cp $in $out\n" + "".join(edges))
    ninja = Command(["ninja", "--quiet"], cwd=root)
    ninja.run()
    return ninja


def write(directory, name, text):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(text)
