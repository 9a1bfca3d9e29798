"""Every file that epbuild keeps, damaged in every way: the right bytes or an error that names the file, never anything else."""
import os
import socket

from .campaign import Campaign
from .machine import brief, difference, tree
from .place import remove
from .show import build_small_show, write_small_show

QUESTIONS = [("plan", "show/episode"), ("status", "show/episode"), ("why", "show/episode", "lines/2"), ("takes", "show/episode", "lines/2"),
             ("inspect", "show/episode", "lines/2"), ("graph", "show/episode"), ("log", "show/episode"), ("log", "--stats", "show/episode"),
             ("cost", "show/episode"), ("cache", "info"), ("cache", "verify"), ("cache", "gc", "--size", "1G"), ("doctor", "show/episode"),
             ("diff", "show/episode", "draft"), ("rollback", "show/episode", "1")]


def flip(path, random, position):
    data = bytearray(path.read_bytes() or b"x")
    position = min(position, len(data) - 1)
    data[position] ^= random.randrange(1, 256)
    rewrite(path, bytes(data))
    return f"byte {position} flipped"


def shorten(path, random, position):
    data = path.read_bytes()
    length = random.randrange(len(data)) if data else 0
    rewrite(path, data[:length])
    return f"cut to {length} bytes"


def lengthen(path, random, position):
    rewrite(path, path.read_bytes() + random.randbytes(random.choice([1, 100, 70_000])))
    return "made longer"


def empty(path, random, position):
    rewrite(path, b"")
    return "emptied"


def zero(path, random, position):
    rewrite(path, bytes(len(path.read_bytes())))
    return "filled with zeros, as after a power failure"


def vanish(path, random, position):
    path.unlink()
    return "removed"


def directory(path, random, position):
    path.unlink()
    path.mkdir()
    if random.random() < 0.5:
        (path / "file").write_text("in the way")
    return "replaced by a directory"


def pipe(path, random, position):
    path.unlink()
    os.mkfifo(path)
    return "replaced by a FIFO"


def plug(path, random, position):
    path.unlink()
    here = os.getcwd()
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(path.parent)  # The path of a socket may have 107 bytes.
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)
    return "replaced by a socket"


def link(path, random, position):
    path.unlink()
    where = random.choice(list(OUTSIDE))
    path.symlink_to(OUTSIDE[where] or path.name)
    return f"replaced by a link to {where}"


def lock_up(path, random, position):
    path.chmod(0)
    return "made unreadable"


GOLDEN = 0.6180339887498949
OUTSIDE = {}
"""Where links lead that take the place of a file."""
WHOLE = [shorten, lengthen, empty, zero, vanish, directory, pipe, plug, link, lock_up]


def rewrite(path, data):
    """In place, whatever its mode."""
    path.chmod(0o644)
    path.write_bytes(data)


class Damage(Campaign):
    name = "damage"
    what = "every byte of every file of cache, memo, trace, lock, history and events flipped, every file cut, emptied, replaced, made unreadable"
    short = 15
    runs = 900
    seconds_a_run = 0.5

    def prepare(self, place):
        super().prepare(place)
        self.built = place.machine("built")
        write_small_show(self.built)
        build_small_show(self.built)
        self.built.expect("clean", "show/episode", "lines/2")
        self.built.expect("build", "show/episode")
        self.built.expect("pin", "show/episode", "lines/1")
        self.built.expect("build", "show/episode")
        self.built.expect("cache", "gc", "--size", "1G")
        self.outputs = self.built.outputs()
        self.files = [(name, len(data)) for name, data in tree(self.built.directory).items() if self.is_kept(name)]

    @staticmethod
    def is_kept(name):
        return name.startswith(("cache/", "workspace/.epbuild/")) or name == "workspace/show/episode/episode.lock"

    def cases(self):
        """Each file in each way, and as many of its bytes."""
        return len(self.files) * len(WHOLE) * 2

    def case(self, number):
        """File, way, and where in the file: seeds that go on walk evenly over all of its bytes."""
        name, size = self.files[number % len(self.files)]
        turn, flips = divmod(number // len(self.files), 2)
        return name, flip if flips else WHOLE[turn % len(WHOLE)], int(turn * GOLDEN % 1 * size)

    def run(self, trial):
        machine = self.place.copy(self.built)
        # The memo of a copy is of other inodes: an up-to-date build makes it one that counts.
        machine.expect("build", "show/episode")
        outside = machine.directory / "outside"
        outside.write_text("not epbuild's\n")
        OUTSIDE.update(outside=outside, nowhere=machine.directory / "nowhere", itself=None)
        name, way, position = self.case(trial.seed)
        path = machine.directory / name
        if not path.is_file():
            return
        trial.note(f"{name}: {way(path, trial.random, position)}")
        for words in trial.random.sample(QUESTIONS, 2) + [None]:
            if words and trial.random.random() < 0.7:
                trial.note(" ".join(words))
                machine.sound(machine.run(*words, bound=30))
        self.build(trial, machine, name)
        trial.check(outside.read_text() == "not epbuild's\n", "a file outside, to which a link led, was changed")
        trial.check(not (machine.directory / "nowhere").exists(), "a file outside, to which a link led, was made")

    def build(self, trial, machine, name):
        """The delivered files are gone, or an input has been saved anew: it has to look at what was damaged."""
        change = trial.random.choice(["none", "out", "touch", "state"])
        if change == "out":
            remove(machine.episode / "out")
        elif change == "touch":
            os.utime(machine.episode / "episode.yaml")
        elif change == "state" and not name.startswith("workspace/.epbuild"):
            remove(machine.workspace / ".epbuild")
        trial.note(f"then a build, before it: {change}")
        outcome = machine.sound(machine.build(bound=30))
        outputs = machine.outputs()
        if outcome.status == 75 and not (machine.directory / name).exists() and name.endswith("episode.lock"):
            return  # Who removes the lock has decided nothing yet.
        if outcome.status == 0:
            trial.check(outputs == self.outputs, f"{difference(outputs, self.outputs)}\n{outcome}")
        else:
            self.check_error(trial, outcome, name)
            for path, data in outputs.items():
                trial.check(data == self.outputs.get(path), f"wrong bytes: {path}: {brief(data)}")

    @staticmethod
    def check_error(trial, outcome, name):
        """A person may have to look at the lock, at what is in place of a lock file, and at a pin whose result is gone. The rest heals."""
        if "no cache has the pinned result" in outcome.errors and name.startswith("cache/"):
            return
        trial.check(name.endswith(("episode.lock", "/locks")), f"a build that fails for good: {outcome}")
        trial.check(os.path.basename(name) in outcome.text, f"the error does not name the file: {outcome}")
