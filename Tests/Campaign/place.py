"""Where a campaign works: a directory of its own, the binary that it tries, and the log of what tools ran."""
import collections
import os
import pathlib
import shutil
import stat

from .machine import Machine


class Place:
    """Machines that have a name stay until the campaign ends; the others are of one trial."""

    def __init__(self, root, binary):
        self.root = pathlib.Path(root)
        self.binary = binary
        self.server = None
        """The operator's server, for a campaign that needs it."""
        self.log = self.root / "log"
        """Every tool of a campaign's shows adds a line to this file when it begins. It is one file for all machines, as its path stands in
        the tools' commands, and so in their addresses."""
        self.trial = self.root / "trial"
        self.number = 0
        self.forget()
        (self.root / "log.locks").mkdir()
        self.clear()

    def machine(self, name=None):
        """A machine with nothing on it."""
        self.number += 1
        directory = self.root / name if name else self.trial / f"machine{self.number}"
        remove(directory)
        return Machine(self, directory)

    def copy(self, machine):
        """A machine for a trial that stands as another does."""
        made = self.machine()
        remove(made.directory)
        shutil.copytree(machine.directory, made.directory, symlinks=True)
        return made

    def clear(self):
        """Ends a trial."""
        remove(self.trial)
        self.trial.mkdir()
        self.number = 0
        self.pause(0)

    def hand_over(self, directory):
        """Puts what a trial worked on aside."""
        self.trial.rename(directory)
        shutil.copy(self.log, directory / "log")

    def forget(self):
        """Nothing has run yet."""
        self.log.write_bytes(b"")

    def ran(self):
        """How often each tool began to work on each content. What began beside a process that was still at it stands under `beside:…`."""
        return collections.Counter(self.log.read_text(errors="replace").split())

    def pause(self, seconds):
        """Every tool waits so long from now on, so that there is something to disturb. Enters no address."""
        setting = self.root / "log.pause"
        if seconds:
            setting.write_text(f"{seconds:.3f}\n")
        else:
            remove(setting)


def remove(path):
    """A file or a tree, whatever its modes are."""
    path = pathlib.Path(path)
    if path.is_dir() and not path.is_symlink():
        for directory, _, _ in os.walk(path):
            os.chmod(directory, stat.S_IRWXU)
        shutil.rmtree(path)
    elif path.is_symlink() or path.exists():
        path.unlink()
