"""Results that lie: mutated entries of the local cache and of a share, entries with huge counts, odd paths and escapes. They are no results."""

from . import wire
from .campaign import Campaign
from .machine import difference, tree
from .place import remove
from .show import build_small_show, write_small_show

EPISODE = "show/episode"
ESCAPE = "\x1b]0;owned\x07\x1b[2J\r\n\x1b[31merror: not epbuild's\x1b[0m"
PATHS = ["/etc/passwd", "../../../outside", "a/../../b", "", ".", "a//b", "a\0b", ESCAPE, "x" * 5000, "a/" * 2000 + "b", "é", "e\u0301", "out.txt/under", "-rf"]
NUMBERS = [0, 1, -1, 2 ** 31, 2 ** 63 - 1, 2 ** 64 - 1, 1 << 40]


class Entries(Campaign):
    name = "entries"
    what = "entries of the cache and of a share mutated field by field, with huge counts, odd paths, terminal escapes, wrong sizes"
    runs = 400
    short = 8
    seconds_a_run = 0.6

    def prepare(self, place):
        super().prepare(place)
        self.built = place.machine("built")
        write_small_show(self.built, remote=True)
        build_small_show(self.built)
        self.built.expect("cache", "push", EPISODE)
        self.outputs = self.built.outputs()

    def run(self, trial):
        machine = self.place.copy(self.built)
        remove(machine.workspace / ".epbuild")
        remove(machine.episode / "out")
        canary = machine.directory / "outside"
        canary.write_text("not epbuild's\n")
        shared = trial.random.random() < 0.6
        if shared:
            remove(machine.cache)
        root = machine.directory / ("remote" if shared else "cache")
        entries = sorted(root.glob("ac/*/*"))
        for path in trial.random.sample(entries, trial.random.choice([1, 1, 2, 4])):
            data, said = self.lie(path.read_bytes(), trial.random, shared)
            trial.note(f"{path.relative_to(machine.directory)}: {said}")
            path.chmod(0o644)
            path.write_bytes(data)
        for words in [("cache", "verify"), ("status", EPISODE), ("takes", EPISODE, "lines/2"), ("inspect", EPISODE, "lines/2"), ("cache", "pull", EPISODE)]:
            if trial.random.random() < 0.3:
                self.check(trial, machine.sound(machine.run(*words)))
        outcome = machine.expect("build", EPISODE)
        self.check(trial, outcome)
        self.check(trial, machine.expect("log", EPISODE))
        trial.check(outcome.seconds < 30, f"a lie costs {outcome.seconds:.0f} s: {outcome}")
        outputs = machine.outputs()
        trial.check(outputs == self.outputs, f"{difference(outputs, self.outputs)}\n{outcome}")
        trial.check(canary.read_text() == "not epbuild's\n" and "b" not in tree(machine.directory), "a file outside was changed")
        self.place.forget()
        machine.expect("build", EPISODE)
        trial.check(not self.place.ran(), f"an up-to-date episode ran {dict(self.place.ran())}")

    @staticmethod
    def check(trial, outcome):
        trial.check("\x1b" not in outcome.text and "\x07" not in outcome.text, f"a terminal escape goes through: {outcome.text!r}")

    def lie(self, data, random, shared):
        way = random.choice(["field", "field", "field", "bytes"] + ["forged"] * 3 * shared)
        if way == "forged":
            return self.forged(data, random)
        if way == "bytes":
            at, count = random.randrange(len(data)), random.choice([1, 4, 100])
            return data[:at] + random.randbytes(random.choice([0, count])) + data[at + count:], f"{count} bytes at {at}"
        return mutate(data, random)

    @staticmethod
    def forged(data, random):
        """Another client's entry: nothing seals it, so it may say anything but which bytes the declared output has."""
        # Some with bytes of their own, which are those of the output or not.
        declared = [wire.field(2, value + random.choice([b"", b"", wire.field(5, random.randbytes(20))])) for number, value in wire.parse(data) if number == 2]
        digest = wire.field(1, random.choice(["0" * 64, "f" * 64, "A" * 64, "zz", ""])) + wire.field(2, random.choice(NUMBERS))
        count = random.choice([1, 3, 300, 30_000])
        others = [wire.field(2, wire.field(1, random.choice(PATHS) if count < 300 else f"other/{number}") + wire.field(2, digest)) for number in range(count)]
        more = random.choice([b"", wire.field(5, ESCAPE), wire.field(3, wire.field(1, "directory") + wire.field(3, digest)), wire.field(10, wire.field(1, "link") + wire.field(2, "/etc")),
                              wire.field(7, digest)])
        worker = wire.field(9, wire.field(1, random.choice(["another client", ESCAPE, "w" * 100_000])))
        parts = declared + others
        random.shuffle(parts)
        return b"".join(parts) + more + worker, f"forged, with {count} outputs more"


def mutate(data, random, depth=0):
    """One field somewhere inside is dropped, doubled, or gets another value."""
    fields = wire.parse(data)
    if not fields:
        return data + bytes([random.randrange(256)]), "a byte more"
    at = random.randrange(len(fields))
    number, value = fields[at]
    inner = isinstance(value, bytes) and wire.parse(value)
    if inner and random.random() < 0.75:
        changed, said = mutate(value, random, depth + 1)
        fields[at] = (number, changed)
        return wire.put(fields), f"in field {number} {said}"
    way = random.choice(["dropped", "doubled", "changed", "changed"])
    if way == "dropped":
        del fields[at]
    elif way == "doubled":
        fields.insert(at, fields[at])
    elif isinstance(value, int):
        fields[at] = (number, random.choice(NUMBERS))
    else:
        fields[at] = (number, random.choice([random.choice(PATHS).encode(), b"\xff\xfe", value[:-1], value + b"x", value.upper(), b"y" * 100_000]))
    return wire.put(fields), f"field {number} {way}"
