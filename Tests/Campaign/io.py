"""Every call of libc that touches files or processes fails once: the command says so or copes, and the next build gives the right bytes."""
import pathlib
import re
import shutil
import subprocess

from .campaign import Campaign, Failed
from .machine import difference
from .undisturbed import ERRANDS, Undisturbed, finish

KINDS = 4
"""No call has more ways to fail: see `faults.c`."""
ERRAND_NAMES = ["first build", "build after an edit", "approve", "clean", "merge", "rollback", "cache gc", "cache push"]


class IO(Campaign):
    name = "io"
    what = "every call that touches files or processes fails once, in each way in which it can (a shim in C, loaded by LD_PRELOAD)"
    short = 10
    runs = 20_000
    seconds_a_run = 0.5

    def prepare(self, place):
        super().prepare(place)
        self.shim = compiled(place.root / "faults.so")
        self.undisturbed = Undisturbed(place)
        self.errands = [errand for errand in ERRANDS if errand.name in ERRAND_NAMES]
        self.calls = [self.count(errand) for errand in self.errands]

    def count(self, errand):
        machine = self.undisturbed.ready(errand)
        said = self.faulty(machine, errand, "0:0")[1]
        return int(re.search(r"calls (\d+)", said).group(1))

    def cases(self):
        return sum(self.calls) * KINDS

    def case(self, number):
        number, kind = divmod(number % self.cases(), KINDS)
        for errand, calls in zip(self.errands, self.calls):
            if number < calls:
                return errand, number + 1, kind
            number -= calls
        raise IndexError(number)

    def run(self, trial):
        errand, call, kind = self.case(trial.seed)
        end = self.undisturbed.end(errand)
        machine = self.undisturbed.ready(errand)
        outcome, said = self.faulty(machine, errand, f"{call}:{kind}")
        failed = re.search(r"failed (.*)", said)
        trial.note(f"{errand.name}, call {call}: {failed.group(1) if failed else 'nothing failed'}")
        machine.sound(outcome)
        machine.no_orphans()
        harmless = not failed or failed.group(1).endswith((" EINTR", " short"))
        trial.check(not harmless or outcome.status == end.status, f"expected status {end.status}: {outcome}")
        trial.check(outcome.status in (0, 75) or "error: " in outcome.errors or "warning: " in outcome.errors, f"nothing is told: {outcome}")
        if outcome.status == 0 and errand.name == "build after an edit":
            outputs = machine.outputs()
            trial.check(outputs == end.finished.outputs, f"a false success: {difference(outputs, end.finished.outputs)}\n{outcome}")
        machine.sound(machine.run(*errand.words))
        finished = finish(machine)
        trial.check(finished.outputs == end.finished.outputs, f"out/: {difference(finished.outputs, end.finished.outputs)}\n{outcome}")
        trial.check(finished.texts == end.finished.texts, f"texts: {difference(finished.texts, end.finished.texts)}\n{outcome}")
        # What could not be read may have been set aside, as if it were damaged.
        left = finished.files - end.finished.files - {"cache/gc/damaged/*"}
        trial.check(not left, f"left behind: {sorted(left)}\n{outcome}")
        machine.expect("cache", "verify")

    def faulty(self, machine, errand, fault):
        report = machine.directory / "run-calls"
        more = {"LD_PRELOAD": str(self.shim), "CAMPAIGN_FAULT": fault, "CAMPAIGN_CALLS": str(report)}
        outcome = machine.run(*errand.words, environment=more)
        said = report.read_text() if report.exists() else ""
        report.unlink(missing_ok=True)
        return outcome, said


def compiled(library):
    """The shim, compiled on this machine."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if not compiler:
        raise Failed("this campaign needs a C compiler")
    source = pathlib.Path(__file__).with_name("faults.c")
    subprocess.run([compiler, "-std=gnu11", "-Wall", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library
