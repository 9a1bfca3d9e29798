"""Every byte of episode.lock changed: the decisions stand as they were, or an error or a warning names the file."""
import json

from .campaign import Campaign
from .show import build_small_show, write_small_show

EPISODE = "show/episode"
LOCK = f"{EPISODE}/episode.lock"


class Lock(Campaign):
    name = "lock"
    what = "every byte of episode.lock changed, removed or doubled, lines swapped: the decisions stand, or the file is named"
    short = 20
    runs = 2_600
    seconds_a_run = 0.4

    def prepare(self, place):
        super().prepare(place)
        self.built = place.machine("built")
        write_small_show(self.built)
        self.built.expect("build", EPISODE, statuses=(75,))
        self.built.expect("reject", EPISODE, "whole", "--note", "Longer, please.", "--by", "Ann")
        build_small_show(self.built)
        self.built.expect("build", EPISODE, "lines/2", "--takes", "3")
        self.built.expect("use", EPISODE, "lines/2", "2")
        self.built.expect("pin", EPISODE, "lines/1")
        self.built.expect("build", EPISODE)
        self.text = (self.built.workspace / LOCK).read_bytes()
        self.decisions = self.decided(self.built)

    @staticmethod
    def decided(machine):
        """What a person has decided, as epbuild tells it, and what came of it."""
        takes = [line for target in ("lines/2", "lines/3", "whole") for line in machine.run("takes", EPISODE, target, "--json").output.splitlines()]
        in_use = [(one["take"], one["inUse"]) for line in takes for one in json.loads(line).get("takes", [])]
        built = machine.run("build", EPISODE, "--json")
        report = json.loads(built.output.splitlines()[-1]) if built.output.strip() else {}
        return {"takes": in_use, "outcome": built.status, "gates": report.get("gates"), "edits": report.get("edits"), "outputs": machine.outputs(),
                "pinned": "pinned" in built.errors}

    def cases(self):
        return len(self.text) * 3

    def run(self, trial):
        machine = self.place.copy(self.built)
        position, way = divmod(trial.seed % self.cases(), 3)
        data, said = self.changed(position, way, trial.random)
        trial.note(said)
        machine.write(LOCK, data)
        asked = [machine.sound(machine.run("status", EPISODE, bound=30)), machine.sound(machine.run("plan", EPISODE, bound=30))]
        built = machine.sound(machine.build(bound=30))
        told = "episode.lock" in built.errors
        if built.status not in (0, 75):
            trial.check(told, f"the error does not name episode.lock: {built}")
            return
        now = self.decided(machine)
        lost = [key for key in self.decisions if now[key] != self.decisions[key]]
        trial.check(not lost or told, f"changed without a word: {', '.join(f'{key}: {self.brief(now[key])} instead of {self.brief(self.decisions[key])}' for key in lost)}\n{built}\n{asked[0]}")

    @staticmethod
    def brief(value):
        return str(value)[:300]

    def changed(self, position, way, random):
        before, byte, after = self.text[:position], self.text[position:position + 1], self.text[position + 1:]
        where = f"byte {position} ({byte!r} of {self.text.splitlines()[before.count(10)][:60]!r})"
        if way == 0:
            put = bytes([byte[0] ^ (1 << random.randrange(8))])
            return before + put + after, f"{where} became {put!r}"
        if way == 1:
            return before + after, f"{where} removed"
        lines = self.text.splitlines(keepends=True)
        if random.random() < 0.3:
            one, two = random.sample(range(len(lines)), 2)
            lines[one], lines[two] = lines[two], lines[one]
            return b"".join(lines), f"lines {one + 1} and {two + 1} swapped"
        return before + byte * 2 + after, f"{where} doubled"
