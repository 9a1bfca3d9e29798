"""A machine of its own for a trial: a workspace with one small show, a cache, a home. Runs epbuild there and reads what came of it."""
import os
import pathlib
import re

from .campaign import Failed
from .process import Process, outlives

STATUSES = (0, 1, 64, 65, 69, 75, 130)
"""What docs/pipeline-reference.md documents."""
BOUND = 60
"""Seconds after which a command of a build of milliseconds is said to hang, however busy the machine is."""
DIGEST = re.compile(rb"[0-9a-f]{64}")


class Machine:
    def __init__(self, place, directory):
        self.place = place
        self.directory = pathlib.Path(directory)
        self.workspace = self.directory / "workspace"
        self.cache = self.directory / "cache"
        self.show = self.workspace / "show"
        self.episode = self.show / "episode"
        self.episode.mkdir(parents=True, exist_ok=True)
        self.count = 0

    # Running

    def environment(self, more=None):
        return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.directory), "EPBUILD_CACHE": str(self.cache),
                "TMPDIR": str(self.directory), "LC_ALL": "C.UTF-8", **(more or {})}

    def start(self, *words, environment=None, terminal=None, before=None):
        self.count += 1
        return Process([self.place.binary, *words], self.workspace, self.environment(environment),
                       self.directory / f"run{self.count}", terminal, before)

    def run(self, *words, environment=None, bound=BOUND):
        return self.start(*words, environment=environment).ended(bound)

    def build(self, *words, **options):
        return self.run("build", "show/episode", *words, **options)

    def sound(self, outcome, statuses=STATUSES):
        """Ended by itself, in time, with a documented status, and without the words of a crash."""
        if outcome.status is None:
            raise Failed(f"a hang: {outcome}")
        if outcome.status < 0 or "Fatal error" in outcome.errors:
            raise Failed(f"a crash: {outcome}")
        if outcome.status not in statuses:
            raise Failed(f"expected status {' or '.join(str(one) for one in statuses)}: {outcome}")
        return outcome

    def expect(self, *words, statuses=(0,), **options):
        """Runs a command that must end well."""
        return self.sound(self.run(*words, **options), statuses)

    # Files

    def write(self, path, text):
        """A file of the workspace, saved as editors do: whole, in place of what was there."""
        target = self.workspace / path
        target.parent.mkdir(parents=True, exist_ok=True)
        saved = self.directory / "save"
        saved.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.replace(saved, target)

    def outputs(self):
        """What was delivered: {path in the workspace: bytes}."""
        return {path: data for path, data in tree(self.workspace).items() if "/out/" in path}

    def texts(self):
        """What a person has written, and what stands beside it to be changed: {path in the workspace: bytes}. The lock tells of times, too."""
        apart = re.compile(r"\.epbuild/|.*/out/|.*/episode\.lock$")
        return {path: data for path, data in tree(self.workspace).items() if not apart.match(path)}

    def stored(self):
        """Runs of tools whose results the cache holds, as the log names them: outputs of the small show begin with what made them."""
        found = set()
        for entry in self.cache.glob("ac/*/*"):
            for digest in DIGEST.findall(entry.read_bytes()):
                blob = self.cache / "cas" / digest[:2].decode() / digest.decode()
                try:
                    first = blob.read_bytes().split(b"\n", 1)[0]
                except OSError:
                    continue
                if first.startswith(b"made "):
                    found.add(first[5:].decode())
        return found

    # What must hold after every fault

    def no_orphans(self, bound=10):
        """Nothing that was started on this machine runs any more."""
        left = outlives(self.directory, bound)
        if left:
            raise Failed(f"still running: {left}")

    def names(self):
        """Paths of all files, with a `*` where content or time names them."""
        found = set()
        for path in self.directory.rglob("*"):
            name = str(path.relative_to(self.directory))
            # What is being written to a share may be another machine's, and goes after a day; copies to read at a gate may be more or fewer.
            if re.match(r"run\d+\.|save$|remote/tmp/|workspace/\.epbuild/gates/", name) or (path.is_dir() and not name.startswith("cache/tmp/")):
                continue
            name = re.sub(r"^(cache|remote)/(cas|ac)/../[0-9a-f]{64}$", r"\1/\2/*", name)
            name = re.sub(r"^cache/gc/(last-builds|damaged)/.*$", r"cache/gc/\1/*", name)
            name = re.sub(r"(^|/)\.epbuild/(events|edits|gates|rolled-back|trace|memo)/.*$", r"\1.epbuild/\2/*", name)
            found.add(re.sub(r"history\.sqlite-(wal|shm)$", "history.sqlite", name))
        return found


def tree(directory):
    """Files below a directory: {path: bytes}. A link or a special file is named by its kind."""
    found = {}
    for path in sorted(pathlib.Path(directory).rglob("*")):
        name = str(path.relative_to(directory))
        if path.is_symlink():
            found[name] = b"link to " + os.fsencode(os.readlink(path))
        elif path.is_file():
            found[name] = path.read_bytes()
        elif not path.is_dir():
            found[name] = b"special file"
    return found


def difference(found, expected):
    """The first paths in which two trees differ, for a message."""
    names = sorted(set(found) | set(expected))
    unequal = [name for name in names if found.get(name) != expected.get(name)]
    parts = []
    for name in unequal[:3]:
        ours, theirs = found.get(name), expected.get(name)
        parts.append(f"{name}: {brief(ours)} instead of {brief(theirs)}")
    return f"{len(unequal)} of {len(names)} files differ: " + "; ".join(parts)


def brief(data):
    return "nothing" if data is None else f"{len(data)} bytes {data[:60]!r}"
