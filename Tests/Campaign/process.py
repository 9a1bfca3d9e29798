"""Runs programs with a bound on their time, and finds what they leave running. Knows nothing of epbuild's commands."""
import os
import pathlib
import signal
import subprocess
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """How a program ended."""

    words: list
    status: int
    """Its exit status; the negative number of the signal that ended it; None if it was still running after its bound."""
    output: str
    errors: str
    seconds: float

    @property
    def text(self):
        return self.output + self.errors

    def __str__(self):
        ended = "did not end" if self.status is None else f"status {self.status}"
        return f"{' '.join(self.words)}: {ended} after {self.seconds:.2f} s\n{self.output[-1500:]}{self.errors[-3000:]}"


class Process:
    """A program that runs, in a process group of its own, with its output in files: nothing fills a pipe that nobody reads."""

    def __init__(self, argv, directory, environment, files, terminal=None, before=None):
        self.argv = argv
        self.files = pathlib.Path(files)
        self.started = time.monotonic()
        streams = {"stdin": subprocess.DEVNULL}
        if terminal is None:
            self.out, self.err = open(f"{files}.out", "wb"), open(f"{files}.err", "wb")
            streams.update(stdout=self.out, stderr=self.err)
        else:
            streams = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
        self.child = subprocess.Popen(argv, cwd=directory, env=environment, start_new_session=True, **streams,
                                      preexec_fn=before)
        if terminal is None:
            self.out.close()
            self.err.close()

    @property
    def id(self):
        return self.child.pid

    def send(self, number, group=False):
        """A signal; nothing if the process has ended. Its id cannot belong to another, as it has not been waited for."""
        if self.child.returncode is not None:
            return
        try:
            if group:
                os.killpg(self.id, number)
            else:
                os.kill(self.id, number)
        except ProcessLookupError:
            pass

    def ended(self, bound):
        """Waits at most `bound` seconds, then ends the whole group. The outcome."""
        status = None
        try:
            status = self.child.wait(bound)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL, group=True)
            self.child.wait(30)
        seconds = time.monotonic() - self.started
        return Outcome([os.path.basename(self.argv[0])] + self.argv[1:], status, self.read("out"), self.read("err"), seconds)

    def read(self, ending):
        path = pathlib.Path(f"{self.files}.{ending}")
        return path.read_bytes().decode(errors="replace") if path.exists() else ""


def living(directory):
    """Processes that work in a directory or were given it in their environment, but this one: {id: what it runs}."""
    found = {}
    mark = os.fsencode(str(directory))
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            if b") Z" in pathlib.Path(f"/proc/{name}/stat").read_bytes():
                continue
            here = os.fsencode(os.readlink(f"/proc/{name}/cwd"))
            said = pathlib.Path(f"/proc/{name}/environ").read_bytes() + pathlib.Path(f"/proc/{name}/cmdline").read_bytes()
        except OSError:
            continue
        if here.startswith(mark) or mark in said:
            found[int(name)] = pathlib.Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def outlives(directory, bound):
    """What still runs in a directory after `bound` seconds; it is ended, process by process."""
    end = time.monotonic() + bound
    while (left := living(directory)) and time.monotonic() < end:
        time.sleep(0.02)
    for process in left:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return left
