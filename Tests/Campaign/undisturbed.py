"""What people do to the small show before a command is disturbed, and what comes of it if nothing is."""
from dataclasses import dataclass

from .show import BRIEF, build_small_show, write_podcast, write_small_show

EDITED = BRIEF.replace("second", "2nd")


@dataclass(frozen=True)
class Errand:
    """A command that is disturbed, on a machine that has been made ready for it."""

    name: str
    words: tuple
    ready: object
    """A function that does to a machine what comes before; the show is built already, unless the errand is a first build."""


def nothing(machine):
    pass


def edited(machine):
    """A person changes the source of the editable text."""
    machine.write("show/episode/brief.txt", EDITED)


def two_takes(machine):
    machine.expect("clean", "show/episode", "lines/2")
    machine.expect("build", "show/episode")


def to_approve(machine):
    machine.write("show/episode/texts/1.txt", "Another text.\n")
    machine.expect("build", "show/episode", statuses=(75,))


def to_merge(machine):
    """The text is edited by hand, and would be generated otherwise now."""
    draft = machine.episode / "draft.txt"
    machine.write("show/episode/draft.txt", draft.read_text().replace("third", "3rd"))
    machine.write("show/episode/brief.txt", BRIEF.replace("first", "1st"))


EPISODE, PODCAST = "show/episode", "podcast/episode"
ERRANDS = [
    Errand("first build", ("build", EPISODE), None),
    Errand("build after an edit", ("build", EPISODE), edited),
    Errand("build --takes", ("build", EPISODE, "lines/2", "--takes", "3"), nothing),
    Errand("build --draft", ("build", EPISODE, "--draft"), edited),
    Errand("approve", ("approve", EPISODE, "whole", "--by", "Ann"), to_approve),
    Errand("reject", ("reject", EPISODE, "whole", "--note", "Longer.", "--by", "Ann"), to_approve),
    Errand("clean", ("clean", EPISODE, "lines/2"), nothing),
    Errand("use", ("use", EPISODE, "lines/2", "1"), two_takes),
    Errand("pin", ("pin", EPISODE, "lines/1"), nothing),
    Errand("merge", ("merge", EPISODE, "draft"), to_merge),
    Errand("revert", ("revert", EPISODE, "draft"), to_merge),
    Errand("rollback", ("rollback", EPISODE), two_takes),
    Errand("podcast", ("build", PODCAST), write_podcast),
    Errand("cache gc", ("cache", "gc", "--size", "0", "--now"), edited),
    Errand("cache push", ("cache", "push", EPISODE), nothing),
]


class Undisturbed:
    """Every errand done once without a fault: what it leaves, and how long it takes."""

    def __init__(self, place, remote=True):
        self.place = place
        self.fresh = place.machine("fresh")
        write_small_show(self.fresh, remote)
        self.built = place.machine("built")
        write_small_show(self.built, remote)
        build_small_show(self.built)
        self.ends = {}

    def ready(self, errand):
        """A machine on which the errand is to be done next."""
        machine = self.place.copy(self.fresh if errand.ready is None else self.built)
        if errand.ready:
            errand.ready(machine)
        self.place.forget()
        return machine

    def end(self, errand):
        if errand.name not in self.ends:
            machine = self.ready(errand)
            outcome = machine.sound(machine.run(*errand.words), (0, 75))
            self.ends[errand.name] = End(finish(machine), outcome.status, outcome.seconds)
        return self.ends[errand.name]


@dataclass(frozen=True)
class End:
    finished: object
    status: int
    seconds: float


@dataclass(frozen=True)
class Finished:
    outputs: dict
    texts: dict
    files: set


def finish(machine):
    """Builds to the end, a gate approved if one waits, and looks at everything."""
    outcome = machine.expect("build", EPISODE, statuses=(0, 75))
    if outcome.status == 75:
        machine.expect("approve", EPISODE, "whole", "--by", "Ann")
        machine.expect("build", EPISODE)
    if (machine.workspace / PODCAST).exists():
        machine.expect("build", PODCAST)
    machine.expect("cache", "gc", "--size", "1G")
    return Finished(machine.outputs(), machine.texts(), machine.names())
