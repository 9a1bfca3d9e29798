"""SIGKILL at any instant of any command: nothing that was stored is lost, done again, or left lying about."""
import signal
import time

from .campaign import Campaign
from .machine import difference
from .undisturbed import ERRANDS, Undisturbed, finish


LONG = 4
"""Seconds for which a tool works on if nobody ends it."""


class Kills(Campaign):
    name = "kills"
    what = "SIGKILL at random instants of builds and of every command that writes, also of its process group; then the same command again"
    runs = 300
    short = 8
    seconds_a_run = 1.5

    def prepare(self, place):
        super().prepare(place)
        self.undisturbed = Undisturbed(place)

    def run(self, trial):
        # Builds have the most to lose.
        errand = trial.random.choice(ERRANDS + ERRANDS[:2] * 6)
        end = self.undisturbed.end(errand)
        machine = self.undisturbed.ready(errand)
        for _ in range(trial.random.choice([1, 1, 2, 3])):
            self.kill(trial, machine, errand, end.seconds)
        self.check(trial, machine, errand, end)

    def kill(self, trial, machine, errand, seconds):
        group = trial.random.random() < 0.3
        pause = trial.random.choice([0, 0, 0.02, 0.1, LONG])
        self.place.pause(pause)
        delay = trial.random.uniform(0, seconds * 1.1)
        trial.note(f"{errand.name}: {'its group ' if group else ''}killed after {delay * 1000:.1f} ms, tools pause for {pause} s")
        process = machine.start(*errand.words)
        time.sleep(delay)
        process.send(signal.SIGKILL, group)
        process.ended(10)
        self.place.pause(0)
        if pause == LONG and trial.random.random() < 0.5:
            # Whatever runs now does not end by itself so soon.
            machine.no_orphans(LONG / 2)

    def check(self, trial, machine, errand, end):
        stored = machine.stored()
        self.place.forget()
        machine.sound(machine.run(*errand.words), self.allowed(errand, end))
        ran = self.place.ran()
        beside = [made for made in ran if made.startswith("beside:")]
        again = [made for made in ran if made in stored]
        repeats = [made for made in ran if ran[made] > 1]
        trial.check(not beside, f"ran beside what a killed build had left running: {beside}")
        trial.check(not again or self.remakes(errand), f"ran again, though it was stored: {again}")
        trial.check(not repeats or self.remakes(errand), f"ran more than once: {repeats}")
        machine.no_orphans()
        finished = finish(machine)
        trial.check(finished.outputs == end.finished.outputs, f"out/: {difference(finished.outputs, end.finished.outputs)}")
        trial.check(finished.texts == end.finished.texts, f"texts: {difference(finished.texts, end.finished.texts)}")
        machine.expect("cache", "verify")
        trial.check(finished.files <= end.finished.files, f"left behind: {sorted(finished.files - end.finished.files)}")
        self.place.forget()
        machine.expect("build", "show/episode")
        trial.check(not self.place.ran(), f"an up-to-date episode ran {dict(self.place.ran())}")

    @staticmethod
    def remakes(errand):
        """True for commands that ask for a take of the same content, or empty the cache: what they make was made before."""
        return errand.name in ("build --takes", "clean", "reject", "cache gc")

    @staticmethod
    def allowed(errand, end):
        """The second time, a decision may stand already."""
        return (end.status, 0) if errand.name not in ("merge", "revert", "approve", "reject", "rollback") else (end.status, 0, 64, 65, 1)
