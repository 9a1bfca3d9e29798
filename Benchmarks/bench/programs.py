"""600 short programs, from nothing and after one edit, against ninja with the same: what running and storing one costs."""
import os
import statistics

from .fanout import edit_line, epbuild_tree, write
from .measure import Command
from .table import Row

COUNT = 600


def rows(setting):
    seconds = {"from nothing": ([], []), "one edited": ([], [])}
    for number in range(setting.runs or 5):
        # A directory of its own for each run: ext4 is slow at making files for seconds after many were deleted.
        place, peer = epbuild_tree(setting, f"programs-{number}", "lines", COUNT), ninja_tree(setting, f"ninja-programs-{number}")
        build, ninja = setting.epbuild(place), Command(["ninja", "--quiet"], cwd=peer)
        note(seconds["from nothing"], build, ninja)
        for line in range(10):
            edit_line(place, line)
            write(peer, f"in/{line:06d}.txt", "edited\n")
            note(seconds["one edited"], build, ninja)
    for what, target in (("from nothing", 1.3), ("one edited", 2)):
        ours, peer = (statistics.median(one) for one in seconds[what])
        yield Row(f"{COUNT} cp, {what} (ninja)", ours, peer, target)


def note(seconds, *commands):
    for known, command in zip(seconds, commands):
        known.append(command.run().seconds)


def ninja_tree(setting, name):
    root = setting.fresh(name)
    os.mkdir(os.path.join(root, "in"))
    for index in range(COUNT):
        write(root, f"in/{index:06d}.txt", f"Line number {index} of the script.\n")
    edges = [f"build out/{index:06d}.txt: copy in/{index:06d}.txt\n" for index in range(COUNT)]
    write(root, "build.ninja", "rule copy\n  command = cp $in $out\n" + "".join(edges))
    return root
