"""Builds a season on simulated machines: what happens when, as a queue of events. Knows nothing of how it is shown."""
import heapq
from collections import deque

from .machines import Outcome, close


class Machine:
    """Workers with one cache."""

    def __init__(self, slots):
        self.slots, self.free = slots, slots
        self.ready = []
        self.cache = set()
        self.under_way = {}
        """Addresses that are being made or fetched here: {address: works that wait for them}."""
        self.episodes = 0


class Pass:
    """One build of all episodes of a season. Machines and store may be those of an earlier pass, with what they hold."""

    def __init__(self, season, conditions, store, machines):
        self.season, self.conditions, self.store, self.machines = season, conditions, store, machines
        self.outcome = Outcome()
        self.events, self.count, self.now = [], 0, 0.0
        self.waiting_episodes = deque(range(len(season.episodes)))
        self.home = {}
        self.missing = [[len(set(work.needs)) for work in works] for works in season.episodes]
        self.readers = [readers(works) for works in season.episodes]
        self.left = [len(works) for works in season.episodes]
        self.asked = {}
        """How many calls of each service are under way."""
        self.callers = {}
        """Works that wait for a place in a service's limit."""
        self.leases = {}
        """Addresses that some machine is paying for: works of others that wait for them."""
        self.path = [[0.0] * len(works) for works in season.episodes]
        """When each step would have ended if nothing had ever had to wait, with its failures, fetches and hits as they were."""

    def run(self):
        self.store.begin_pass()
        for machine in self.machines:
            machine.free, machine.episodes = machine.slots, 0
        # A machine of its own builds one episode after the other; a cluster all at once.
        for machine in self.machines:
            self.take_episodes(machine)
        while self.events:
            self.now, _, act, arguments = heapq.heappop(self.events)
            act(*arguments)
        assert not any(self.left), "works are left, and nothing goes on"
        episodes = [max(path, default=0.0) for path in self.path]
        self.outcome.bounds["critical path"] = max(episodes, default=0.0)
        if self.conditions.slots:
            self.outcome.bounds["an episode at a time"] = sum(episodes) / len(self.machines)
        return close(self.outcome, self.season, self.conditions, self.store)

    def at(self, time, act, *arguments):
        self.count += 1
        heapq.heappush(self.events, (time, self.count, act, arguments))

    # Episodes and steps

    def take_episodes(self, machine):
        while self.waiting_episodes and (machine.episodes == 0 or not self.conditions.slots):
            episode = self.waiting_episodes.popleft()
            self.home[episode] = machine
            machine.episodes += 1
            for work in self.season.episodes[episode]:
                if not work.needs:
                    self.at(self.now, self.look_up, work)

    def look_up(self, work):
        machine = self.home[work.episode]
        if work.address in machine.cache:
            self.outcome.local_hits += 1
            self.finish(work, 0.0)
        elif work.address in machine.under_way:
            machine.under_way[work.address].append(work)
        else:
            machine.under_way[work.address] = []
            self.look_beyond(work)

    def look_beyond(self, work):
        """Asks the store, and runs what nobody has."""
        if self.conditions.store and work.address in self.store.held:
            self.outcome.store_hits += 1
            self.at(self.store.served(self.now, 2, work.bytes), self.have, work, self.alone(2, work.bytes))
        elif self.conditions.store and work.calls and work.address in self.leases:
            self.leases[work.address].append(work)
        else:
            if work.calls:
                self.leases.setdefault(work.address, [])
            self.at(self.store.served(self.now, 1), self.enqueue, work)

    def alone(self, requests, size=0):
        """How long the store takes if nobody else asks it."""
        one = self.conditions
        return requests * one.store_request_seconds + size / one.store_bytes_per_second + one.store_latency_seconds if one.store else 0.0

    def enqueue(self, work):
        if work.calls:
            heapq.heappush(self.callers.setdefault(work.calls, []), (work.episode, -work.level, work.number, work))
            self.call_next(work.calls)
        else:
            machine = self.home[work.episode]
            heapq.heappush(machine.ready, (work.episode, -work.level, work.number, work))
            self.start_next(machine)

    # Running

    def start_next(self, machine):
        while machine.free and machine.ready:
            work = heapq.heappop(machine.ready)[-1]
            machine.free -= 1
            self.attempt(work, 0, self.alone(1))

    def call_next(self, service):
        waiting = self.callers[service]
        while waiting and self.asked.get(service, 0) < self.conditions.limit(service):
            self.asked[service] = self.asked.get(service, 0) + 1
            self.attempt(heapq.heappop(waiting)[-1], 0, self.alone(1))

    def attempt(self, work, number, path):
        """One run. A lost one is begun again on the next worker, who is there after a while; a service is asked again at once."""
        share = self.conditions.failure(work, number)
        if work.calls:
            self.outcome.calls_usd += work.usd
        if share is None:
            self.use(work, work.seconds)
            self.at(self.now + work.seconds, self.made, work, path + work.seconds)
            return
        self.outcome.failed_runs += 1
        lost = share * work.seconds + (0.0 if work.calls else self.conditions.repair_seconds)
        self.use(work, lost)
        self.at(self.now + lost, self.attempt, work, number + 1, path + lost)

    def use(self, work, seconds):
        if work.calls:
            self.outcome.service_seconds[work.calls] = self.outcome.service_seconds.get(work.calls, 0.0) + seconds
        else:
            self.outcome.worker_seconds += seconds

    def made(self, work, path):
        self.outcome.executed += 1
        if not work.calls:
            self.outcome.calls_usd += work.usd
        machine = self.home[work.episode]
        if work.calls:
            self.asked[work.calls] -= 1
            self.call_next(work.calls)
        else:
            machine.free += 1
        if self.conditions.store:
            self.at(self.store.served(self.now, 2, work.bytes), self.shared, work)
        self.have(work, path)
        self.start_next(machine)

    def shared(self, work):
        self.store.held.add(work.address)
        for waiting in self.leases.pop(work.address, []):
            self.look_beyond(waiting)

    def have(self, work, path):
        """The machine has the result: of this step, and of those of other episodes that are the same action."""
        machine = self.home[work.episode]
        machine.cache.add(work.address)
        others = machine.under_way.pop(work.address)
        self.finish(work, path)
        for other in others:
            self.outcome.local_hits += 1
            self.finish(other, 0.0)

    def finish(self, work, path):
        episode = work.episode
        works, ends = self.season.episodes[episode], self.path[episode]
        ends[work.number] = max((ends[need] for need in work.needs), default=0.0) + path
        self.outcome.seconds = max(self.outcome.seconds, self.now)
        self.left[episode] -= 1
        for reader in self.readers[episode][work.number]:
            self.missing[episode][reader] -= 1
            if not self.missing[episode][reader]:
                self.at(self.now, self.look_up, works[reader])
        if not self.left[episode]:
            machine = self.home[episode]
            machine.episodes -= 1
            self.take_episodes(machine)


def readers(works):
    found = [[] for _ in works]
    for work in works:
        for need in set(work.needs):
            found[need].append(work.number)
    return found
