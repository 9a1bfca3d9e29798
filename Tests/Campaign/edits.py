"""Random pipelines and random days of a person's work: what an incremental build leaves is what a clean build would."""
import os
import shutil
import signal
import time
import unicodedata

from .campaign import Campaign
from .machine import difference, tree
from .pipeline import pipeline
from .place import remove
from .show import STEP

EPISODE = "show/episode"
NAMES = ["1.txt", "2.txt", "10.txt", "a.txt", "A.txt", "bell.high.txt", "#1 opening.txt", "two words.txt", "é.txt", "über/Straße.txt", "日本.txt", "deep/er/still.txt",
         "it's.txt", "-n.txt", "%41.txt", "x" * 100 + ".txt"]
WORDS = ["owl", "mouse", "kettle", "Äpfel", "moon", "seven", "日本", "tail"]


class Edits(Campaign):
    name = "edits"
    what = "random pipelines, and random edits, swaps, renames, reverts, hand edits, kills and deletions between builds, against clean builds"
    runs = 100
    short = 4
    seconds_a_run = 6

    def run(self, trial):
        day = Day(trial, self.place)
        day.new_pipeline()
        day.build()
        for _ in range(trial.random.randint(3, 8)):
            for _ in range(trial.random.choice([1, 1, 2, 3])):
                day.something()
            day.build()
        day.compare()


