"""Too few descriptors, and files that may not grow, as on a full disk: an error like any program's, and the right bytes when there is room again."""
import resource
import signal

from .campaign import Campaign
from .machine import difference
from .undisturbed import ERRANDS, Undisturbed, finish


class Limits(Campaign):
    name = "limits"
    what = "builds and commands with too few descriptors, and with files that may not grow, as on a full disk"
    runs = 200
    short = 6
    seconds_a_run = 1.5

    def prepare(self, place):
        super().prepare(place)
        self.undisturbed = Undisturbed(place)

    def run(self, trial):
        errand = trial.random.choice(ERRANDS[:2] * 6 + ERRANDS)
        end = self.undisturbed.end(errand)
        machine = self.undisturbed.ready(errand)
        if trial.random.random() < 0.6:
            limit, number = resource.RLIMIT_NOFILE, trial.random.randint(4, 48)
            trial.note(f"{errand.name} with {number} descriptors")
        else:
            limit, number = resource.RLIMIT_FSIZE, trial.random.choice([0, trial.random.randint(1, 500), trial.random.randint(500, 100_000)])
            trial.note(f"{errand.name} with files of at most {number} bytes")
        # The output of this run is a file, too: what it says may be cut off.
        outcome = machine.start(*errand.words, before=lambda: bound(limit, number)).ended(60)
        machine.sound(outcome, (0, 1, 64, 65, 69, 75, 127))
        machine.no_orphans()
        machine.sound(machine.run(*errand.words))
        finished = finish(machine)
        trial.check(finished.outputs == end.finished.outputs, f"out/: {difference(finished.outputs, end.finished.outputs)}\n{outcome}")
        trial.check(finished.texts == end.finished.texts, f"texts: {difference(finished.texts, end.finished.texts)}\n{outcome}")
        trial.check(finished.files <= end.finished.files, f"left behind: {sorted(finished.files - end.finished.files)}\n{outcome}")
        machine.expect("cache", "verify")


def bound(limit, number):
    """In the child: of a file that is too long it is told by an error, not by a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(limit, (number, number))
