"""SIGINT, SIGTERM and SIGHUP at any instant, once or twice, and terminals that are closed: what runs is finished or ended, nothing outlives it."""
import fcntl
import os
import pty
import signal
import termios
import threading
import time

from .campaign import Campaign
from .machine import difference
from .undisturbed import ERRANDS, Undisturbed, finish

BUILDS = ERRANDS[:3]
LONG = 4
"""Seconds for which a tool works on if nobody ends it."""


class Signals(Campaign):
    name = "signals"
    what = "SIGINT, SIGTERM, SIGHUP at random instants, once and twice, to a build or its group, and a terminal that is closed"
    runs = 200
    short = 8
    seconds_a_run = 1.5

    def prepare(self, place):
        super().prepare(place)
        self.undisturbed = Undisturbed(place)

    def run(self, trial):
        errand = trial.random.choice(BUILDS)
        end = self.undisturbed.end(errand)
        machine = self.undisturbed.ready(errand)
        # Who asks once lets what runs be finished: that should not take long.
        twice = trial.random.random() < 0.4
        pause = trial.random.choice([0, 0.05, 0.2, LONG] if twice else [0, 0.05, 0.2])
        self.place.pause(pause)
        delay = trial.random.uniform(0, end.seconds * 1.5)
        trial.note(f"after {delay * 1000:.1f} ms of {errand.name}, tools pausing for {pause} s:")
        if trial.random.random() < 0.3:
            self.close_terminal(trial, machine, errand, delay)
        else:
            self.signal(trial, machine, errand, delay, end, twice)
        machine.no_orphans(LONG / 2)
        stored = machine.stored()
        self.place.pause(0)
        self.place.forget()
        machine.sound(machine.run(*errand.words), (end.status,))
        again = [made for made in self.place.ran() if made in stored or made.startswith("beside:")]
        trial.check(not again or "takes" in errand.name, f"ran again, though it was stored: {again}")
        finished = finish(machine)
        trial.check(finished.outputs == end.finished.outputs, f"out/: {difference(finished.outputs, end.finished.outputs)}")
        trial.check(finished.files <= end.finished.files, f"left behind: {sorted(finished.files - end.finished.files)}")

    def signal(self, trial, machine, errand, delay, end, twice):
        number = trial.random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        group = trial.random.random() < 0.5
        trial.note(f"{number.name} to {'its group' if group else 'it'}{', twice' if twice else ''}")
        process = machine.start(*errand.words)
        time.sleep(delay)
        process.send(number, group)
        if twice:
            time.sleep(trial.random.uniform(0, 0.1))
            process.send(number, group)
        outcome = process.ended(20)
        trial.check(outcome.status is not None, f"did not end: {outcome}")
        begun, stored = self.place.ran(), machine.stored()
        # Before it can know of signals it has begun nothing, and may just end.
        by_itself = [-number, 128 + number] if number == signal.SIGHUP or twice or not begun else []
        allowed = [130, end.status] + by_itself
        trial.check(outcome.status in allowed, f"expected status {allowed}: {outcome}")
        if not twice and number != signal.SIGHUP:
            lost = set(begun) - stored
            trial.check(not lost, f"what ran was not finished and stored: {lost}\n{outcome}")

    def close_terminal(self, trial, machine, errand, delay):
        trial.note("its terminal closed")
        ours, theirs = pty.openpty()
        process = machine.start(*errand.words, terminal=theirs, environment={"TERM": "xterm"}, before=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(theirs)
        reader = threading.Thread(target=drain, args=(ours, time.monotonic() + delay))
        reader.start()
        reader.join(delay + 5)
        os.close(ours)
        outcome = process.ended(20)
        trial.check(outcome.status is not None, f"did not end: {outcome}")
        trial.check(outcome.status in (0, 75, 1, 130, 129, -signal.SIGHUP, -signal.SIGPIPE), f"an unexpected end: {outcome}")


def drain(terminal, end):
    """Reads what a program prints on a terminal until a moment, so that it is not held up."""
    os.set_blocking(terminal, False)
    while time.monotonic() < end:
        try:
            os.read(terminal, 65536)
        except BlockingIOError:
            time.sleep(0.002)
        except OSError:
            return
