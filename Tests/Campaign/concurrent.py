"""Several builders, people and a trimmer at once on one workspace or one cache: nothing runs twice, everybody ends well, all get the same bytes."""
import time

from .campaign import Campaign
from .machine import difference
from .undisturbed import EPISODE, finish
from .show import write_small_show

OTHERS = [("status", EPISODE), ("plan", EPISODE), ("cache", "gc", "--size", "0"), ("cache", "verify"), ("cache", "info"), ("log", EPISODE),
          ("approve", EPISODE, "whole", "--by", "Ann"), ("why", EPISODE, "draft"), ("cache", "push", EPISODE), ("takes", EPISODE, "draft")]


class Concurrent(Campaign):
    name = "concurrent"
    what = "several builders, commands and a trimmer at once, in one workspace and in several that share a cache"
    runs = 150
    short = 4
    seconds_a_run = 2

    def prepare(self, place):
        super().prepare(place)
        self.fresh = place.machine("fresh")
        write_small_show(self.fresh, remote=True)
        done = place.machine("done")
        write_small_show(done, remote=True)
        self.finished = finish(done)

    def run(self, trial):
        self.place.forget()
        self.place.pause(trial.random.choice([0, 0.05]))
        machines = [self.place.copy(self.fresh) for _ in range(trial.random.choice([1, 1, 2, 3]))]
        for machine in machines[1:]:
            machine.cache = machines[0].cache
        started = []
        for _ in range(trial.random.randint(2, 6)):
            machine = trial.random.choice(machines)
            words = ("build", EPISODE) if trial.random.random() < 0.6 else trial.random.choice(OTHERS)
            trial.note(f"in {machine.directory.name}: {' '.join(words)}")
            started.append((machine, words, machine.start(*words)))
            time.sleep(trial.random.choice([0, 0, 0.01, 0.1]))
        outcomes = [(machine, words, process.ended(60)) for machine, words, process in started]
        for machine, words, outcome in outcomes:
            # Who decides or pushes may come too early: there is nothing yet. Questions may be asked at any time.
            early = (64, 65, 69, 1, 75) if words[0] in ("approve", "takes", "why") or words[1] == "push" else ()
            machine.sound(outcome, (0, 75) + early if words[0] == "build" or early else (0,))
            trial.check("DamagedInput" not in outcome.text and "damaged" not in outcome.errors, f"damage is told of: {outcome}")
        repeats = [made for made, count in self.place.ran().items() if count > 1 or made.startswith("beside:")]
        trial.check(not repeats, f"ran twice: {repeats}")
        self.place.pause(0)
        for machine in machines:
            finished = finish(machine)
            trial.check(finished.outputs == self.finished.outputs, f"out/: {difference(finished.outputs, self.finished.outputs)}")
            trial.check(finished.files <= self.finished.files, f"left behind: {sorted(finished.files - self.finished.files)}")
            machine.expect("cache", "verify")
        repeats = [made for made, count in self.place.ran().items() if count > 1]
        trial.check(not repeats, f"ran twice in the end: {repeats}")
