"""The command line of Scripts/bench."""
import argparse
import os
import pathlib
import shutil
import subprocess
import tempfile
from dataclasses import dataclass

from . import browser, episode, fanout, film, hear, long_sound, programs, providers, recordings, rivals, serve, sharing, single, workspace
from .measure import Command
from .table import print_head, print_row

ROWS = ["start", "fanout", "files", "edit", "scratch", "hash", "actions", "programs", "workspace", "long", "film", "recordings", "providers", "hear"]
LONG = ["serve", "browser", "sharing"]
"""Those that take long, or need the server: measured if they are named."""


@dataclass(frozen=True)
class Setting:
    root: str
    binary: str
    server: str
    work: str
    runs: int
    sizes: list
    megabytes: int
    minutes: int
    recording_minutes: int
    artifacts: int

    def fresh(self, name):
        """An empty directory of this name below the working directory."""
        path = os.path.join(self.work, name)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def epbuild(self, place):
        """A build of `place`, with a cache of its own beside it."""
        cache = os.path.join(os.path.dirname(place), "cache")
        return Command([self.binary, place], env={"EPBUILD_CACHE": cache, "HOME": self.work})

    def bench_binary(self):
        scratch = os.path.join(self.root, ".build-release")
        subprocess.run(
            ["swift", "build", "--package-path", self.root, "--scratch-path", scratch, "-c", "release", "--static-swift-stdlib",
             "--product", "epbuild-bench"], check=True, stdout=subprocess.DEVNULL)
        return os.path.join(scratch, "release", "epbuild-bench")


def main():
    root = str(pathlib.Path(__file__).resolve().parent.parent.parent)
    default = os.environ.get("EPBUILD_BINARY", os.path.join(root, ".build-release", "release", "epbuild"))
    parser = argparse.ArgumentParser(prog="Scripts/bench", description="Measures epbuild against its peers and prints a table.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"any of {', '.join(ROWS + LONG)}; all but {', '.join(LONG)} if none is named; or rivals alone, which takes some minutes and installs packages")
    parser.add_argument("--sizes", default="1000,10000,50000", help="numbers of items for fanout and files (%(default)s)")
    parser.add_argument("--runs", type=int, default=0, help="measured runs of each command; by default as many as suit the row")
    parser.add_argument("--megabytes", type=int, default=1000, help="the size of the file to hash, and of the one to share (%(default)s)")
    parser.add_argument("--minutes", type=int, default=180, help="how long the line of the row \"long\" is (%(default)s)")
    parser.add_argument("--recording-minutes", type=int, default=60, help="how long the recording is that is transcribed (%(default)s)")
    parser.add_argument("--artifacts", type=int, default=10_000, help="how many small ones are shared (%(default)s)")
    parser.add_argument("--work", help="where to build; by default a temporary directory, which is removed")
    parser.add_argument("--binary", default=default, help="the epbuild to measure; also EPBUILD_BINARY (%(default)s)")
    parser.add_argument("--server", default=os.path.join(root, "Server", ".build-release", "release", "epbuild-server"), help="the server to measure (%(default)s)")
    options = parser.parse_args()
    if "rivals" in options.rows and len(options.rows) > 1:
        parser.error("rivals makes a table of its own: name it alone")
    unknown = [name for name in options.rows if name not in [*ROWS, *LONG, "rivals"]]
    if unknown:
        parser.error(f"there is no row {unknown[0]}; there are {', '.join(ROWS + LONG)}")
    if not os.access(options.binary, os.X_OK):
        parser.error(f"there is no {options.binary}: run Scripts/epbuild --version first")
    if {"serve", "browser"} & set(options.rows) and not os.access(options.server, os.X_OK):
        parser.error(f"there is no {options.server}: run Scripts/epbuild serve --help first")
    work = options.work or tempfile.mkdtemp(prefix="epbuild-bench-")
    try:
        sizes = [int(size) for size in options.sizes.split(",")]
        setting = Setting(
            root, os.path.abspath(options.binary), os.path.abspath(options.server), os.path.abspath(work), options.runs, sizes,
            options.megabytes, options.minutes, options.recording_minutes, options.artifacts)
        if options.rows == ["rivals"]:
            for line in rivals.table(setting):
                print(line, flush=True)
            return
        print_head()
        for row in rows(setting, options.rows or ROWS):
            print_row(row)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)


def rows(setting, names):
    if "start" in names:
        yield from single.start(setting)
    shapes = [shape for shape, name in (("lines", "fanout"), ("files", "files")) if name in names]
    if shapes:
        yield from fanout.rows(setting, shapes)
    if "edit" in names or "scratch" in names:
        yield from episode.rows(setting, names)
    if "hash" in names:
        yield from single.hashing(setting)
    if "actions" in names:
        yield from single.actions(setting)
    if "programs" in names:
        yield from programs.rows(setting)
    if "workspace" in names:
        yield from workspace.rows(setting)
    if "long" in names:
        yield from long_sound.rows(setting)
    if "film" in names:
        yield from film.rows(setting)
    if "recordings" in names:
        yield from recordings.rows(setting)
    if "providers" in names:
        yield from providers.rows(setting)
    if "hear" in names:
        yield from hear.rows(setting)
    if "serve" in names:
        yield from serve.rows(setting)
    if "browser" in names:
        yield from browser.rows(setting)
    if "sharing" in names:
        yield from sharing.rows(setting)
