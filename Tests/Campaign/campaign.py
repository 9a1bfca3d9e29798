"""What a campaign is: a kind of fault, tried many times, each time with a seed of its own. Knows no fault."""
import random


class Failed(Exception):
    """epbuild did something wrong. Its text says what, for a person."""


class Campaign:
    """One kind of fault. A subclass says what it breaks, and checks what comes of it."""

    name = ""
    what = ""
    """One line for the list."""
    runs = 200
    """How many trials by default: minutes, not hours."""
    short = 10
    """How many in the short form, which runs with the tests; 0: it has none."""
    seconds_a_run = 1.0
    """About, on a quiet machine."""

    needs_server = False
    """True if it breaks the operator's server, too."""

    def prepare(self, place):
        """Makes what all trials share, such as the bytes of an undisturbed build. `place` is a `Place`."""
        self.place = place

    def cases(self):
        """How many different trials there are, if they can be counted: seeds then walk over them; None if chance decides."""
        return None

    def end(self):
        """After the last trial: ends what runs for all of them."""

    def run(self, trial):
        """One trial. Raises `Failed` if epbuild did wrong."""
        raise NotImplementedError


class Trial:
    """One run of a campaign: a seed, a directory of its own, and what to say if it fails."""

    def __init__(self, seed, place):
        self.seed = seed
        self.random = random.Random(seed)
        self.place = place
        self.notes = []
        """What was done, told if the trial fails."""

    def note(self, text):
        self.notes.append(text)

    def check(self, condition, text):
        if not condition:
            raise Failed(text)
