"""Shows built on one machine and got by another through each kind of store: whole, with half of its blobs and results lost, with half damaged."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import sys
import urllib.error
import urllib.request

from .campaign import Campaign
from .machine import difference

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks"))

from bench import peers  # noqa: E402

KINDS = ["directory", "http", "grpc", "s3"]
FAULTS = ["whole", "lost", "damaged"]
BOUND = 1800
"""Seconds for one command, which may build a whole show."""


class Stores(Campaign):
    name = "stores"
    what = "a small show of Episodes/ got by another machine through each kind of store: whole, half of its blobs and results lost, half damaged"
    runs = 12
    short = 12
    seconds_a_run = 3.0
    shows = ["letters"]

    def prepare(self, place):
        super().prepare(place)
        self.made = {}

    def cases(self):
        return len(self.shows) * len(KINDS) * len(FAULTS)

    def run(self, trial):
        case = trial.seed % self.cases()
        show = self.shows[case // (len(KINDS) * len(FAULTS))]
        kind, fault = KINDS[case // len(FAULTS) % len(KINDS)], FAULTS[case % len(FAULTS)]
        trial.note(f"{show} by {kind}, {fault}")
        built, seconds = self.built(show)
        place = self.place.trial / "store"
        place.mkdir()
        with STORES[kind](str(place)) as store:
            if store is None:
                return
            remote = f"cache: {{ remotes: [ {{ {store.remote}, push: true }} ] }}\n"
            first = self.place.copy(built)
            settings(first, remote)
            self.pushed(trial, first, show)
            # Small outputs stand in the results of some stores.
            names = sorted((path.parts[-3], path.name) for space in ("ac", "cas") for path in first.cache.glob(f"{space}/*/*"))
            half = trial.random.sample(names, len(names) // 2)
            second = sources(self.place.machine(), show)
            settings(second, remote)
            if fault == "whole":
                self.pulled(trial, first, second, show)
            else:
                self.survived(trial, store, fault, half, first, second, show, seconds)

    def pushed(self, trial, first, show):
        """All of it goes. moto answers 500 to one of two that put the same blob in one instant; who is told so pushes again."""
        answer = first.expect("cache", "push", show, "--json", statuses=(0, 69), environment=peers.KEY, bound=BOUND)
        if answer.status == 69:
            trial.note(f"pushed again after: {answer.errors.strip()}")
            answer = first.expect("cache", "push", show, "--json", environment=peers.KEY, bound=BOUND)
        self.without_failures(trial, answer)

    def pulled(self, trial, first, second, show):
        """All of it comes: the build runs nothing, and asks nobody."""
        answer = second.expect("cache", "pull", show, "--json", environment=peers.KEY, bound=BOUND)
        self.without_failures(trial, answer)
        trial.check('"missing":0' in answer.output, f"not all has come: {answer}")
        outcome = second.expect("build", show, "--offline", bound=BOUND)
        trial.check(executed(second) == 0, f"{executed(second)} actions were executed: {outcome}")
        self.same(trial, first, second, outcome)

    def survived(self, trial, store, fault, half, first, second, show, seconds):
        """What does not come is made here; nobody waits for longer than that takes, and some timeouts."""
        touched = sum(store.lose(*name) if fault == "lost" else store.damage(*name, trial.random) for name in half)
        trial.check(touched > 0, "nothing in the store was touched: the campaign is wrong")
        outcome = second.expect("build", show, environment=peers.KEY, bound=BOUND)
        trial.check(executed(second) > 0, f"nothing was executed, though {touched} blobs and results are {fault}: {outcome}")
        trial.check(outcome.seconds < 60 + 3 * seconds, f"{outcome.seconds:.0f} s, where a build from nothing takes {seconds:.0f}: {outcome}")
        self.same(trial, first, second, outcome)

    @staticmethod
    def without_failures(trial, answer):
        trial.check('"failed":0' in answer.output and not re.search(r'"failed":[1-9]', answer.output), f"some failed: {answer}")

    @staticmethod
    def same(trial, first, second, outcome):
        expected, found = first.outputs(), second.outputs()
        trial.check(expected, f"the first machine has delivered nothing: {outcome}")
        trial.check(found == expected, f"{difference(found, expected)}\n{outcome}")

    def built(self, show):
        """A machine that has built the show from nothing, and how long that took. Made once."""
        if show not in self.made:
            machine = sources(self.place.machine(f"built-{show}"), show)
            settings(machine, "")
            outcome = machine.expect("build", show, bound=BOUND)
            self.made[show] = machine, outcome.seconds
        return self.made[show]


class Shows(Stores):
    name = "shows"
    what = "every other show of Episodes/, as `stores`"
    shows = sorted(path.parent.name for path in (ROOT / "Episodes").glob("*/show.yaml") if path.parent.name != "letters")
    runs = len(shows) * len(KINDS) * len(FAULTS)
    short = 0
    seconds_a_run = 90.0


def sources(machine, show):
    """What a person has written of a show, as it is in the repository, and nothing that was made of it."""
    shutil.rmtree(machine.show, ignore_errors=True)
    shutil.copytree(ROOT / "Episodes" / show, machine.workspace / show, ignore=shutil.ignore_patterns("out", ".epbuild"))
    return machine


def settings(machine, more):
    machine.write("epbuild.yaml", (ROOT / "Episodes" / "epbuild.yaml").read_text(encoding="utf-8") + more)


def executed(machine):
    """How many actions of episodes have begun on this machine. What a show has of its own, its feed, is not carried along: it is made anew."""
    logs = (machine.workspace / ".epbuild" / "events").glob("*")
    events = [json.loads(line) for path in logs for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(event["event"] == "action_started" and pathlib.Path(event["episode"], "episode.yaml").exists() for event in events)


# Stores, and how what they hold is broken behind their backs


class Files:
    """A store whose blobs are files, and mostly its results, too."""

    def __init__(self, remote, root, path):
        self.remote, self.root, self.path = remote, pathlib.Path(root), path

    def lose(self, space, name):
        file = self.root / self.path(space, name)
        if not file.exists():
            return False
        file.unlink()
        return True

    def damage(self, space, name, random):
        file = self.root / self.path(space, name)
        if not file.exists() or not file.stat().st_size:
            return False
        data = broken(file.read_bytes(), random)
        file.chmod(0o644)
        file.write_bytes(data)
        return True


class Objects:
    """A bucket, changed by requests of its own."""

    def __init__(self, url, prefix):
        self.url = f"{url}/bench/{prefix}"
        self.remote = f"url: s3://bench/{prefix}, endpoint: {url}, region: us-east-1"

    def asked(self, method, space, name, data=None):
        # Who signs as anybody is let in, and who does not sign is not.
        signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"}
        request = urllib.request.Request(f"{self.url}/{space}/{name[:2]}/{name}", data=data, method=method, headers=signed)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            return None

    def lose(self, space, name):
        return self.asked("HEAD", space, name) is not None and self.asked("DELETE", space, name) is not None

    def damage(self, space, name, random):
        data = self.asked("GET", space, name)
        return bool(data) and self.asked("PUT", space, name, broken(data, random)) is not None


def broken(data, random):
    """Another content: a byte flipped, or the end cut off."""
    at = random.randrange(len(data))
    return data[:at] if random.random() < 0.3 else data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]


@contextlib.contextmanager
def directory(place):
    os.mkdir(f"{place}/shared")
    yield Files(f"url: {place}/shared", f"{place}/shared", lambda space, name: f"{space}/{name[:2]}/{name}")


@contextlib.contextmanager
def http(place):
    with peers.nginx(place) as url:
        yield Files(f"url: {url}/team", f"{place}/data/team", lambda space, name: f"{space}/{name}")


@contextlib.contextmanager
def grpc(place):
    with peers.casd(place) as address:
        yield address and Files(f"url: grpc://{address}", f"{place}/store", lambda space, name: f"{space}/objects/{name[:2]}/{name[2:]}")


@contextlib.contextmanager
def s3(place):
    with peers.moto(place) as store:
        yield store and Objects(store.url, "team")


STORES = {"directory": directory, "http": http, "grpc": grpc, "s3": s3}
