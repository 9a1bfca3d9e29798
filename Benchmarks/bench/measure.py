"""Runs programs and takes their time and memory. Knows nothing of what they do."""
import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_mb: float
    """Of the largest process among the program and its children; not below that of this script, about 15 MB."""
    processor_seconds: float
    """Of the program and of all that it has waited for."""


@dataclass(frozen=True)
class Command:
    argv: list
    cwd: str = "."
    env: dict = None
    allowed: tuple = (0,)
    """Exit statuses that are no failure."""

    def run(self):
        """Runs the command without a terminal. A command that fails ends the benchmark: its time would mean nothing."""
        here = os.getcwd()
        with tempfile.TemporaryFile() as output:
            actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                       (os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
            orphans = Orphans()
            os.chdir(self.cwd)
            try:
                start = time.perf_counter()
                pid = os.posix_spawnp(self.argv[0], self.argv, {**os.environ, **(self.env or {})}, file_actions=actions)
                _, status, usage = os.wait4(pid, 0)
                seconds = time.perf_counter() - start
                processor_seconds = usage.ru_utime + usage.ru_stime + orphans.wait()
            finally:
                os.chdir(here)
            if os.waitstatus_to_exitcode(status) not in self.allowed:
                output.seek(0)
                sys.exit(f"{' '.join(self.argv)} failed:\n{output.read().decode(errors='replace')}")
        return Run(seconds, usage.ru_maxrss / 1024, processor_seconds)


class Orphans:
    """What a command leaves behind, such as epbuild's supervisors, who have waited for the programs that it ran. They end right after it."""
    BECOME_SUBREAPER = 36
    LONGEST_WAIT = 30

    def __init__(self):
        ctypes.CDLL(None).prctl(self.BECOME_SUBREAPER, 1, 0, 0, 0)
        self.before = self.children()

    @staticmethod
    def children():
        found = set()
        for task in os.listdir("/proc/self/task"):
            # A thread may end while they are looked through; its children are another's then.
            with contextlib.suppress(FileNotFoundError), open(f"/proc/self/task/{task}/children", encoding="ascii") as file:
                found.update(int(word) for word in file.read().split())
        return found

    def wait(self):
        """Waits for them, but not for one that stays.

        Returns the processor seconds of all that have ended."""
        total, last = 0, time.monotonic() + self.LONGEST_WAIT
        while (left := self.children() - self.before) and time.monotonic() < last:
            for pid in left:
                ended, _, usage = os.wait4(pid, os.WNOHANG)
                total += usage.ru_utime + usage.ru_stime if ended else 0
            time.sleep(0.001)
        return total


def medians(commands, runs, before=None):
    """The median seconds of each command. They take turns, so that noise meets all alike.

    before: called with the number of the run before each command, untimed."""
    seconds = [[] for _ in commands]
    for number in range(runs):
        for index, command in enumerate(commands):
            if before:
                before(number)
            seconds[index].append(command.run().seconds)
    return [statistics.median(one) for one in seconds]


def shell(command, cwd):
    """Runs a preparation that is not measured."""
    subprocess.run(command, shell=True, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
