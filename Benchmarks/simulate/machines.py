"""What a season is built on: workers, the services' limits, the shared store, and how often something fails. Knows no episodes."""
import math
import random
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Conditions:
    """What is assumed, all in seconds, bytes and US dollars."""
    workers: int
    slots: int = 0
    """0: a cluster, where any worker takes any step. Else machines of so many workers, each of which builds whole episodes."""
    limits: dict = field(default_factory=dict)
    """How many calls of a service are under way at once, of all machines together."""
    default_limit: int = 8
    failures: float = 0.0
    """The share of runs that end with the loss of the worker, or of the answer."""
    repair_seconds: float = 60.0
    """Until there is another worker in the place of a lost one."""
    store: bool = True
    store_request_seconds: float = 0.0003
    """The store is busy for so long with each request."""
    store_bytes_per_second: float = 100e6
    store_latency_seconds: float = 0.005
    worker_usd_per_hour: float = 0.05
    seed: int = 1

    def limit(self, service):
        return self.limits.get(service, self.default_limit)

    @property
    def machine_slots(self):
        """How many workers each machine has."""
        if not self.slots:
            return [self.workers]
        return [min(self.slots, self.workers - first) for first in range(0, self.workers, self.slots)]

    def failure(self, work, attempt):
        """After what share of its time this attempt fails; None: it does not. The more failures are asked for, the more of the same fail."""
        chance = random.Random(f"{self.seed}/{work.address}/{attempt}")
        return chance.random() if chance.random() < self.failures else None


class Store:
    """One store, which serves one request after the other."""

    def __init__(self, conditions):
        self.conditions = conditions
        self.held = set()
        self.free, self.busy = 0.0, 0.0

    def begin_pass(self):
        self.free, self.busy = 0.0, 0.0

    def served(self, now, requests, size=0):
        """When these requests, with so many bytes, have been answered."""
        if not self.conditions.store:
            return now
        took = requests * self.conditions.store_request_seconds + size / self.conditions.store_bytes_per_second
        self.free, self.busy = max(now, self.free) + took, self.busy + took
        return self.free + self.conditions.store_latency_seconds


@dataclass
class Outcome:
    """What became of one pass over a season."""
    seconds: float = 0.0
    executed: int = 0
    local_hits: int = 0
    store_hits: int = 0
    failed_runs: int = 0
    worker_seconds: float = 0.0
    """In which workers ran something, or were being replaced."""
    service_seconds: dict = field(default_factory=dict)
    calls_usd: float = 0.0
    store_seconds: float = 0.0
    bounds: dict = field(default_factory=dict)
    """No plan could be quicker than any of these: {what bounds it: seconds}."""

    @property
    def hit_rate(self):
        return (self.local_hits + self.store_hits) / max(1, self.executed + self.local_hits + self.store_hits)

    def usd(self, conditions):
        """Calls, and all workers from the begin to the end."""
        return self.calls_usd + conditions.workers * self.seconds / 3600 * conditions.worker_usd_per_hour

    @property
    def bound(self):
        """What holds it up most, and the share of the time that it explains."""
        name = max(self.bounds, key=lambda one: self.bounds[one])
        return name, min(1.0, self.bounds[name] / self.seconds) if self.seconds else 1.0

    def value(self, conditions):
        name, share = self.bound
        return {"seconds": self.seconds, "executed": self.executed, "localHits": self.local_hits, "storeHits": self.store_hits,
                "failedRuns": self.failed_runs, "workerSeconds": self.worker_seconds, "storeSeconds": self.store_seconds,
                "callsUSD": self.calls_usd, "costUSD": self.usd(conditions), "boundBy": name, "boundShare": share, "bounds": self.bounds}


def close(outcome, season, conditions, store):
    """Notes the bounds of a pass that has ended."""
    outcome.store_seconds = store.busy
    outcome.bounds["workers"] = outcome.worker_seconds / conditions.workers
    for service, seconds in outcome.service_seconds.items():
        outcome.bounds[f"limit of {service}"] = seconds / conditions.limit(service)
    outcome.bounds["store"] = store.busy
    assert all(math.isfinite(bound) for bound in outcome.bounds.values())
    return outcome