class Day:
    """A workspace and what a person does in it."""

    def __init__(self, trial, place):
        self.trial, self.random, self.place = trial, trial.random, place
        self.machine = place.machine()
        self.by_hand = {}
        """Delivered files that a person has changed since the last build: {path: bytes}."""
        self.past = []
        """Files as they were, to go back to."""
        write = self.machine.write
        write("epbuild.yaml", "{}\n")
        write("show/show.yaml", "title: Small\nlanguage: en\n")
        write("show/step.sh", STEP)
        write(f"{EPISODE}/episode.yaml", "title: One\n")
        write(f"{EPISODE}/brief.txt", self.prose())
        write(f"{EPISODE}/data.yaml", "parts:\n  - { id: one, text: A }\n  - { id: two, text: B }\n")
        for name in self.random.sample(NAMES, 3):
            write(f"{EPISODE}/texts/{name}", self.prose())

    def prose(self):
        return "".join(" ".join(self.random.choices(WORDS, k=3)) + ".\n" for _ in range(self.random.randint(1, 4)))

    # What a person does

    def something(self):
        deed = self.random.choice([self.edit, self.edit, self.edit, self.add, self.rename, self.swap, self.delete, self.go_back, self.touch, self.other_form,
                                   self.edit_by_hand, self.give_up, self.edit_delivered, self.delete_delivered, self.delete_state, self.delete_cached,
                                   self.new_pipeline, self.new_data, self.retitle, self.killed, self.draft, self.trim])
        self.trial.note(f"{deed.__name__} {deed() or ''}")

    def sources(self):
        root = self.machine.episode
        return sorted(path for path in root.joinpath("texts").rglob("*") if path.is_file()) + [root / "brief.txt"]

    def save(self, path, text):
        self.machine.write(os.path.relpath(path, self.machine.workspace), text)

    def remember(self, path):
        self.past.append((path, path.read_bytes()))

    def edit(self):
        path = self.random.choice(self.sources())
        self.remember(path)
        lines = path.read_text().splitlines(keepends=True)
        at = self.random.randrange(len(lines) + 1)
        lines[at:at + self.random.randint(0, 1)] = [self.prose()]
        self.save(path, "".join(lines))
        return path.name

    def add(self):
        name = self.random.choice(NAMES)
        path = self.machine.episode / "texts" / name
        self.save(path, self.prose())
        return name

    def rename(self):
        path = self.random.choice(self.sources())
        name = self.random.choice(NAMES)
        to = self.machine.episode / "texts" / name
        if path.name == "brief.txt" or to.exists():
            return
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        return f"{path.name} to {name}"

    def swap(self):
        one, two = self.random.choice(self.sources()), self.random.choice(self.sources())
        first, second = one.read_bytes(), two.read_bytes()
        self.save(one, second)
        self.save(two, first)
        return f"{one.name} and {two.name}"

    def delete(self):
        path = self.random.choice(self.sources())
        if path.name != "brief.txt":
            self.remember(path)
            path.unlink()
            return path.name

    def go_back(self):
        if self.past:
            path, data = self.random.choice(self.past)
            self.save(path, data)
            return path.name

    def touch(self):
        path = self.random.choice(self.sources())
        os.utime(path)
        return path.name

    def other_form(self):
        """A file of the same name in the other Unicode form, beside it or in its place."""
        path = self.random.choice(self.sources())
        for form in ("NFC", "NFD"):
            name = unicodedata.normalize(form, path.name)
            if name != path.name:
                to = path.with_name(name)
                if self.random.random() < 0.5:
                    path.rename(to)
                else:
                    self.save(to, self.prose())
                return name

    def editable(self):
        return [path for path in self.machine.episode.glob("*.txt") if path.name != "brief.txt"] + list(self.machine.episode.glob("s*/*.txt"))

    def edit_by_hand(self):
        """An editable text."""
        if paths := self.editable():
            path = self.random.choice(paths)
            self.save(path, path.read_text() + "By hand. " + self.random.choice(WORDS) + "\n")
            return path.name

    def give_up(self):
        if paths := self.editable():
            path = self.random.choice(paths)
            path.unlink()
            return path.name

    def delivered(self):
        return [path for path in (self.machine.episode / "out").rglob("*") if path.is_file() and not path.name.startswith(".delivered")]

    def edit_delivered(self):
        if paths := self.delivered():
            path = self.random.choice(paths)
            data = b"By hand: " + self.random.choice(WORDS).encode()
            self.save(path, data)
            self.by_hand[str(path.relative_to(self.machine.episode / "out"))] = data
            return path.name

    def delete_delivered(self):
        paths = self.delivered() + [self.machine.episode / "out"]
        path = self.random.choice(paths)
        remove(path)
        self.by_hand = {name: data for name, data in self.by_hand.items() if (self.machine.episode / "out" / name).exists()}
        return path.name

    def delete_state(self):
        remove(self.machine.workspace / ".epbuild")

    def delete_cached(self):
        if self.random.random() < 0.3:
            remove(self.machine.cache)
            return "all of it"
        for path in list(self.machine.cache.glob("*/*/*")):
            if self.random.random() < 0.2:
                remove(path)

    def new_pipeline(self):
        text = pipeline(self.random, self.place.log)
        self.machine.write("show/pipeline.yaml", text)
        return "\n" + text

    def new_data(self):
        names = self.random.sample(["one", "two", "three", "four"], self.random.randint(1, 3))
        self.machine.write(f"{EPISODE}/data.yaml", "parts:\n" + "".join(f"  - {{ id: {name}, text: {self.random.choice(WORDS)} }}\n" for name in names))

    def retitle(self):
        self.machine.write(f"{EPISODE}/episode.yaml", f"title: {self.random.choice(WORDS)}\n")

    def killed(self):
        process = self.machine.start("build", EPISODE)
        time.sleep(self.random.uniform(0, 0.3))
        process.send(signal.SIGKILL, self.random.random() < 0.5)
        process.ended(10)
        self.machine.no_orphans()

    def draft(self):
        self.machine.sound(self.machine.run("build", EPISODE, "--draft"))

    def trim(self):
        self.machine.expect("cache", "gc", "--size", "1K", *(["--now"] if self.random.random() < 0.5 else []))

    # What must come of it

    def build(self):
        outcome = self.through(self.machine)
        self.trial.note(f"built: {outcome.status}")
        # What is done here is sound; only two items that want one place may be refused.
        self.trial.check(outcome.status in (0, 1, 65) and (outcome.status == 0 or "error:" in outcome.errors), f"refused without a reason: {outcome}")
        self.check_hand_work(outcome)
        if self.random.random() < 0.5:
            self.compare(outcome)

    def through(self, machine, episode=EPISODE):
        """A build to its end, gates approved."""
        outcome = machine.sound(machine.run("build", episode))
        for _ in range(6):
            if outcome.status != 75:
                break
            waiting = {line.split()[0] for line in outcome.text.splitlines() if "waits for a decision" in line}
            for stage in sorted(waiting):
                machine.run("approve", episode, stage, "--by", "Ann")
            outcome = machine.sound(machine.run("build", episode))
        return outcome

    def check_hand_work(self, outcome):
        """What a person wrote over a delivered file is kept, there or aside; then it is given up, as a clean build knows nothing of it."""
        if self.by_hand:
            kept = set(tree(self.machine.workspace).values())
            for name, data in self.by_hand.items():
                self.trial.check(data in kept, f"a person's out/{name} is gone: {outcome}")
                remove(self.machine.episode / "out" / name)
            self.by_hand = {}
            self.through(self.machine)

    def compare(self, outcome=None):
        outcome = outcome or self.through(self.machine)
        clean = self.place.machine()
        for name, data in tree(self.machine.workspace).items():
            if not name.startswith(".epbuild") and not name.startswith(f"{EPISODE}/out/"):
                clean.write(name, data)
        if self.random.random() < 0.7:
            clean.cache = self.machine.cache
        other = self.through(clean)
        self.trial.check((outcome.status == 0) == (other.status == 0), f"a clean build ends otherwise: {other}\n{outcome}")
        if outcome.status == 0:
            found, expected = self.machine.outputs(), clean.outputs()
            self.trial.check(found == expected, f"out/ of a clean build is another: {difference(found, expected)}\n{outcome}\n{other}")
            found, expected = self.machine.texts(), clean.texts()
            self.trial.check(found == expected, f"texts of a clean build are others: {difference(found, expected)}\n{outcome}\n{other}")
            if self.random.random() < 0.3:
                self.compare_copy(clean)

    def compare_copy(self, clean):
        """Somebody copies the episode, with what was delivered, and goes on from there."""
        self.trial.note("the episode is copied, and the copy edited")
        copied = self.machine.show / "copied"
        shutil.copytree(self.machine.episode, copied, symlinks=True)
        brief = self.prose()
        self.machine.write("show/copied/brief.txt", brief)
        clean.write(f"{EPISODE}/brief.txt", brief)
        for path in sorted((clean.episode / "texts").rglob("*.txt"))[:1]:
            remove(path)
            remove(copied / path.relative_to(clean.episode))
        outcome, other = self.through(self.machine, "show/copied"), self.through(clean)
        self.trial.check((outcome.status == 0) == (other.status == 0), f"the copy ends otherwise than a clean build: {outcome}\n{other}")
        if outcome.status == 0:
            found, expected = tree(copied / "out"), tree(clean.episode / "out")
            self.trial.check(found == expected, f"out/ of a copy is another than that of a clean build: {difference(found, expected)}\n{outcome}")
        remove(copied)
