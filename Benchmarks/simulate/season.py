"""A season: many episodes like the recorded one, each of its own length, with what is the same in all. Knows no machines."""
import math
import random
from dataclasses import dataclass

SPREAD = 0.25
"""How unlike in length episodes are: the standard deviation of the logarithm."""


@dataclass(frozen=True)
class Work:
    """One step of one episode."""
    episode: int
    number: int
    address: tuple
    seconds: float
    bytes: int
    usd: float
    calls: str
    needs: tuple
    """Numbers of works of the same episode."""
    level: float
    """Seconds from its begin to the episode's end, if nothing holds it up: what is longest begins first."""


class Season:
    def __init__(self, recording, episodes, seed, spread=SPREAD):
        self.recording, self.seed = recording, seed
        self.episodes = []
        levels = self.levels(recording)
        for episode in range(episodes):
            scale = math.exp(random.Random(f"{seed}/{episode}").gauss(0, spread)) if spread else 1.0
            self.episodes.append([self.work(episode, number, step, scale, levels) for number, step in enumerate(recording.steps)])

    @staticmethod
    def work(episode, number, step, scale, levels):
        scale = 1.0 if step.shared else scale
        # What is the same action in all episodes has one address, what is not has one for each.
        address = (None, number) if step.shared else (episode, number)
        return Work(episode, number, address, step.seconds * scale, round(step.bytes * scale), step.usd * scale, step.calls,
                    tuple(step.needs), levels[number] * scale)

    @staticmethod
    def levels(recording):
        levels = [step.seconds for step in recording.steps]
        for number in reversed(range(len(levels))):
            for need in recording.steps[number].needs:
                levels[need] = max(levels[need], recording.steps[need].seconds + levels[number])
        return levels

    def edited(self, stage=None):
        """The season after one item of each episode was edited: that step and all that depends on it have new addresses."""
        stage = stage or self.largest_stage()
        candidates = [number for number, step in enumerate(self.recording.steps) if step.stage == stage and not step.shared]
        season = Season.__new__(Season)
        season.recording, season.seed, season.episodes = self.recording, self.seed, []
        for works in self.episodes:
            changed = {random.Random(f"{self.seed}/edit/{works[0].episode}").choice(candidates)} if candidates else set()
            for work in works:
                if changed.intersection(work.needs):
                    changed.add(work.number)
            season.episodes.append([
                Work(**{**work.__dict__, "address": ("edited", *work.address)}) if work.number in changed else work for work in works])
        return season

    def largest_stage(self):
        """Where people edit: the stage with the most items of its own, such as the lines."""
        counts = {}
        for step in self.recording.steps:
            if not step.shared and "/" in step.target:
                counts[step.stage] = counts.get(step.stage, 0) + 1
        return max(counts, key=lambda stage: counts[stage]) if counts else self.recording.steps[0].stage

    def critical_path(self):
        """The seconds of the longest chain of any episode."""
        longest = 0.0
        for works in self.episodes:
            ends = []
            for work in works:
                ends.append(max((ends[need] for need in work.needs), default=0.0) + work.seconds)
            longest = max(longest, *ends)
        return longest
