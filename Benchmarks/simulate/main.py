"""The command line of Scripts/simulate."""
import argparse
import json
import os
import pathlib
import sys

from .machines import Conditions, Store
from .record import record
from .recording import Recording, Unreadable
from .season import Season
from .simulation import Machine, Pass

HERE = pathlib.Path(__file__).resolve().parent
WORKERS = "1,2,5,10,20,50,100,200,500,1000"


def main():
    options = arguments()
    try:
        if options.record:
            binary = options.epbuild or HERE.parent.parent / ".build-release" / "release" / "epbuild"
            record(str(binary), options.record, options.cache).write(options.out)
            return 0
        recording, limits = services(Recording.read(options.recording), options.service)
    except Unreadable as problem:
        print(f"Scripts/simulate: {problem}", file=sys.stderr)
        return 65
    rows = [simulated(recording, conditions(options, workers, limits), options) for workers in options.workers]
    if options.json:
        print("\n".join(json.dumps(row) for row in rows))
    else:
        print_table(recording, rows, options)
    return 0


def arguments():
    parser = argparse.ArgumentParser(prog="Scripts/simulate", description="Plays a season of episodes on 1 to 1,000 workers, from recorded durations, and tells what bounds it.")
    add = parser.add_argument
    add("--recording", default=HERE / "ep001.json", help="what one episode is made of; by default olivers-workshop/ep001, as measured")
    add("--record", metavar="EPISODE", help="make a recording of an episode that has been built, of its workspace's event log, and end")
    add("--out", default="recording.json", help="where that goes (%(default)s)")
    add("--epbuild", metavar="BINARY", help="who tells the graph of the episode; by default the release")
    add("--cache", default=os.environ.get("EPBUILD_CACHE", os.path.expanduser("~/.cache/epbuild")), help="where the sizes of its results are found")
    add("--episodes", type=positive, default=100, help="(%(default)s)")
    add("--workers", type=numbers, default=numbers(WORKERS), help=f"how many, for each row ({WORKERS})")
    add("--slots", type=int, default=0, metavar="N", help="machines of N workers that build whole episodes; by default a cluster, where any worker takes any step")
    add("--service", action="append", default=[], metavar="TOOL=SECONDS:USD:LIMIT", help="have a service do what this tool does: seconds and price of a call, and how many at once")
    add("--limit", action="append", default=[], metavar="SERVICE=N", help="how many calls at once of a service that the recording names (8)")
    add("--failures", type=share, default=0.01, help="the share of runs that are lost, with their workers or answers (%(default)s)")
    add("--repair", type=float, default=60, metavar="SECONDS", help="until a lost worker is replaced (%(default)s)")
    add("--no-store", action="store_true", help="no machine shares what it makes")
    add("--store-ms", type=float, default=0.3, help="the time of the store for each request, ms (%(default)s)")
    add("--store-latency-ms", type=float, default=5, help="(%(default)s)")
    add("--store-mbps", type=float, default=100, help="MB/s (%(default)s)")
    add("--worker-usd", type=float, default=0.05, help="of a worker for an hour (%(default)s)")
    add("--spread", type=float, default=0.25, help="how unlike in length episodes are; 0: all are as recorded (%(default)s)")
    add("--seed", type=int, default=1, help="the same one gives the same numbers (%(default)s)")
    add("--json", action="store_true", help="one object for each number of workers")
    options = parser.parse_args()
    if options.slots < 0:
        parser.error("--slots is a number of workers")
    return options


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is none: at least 1 is needed")
    return value


def numbers(text):
    return [positive(word) for word in text.split(",")]


def share(text):
    value = float(text)
    if not 0 <= value <= 0.9:
        raise argparse.ArgumentTypeError(f"{text} is no share from 0 to 0.9")
    return value


def services(recording, words):
    """The recording with the services of `--service`, and their limits."""
    limits = {}
    for word in words:
        try:
            tool, numbers_of = word.split("=")
            seconds, usd, limit = numbers_of.split(":")
            recording, limits[tool] = recording.served(tool, float(seconds), float(usd)), positive(limit)
        except (ValueError, argparse.ArgumentTypeError):
            raise Unreadable(f"--service {word}: expected TOOL=SECONDS:USD:LIMIT, such as llm=6:0.01:8") from None
    return recording, limits


def conditions(options, workers, limits):
    known = dict(limits)
    for word in options.limit:
        service, _, limit = word.partition("=")
        known[service] = int(limit) if limit.isdigit() and int(limit) else 1
    return Conditions(
        workers=workers, slots=options.slots, limits=known, failures=options.failures, repair_seconds=options.repair,
        store=not options.no_store, store_request_seconds=options.store_ms / 1000, store_latency_seconds=options.store_latency_ms / 1000,
        store_bytes_per_second=options.store_mbps * 1e6, worker_usd_per_hour=options.worker_usd, seed=options.seed)


def simulated(recording, given, options):
    """Three passes: from nothing; the same on other machines; and there again, after an edit of each episode."""
    season, store = Season(recording, options.episodes, options.seed, options.spread), Store(given)
    first = Pass(season, given, store, machines(given)).run()
    others = machines(given)
    again = Pass(season, given, store, others).run()
    edited = Pass(season.edited(), given, store, others).run()
    return {"workers": given.workers, "fromNothing": first.value(given), "elsewhere": again.value(given), "edited": edited.value(given)}


def machines(given):
    return [Machine(slots) for slots in given.machine_slots]


def print_table(recording, rows, options):
    shape = f"machines of {options.slots} workers, an episode at a time" if options.slots else "a cluster"
    store = "no store" if options.no_store else f"a store of {options.store_mbps:g} MB/s and {options.store_ms:g} ms a request"
    print(f"{options.episodes} episodes like {recording.what} ({len(recording.steps)} steps, {sum(s.seconds for s in recording.steps):.0f} s), {shape}, {store},")
    print(f"{options.failures:.1%} of runs lost, ${options.worker_usd:g} an hour of a worker, seed {options.seed}\n")
    heads = ["workers", "from nothing", "cost", "executed", "hits", "lost", "bound by", "elsewhere", "bound by", "executed", "one edit each", "executed", "hits"]
    cells = [heads] + [row_cells(row) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for index, row in enumerate(cells):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if index == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def row_cells(row):
    first, again, edited = row["fromNothing"], row["elsewhere"], row["edited"]
    return [f"{row['workers']:,}", lasting(first["seconds"]), f"${first['costUSD']:,.2f}", f"{first['executed']:,}", rate(first),
            f"{first['failedRuns']:,}", bound(first), lasting(again["seconds"]), bound(again), f"{again['executed']:,}",
            lasting(edited["seconds"]), f"{edited['executed']:,}", rate(edited)]


def bound(value):
    return f"{value['boundBy']} ({value['boundShare']:.0%})"


def rate(value):
    hits = value["localHits"] + value["storeHits"]
    return f"{hits / max(1, hits + value['executed']):.1%}"


def lasting(seconds):
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
