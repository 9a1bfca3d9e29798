"""A workspace of many episodes in which nothing is stale: how long every question about it takes.

Of a hundred episodes ten have a text that was edited by hand, and ten wait at a gate."""
import os
import shutil

from .fanout import write
from .measure import Command, medians, shell
from .table import Row

SHOWS = 4
EPISODES = 25
"""Of each show."""
LINES = 100
LIMIT = 0.1
"""No answer takes longer than a person notices."""

# A generated text that a person may edit, an item for each of its lines, a gate, and what is delivered.
PIPELINE = """stages:
  draft:   { tool: command, run: [cp, brief.txt, draft.txt], inputs: { brief.txt: ./brief.txt }, outputs: [draft.txt], output: draft.txt, editable: true }
  lines:   { tool: command, each: draft.lines, run: [cp, in.txt, out.txt], inputs: { in.txt: item }, outputs: [out.txt] }
  joined:  { tool: command, run: [sh, -c, "cat parts/* > joined.txt"], inputs: { parts: lines }, outputs: [joined.txt], gate: true }
  whole:   { tool: command, run: [cp, joined.txt, whole.txt], inputs: { joined.txt: joined }, outputs: [whole.txt], deliver: true }
"""

# What is asked of all episodes, and of one. The peer of the first is `ninja -n` in as many directories.
OF_ALL = [["build"], ["build", "--json"], ["plan"], ["plan", "--json"], ["status"], ["status", "--json"], ["log"], ["cost"], ["graph"], ["graph", "--format", "json"]]
OF_ONE = [["plan"], ["status"], ["graph", "--items"], ["log"], ["cost"], ["why", "lines/7"], ["takes", "lines/7"], ["inspect", "lines/7"]]
OF_EDITED = [["diff", "draft"]]


def rows(setting):
    root = os.path.join(setting.fresh("workspace"), "shows")
    episodes = write_workspace(root)
    build = epbuild(setting, root, ["build", root])
    build.run()
    for episode in edited(episodes):
        with open(os.path.join(episode, "draft.txt"), "a", encoding="utf-8") as file:
            file.write("And a line by hand.\n")
    build.run()
    for episode in episodes:
        if episode not in waiting(episodes):
            epbuild(setting, root, ["approve", episode, "joined", "--by", "Ann"]).run()
    build.run()
    yield from asked(setting, root, ninja_trees(setting))
    one, hand = episodes[0], edited(episodes)[-1]
    yield from answers(setting, root, [(one, words) for words in OF_ONE] + [(hand, words) for words in OF_EDITED])
    yield from decisions(setting, root, one)


def asked(setting, root, ninja):
    runs = setting.runs or 20
    seconds = medians([epbuild(setting, root, [words[0], root] + words[1:]) for words in OF_ALL] + [ninja], runs)
    what = f"{SHOWS * EPISODES} episodes of {LINES} items"
    for words, ours in zip(OF_ALL, seconds):
        peer = seconds[-1] if words[0] in ("build", "plan", "status") else None
        yield Row(f"{what}: {' '.join(words)}" + (" (ninja -n in each)" if peer else ""), ours, peer, 1 if peer else None, limit=LIMIT)


def answers(setting, root, questions):
    commands = [epbuild(setting, root, [words[0], place] + words[1:]) for place, words in questions]
    for (_, words), ours in zip(questions, medians(commands, setting.runs or 20)):
        yield Row(f"one of them: {' '.join(words)}", ours, limit=LIMIT)


def decisions(setting, root, episode):
    """What writes a decision is undone before it is asked again."""
    lock = os.path.join(episode, "episode.lock")
    shutil.copyfile(lock, lock + ".kept")
    for words in (["approve", episode, "joined", "--by", "Ann"], ["clean", episode, "lines/7"]):
        ours = medians([epbuild(setting, root, words)], setting.runs or 20, before=lambda _: shutil.copyfile(lock + ".kept", lock))[0]
        yield Row(f"one of them: {words[0]} {words[2]}", ours, limit=LIMIT)
    os.replace(lock + ".kept", lock)


def epbuild(setting, root, words):
    command = setting.epbuild(root)
    return Command([setting.binary] + words, cwd=root, env=command.env, allowed=(0, 75))


def edited(episodes):
    """Every tenth."""
    return episodes[5::10]


def waiting(episodes):
    """Every tenth waits for a decision."""
    return episodes[9::10]


def write_workspace(root):
    os.makedirs(root)
    write(root, "epbuild.yaml", "{}\n")
    episodes = []
    for show in range(SHOWS):
        place = os.path.join(root, f"show{show}")
        os.mkdir(place)
        write(place, "show.yaml", f"title: Show {show}\nlanguage: en\n")
        write(place, "pipeline.yaml", PIPELINE)
        for number in range(EPISODES):
            episode = os.path.join(place, f"ep{number:03d}")
            os.mkdir(episode)
            write(episode, "episode.yaml", f"title: Episode {number}\n")
            write(episode, "brief.txt", "".join(f"Show {show}, episode {number}, line {line}.\n" for line in range(LINES)))
            episodes.append(episode)
    return episodes


def ninja_trees(setting):
    """As many directories of as many targets, each asked for what it would do."""
    root = setting.fresh("ninjas")
    edges = "".join(f"build out/{line:03d}.txt: copy script.txt\n" for line in range(LINES))
    for number in range(SHOWS * EPISODES):
        place = os.path.join(root, f"{number:03d}")
        os.mkdir(place)
        write(place, "script.txt", "A line of the script.\n")
        write(place, "build.ninja", "rule copy\n  command = cp $in $out\n" + edges)
    shell('for place in */; do ninja --quiet -C "$place"; done', root)
    return Command(["sh", "-c", 'for place in */; do ninja -n -C "$place"; done'], cwd=root)
