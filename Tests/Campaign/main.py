"""The command line of Scripts/campaign."""
import argparse
import math
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from .campaign import Failed, Trial
from .catalogue import CAMPAIGNS
from .place import Place, remove
from .process import outlives

LINES, WIDTH = 60, 400
"""How much is printed of what a trial that failed has to say."""
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    options = arguments()
    if not options.names:
        return list_campaigns()
    # Ended by a signal, it cleans up all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    binary = options.epbuild or release()
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    failures = 0
    for name in every(options) if options.names == ["all"] else options.names:
        if CAMPAIGNS[name].needs_server and not options.server:
            options.server = server(options.names)
        if CAMPAIGNS[name].needs_server and not options.server:
            print(f"{name}: left out, as the server is not built here", flush=True)
            continue
        failures += Round(CAMPAIGNS[name](), seed, options, os.path.abspath(binary)).run()
    return 1 if failures else 0


def every(options):
    """All campaigns; in the short form, those that have one."""
    return [name for name, kind in CAMPAIGNS.items() if kind.short or not options.short]


def arguments():
    parser = argparse.ArgumentParser(prog="Scripts/campaign", description="Breaks epbuild in every way that anybody has thought of, and checks what comes of it.",
                                     epilog="Without a name, lists the campaigns. docs/campaign.md tells what each proves.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a campaign, or `all`")
    parser.add_argument("--seed", type=int, help="the first trial's; the next have the next numbers. By default a random one, which is printed")
    parser.add_argument("--runs", type=int, help="how many trials; by default as many as the list says")
    parser.add_argument("--short", action="store_true", help="a few dozen trials of each, as Scripts/test runs them")
    parser.add_argument("--minutes", type=float, help="go on for so long instead")
    parser.add_argument("--epbuild", metavar="BINARY", help="the binary to try; by default the release that Scripts/epbuild builds")
    parser.add_argument("--server", metavar="BINARY", help="the operator's server to try; by default the release, which is built if a campaign that needs it is named")
    parser.add_argument("--keep", action="store_true", help="keep the directories of trials that passed, too")
    options = parser.parse_args()
    for name in options.names:
        if name not in CAMPAIGNS and name != "all":
            refuse(f"there is no campaign {name}; there are {', '.join(CAMPAIGNS)}")
    if options.epbuild and not os.access(options.epbuild, os.X_OK):
        refuse(f"{options.epbuild} cannot be run")
    if options.server and not os.access(options.server, os.X_OK):
        refuse(f"{options.server} cannot be run")
    return options


def refuse(text):
    print(f"Scripts/campaign: {text}", file=sys.stderr)
    sys.exit(64)


def list_campaigns():
    for name, kind in CAMPAIGNS.items():
        print(f"{name:<11} {kind.what}\n{'':<11} {kind.runs} trials, about {max(1, round(kind.runs * kind.seconds_a_run / 60))} minutes")
    return 0


def release():
    """The release, built first if its sources have changed."""
    subprocess.run([ROOT / "Scripts" / "epbuild", "--version"], check=True, stdout=subprocess.DEVNULL)
    return ROOT / ".build-release" / "release" / "epbuild"


def server(names):
    """The release of the server, built first if it was asked for by name; None if there is none."""
    if names != ["all"]:
        subprocess.run([ROOT / "Scripts" / "epbuild", "serve", "--help"], check=True, stdout=subprocess.DEVNULL)
    binary = ROOT / "Server" / ".build-release" / "release" / "epbuild-server"
    return str(binary) if os.access(binary, os.X_OK) else None


def shown(line):
    """Without what a terminal would obey."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in line)


class Round:
    """One campaign from its preparation to its summary."""

    def __init__(self, campaign, seed, options, binary):
        self.campaign, self.seed, self.options, self.binary = campaign, seed, options, binary
        self.passed, self.failed = 0, 0
        self.root = pathlib.Path(tempfile.mkdtemp(prefix=f"epbuild-campaign-{campaign.name}-"))

    def run(self):
        """Returns the number of failures."""
        start = time.monotonic()
        self.say(f"seed {self.seed}")
        try:
            self.trials()
        finally:
            self.campaign.end()
            left = outlives(self.root, 0)
            if left:
                self.say(f"ended what was still running: {left}")
            if not self.failed and not self.options.keep:
                remove(self.root)
        self.say(f"{self.passed} passed, {self.failed} failed, in {time.monotonic() - start:.0f} s" + (f"; see {self.root}" if self.failed else ""))
        return self.failed

    def trials(self):
        (self.root / "shared").mkdir()
        shared = Place(self.root / "shared", self.binary)
        shared.server = os.path.abspath(self.options.server) if self.options.server else None
        try:
            self.campaign.prepare(shared)
        except Failed as failure:
            self.report(self.seed, [], f"before any fault: {failure}")
            return
        end = time.monotonic() + self.options.minutes * 60 if self.options.minutes else None
        for seed in self.seeds():
            if end and time.monotonic() > end:
                break
            self.trial(seed, shared)

    def seeds(self):
        """Numbers in a row; where cases can be counted and not all are tried, spread over all of them. A trial's seed alone repeats it."""
        cases = self.campaign.cases()
        runs = self.options.runs or (self.campaign.short if self.options.short else cases or self.campaign.runs)
        stride = max(1, (cases or 0) // runs) if not self.options.minutes else 1
        while math.gcd(stride, cases or 1) > 1:
            stride += 1
        seed = self.seed
        while self.options.minutes or runs > 0:
            yield seed
            seed, runs = seed + stride, runs - 1

    def trial(self, seed, shared):
        trial = Trial(seed, shared)
        try:
            self.campaign.run(trial)
            self.passed += 1
        except Failed as failure:
            self.report(seed, trial.notes, str(failure), self.keep(seed, shared))
        except Exception:  # A mistake of the campaign itself is a failure, too, and no reason to stop.
            self.report(seed, trial.notes, traceback.format_exc(), self.keep(seed, shared))
        shared.clear()

    def keep(self, seed, shared):
        """Puts what the trial worked on aside."""
        kept = self.root / f"seed-{seed}"
        remove(kept)
        shared.hand_over(kept)
        return kept

    def report(self, seed, notes, text, kept=None):
        self.failed += 1
        self.say(f"FAILED with seed {seed}")
        lines = notes + text.rstrip().splitlines()
        for line in lines[:LINES] + ([f"… {len(lines) - LINES} lines more"] if len(lines) > LINES else []):
            print(f"    {shown(line[:WIDTH])}", flush=True)
        if kept:
            print(f"    kept: {kept}", flush=True)
        print(f"    again: Scripts/campaign {self.campaign.name} --seed {seed} --runs 1 --epbuild {self.binary}{f' --server {self.options.server}' if self.campaign.needs_server else ''}", flush=True)

    def say(self, text):
        print(f"{self.campaign.name}: {text}", flush=True)
