"""Every campaign by its name."""
from .concurrent import Concurrent
from .damage import Damage
from .edits import Edits
from .entries import Entries
from .heads import Heads
from .io import IO
from .kills import Kills
from .limits import Limits
from .lock import Lock
from .scripts import Scripts
from .server_kills import ServerKills
from .signals import Signals
from .sounds import Sounds
from .stores import Shows, Stores
from .yaml import YAML

CAMPAIGNS = {
    kind.name: kind for kind in (
        Kills, Signals, Damage, IO, Limits, Concurrent, Edits, YAML, Lock, Entries, Sounds, Scripts, Stores, Shows, ServerKills, Heads)
}
