"""Makes a recording of an episode that a workspace has built: of its event log, its graph, and what `inspect` says of its steps."""
import json
import os
import pathlib
import subprocess

from .recording import Recording, Step, Unreadable


def record(binary, episode, cache):
    """The recording of the episode at this path, which must be up to date. What it has in common with others of its show is marked."""
    episode = pathlib.Path(episode).resolve()
    workspace = next((place for place in [episode, *episode.parents] if (place / ".epbuild" / "events").is_dir()), None)
    if not workspace:
        raise Unreadable(f"nothing has been built at {episode}: there is no .epbuild/events in it or above it")
    done, ask = finished(workspace, episode), Questions(binary, cache)
    graph = ask.graph(episode)
    stages = [stage["name"] for stage in graph["stages"]]
    known = ask.steps(episode, stages)
    others = [ask.steps(one.parent, stages) for one in sorted(episode.parent.glob("*/episode.yaml")) if one.parent != episode]
    elsewhere = {one["action"] for other in others for one in other.values() if one.get("action")}
    steps, numbers = [], {}
    for one in ordered(graph):
        key = (one["target"], one["step"])
        if key not in done or key not in known:
            raise Unreadable(f"{' '.join(key)} is not in the event log: build {episode} with an empty cache, then record")
        event, size = done[key], sum(output["size"] for output in known[key]["outputs"])
        numbers[one["number"]] = len(steps)
        steps.append(Step(
            *key, event["tool"], event["seconds"], size, event["costUSD"] or 0, event["pool"] if event.get("call") == "remote" else None,
            known[key]["action"] in elsewhere, [numbers[need] for need in one["needs"]]))
    return Recording(f"{episode.parent.name}/{episode.name}", steps)


def finished(workspace, episode):
    """What each step of the episode came to when it last ran: {(target, step): event}."""
    done, started = {}, {}
    for log in sorted((workspace / ".epbuild" / "events").glob("*.jsonl")):
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event.get("episode") != str(episode):
                continue
            key = (event.get("target"), event.get("step"))
            if event["event"] == "action_started":
                started[key] = event
            elif event["event"] in ("action_completed", "action_cached"):
                done[key] = {"pool": None, **started.get(key, {}), **event}
    return done


class Questions:
    """What epbuild says of episodes."""

    def __init__(self, binary, cache):
        self.binary, self.environment = binary, {**os.environ, "EPBUILD_CACHE": str(cache)}

    def graph(self, episode):
        return self.asked(episode, "graph", ".", "--items", "--format", "json")[0]

    def steps(self, episode, stages):
        """The actions of these stages as far as they are up to date: {(target, step): what `inspect` says}."""
        answers = [one for stage in stages for one in self.asked(episode, "inspect", stage, "--json", statuses=(0, 1, 64, 65))]
        return {(one["target"], one["step"]): one for one in answers if one.get("state") == "up to date"}

    def asked(self, episode, *words, statuses=(0,)):
        outcome = subprocess.run([self.binary, *words], cwd=episode, capture_output=True, text=True, check=False, env=self.environment)
        if outcome.returncode not in statuses:
            raise Unreadable(f"epbuild {' '.join(words)} has failed in {episode}: {outcome.stderr.strip()}")
        return [json.loads(line) for line in outcome.stdout.splitlines()] if outcome.returncode == 0 else []


def ordered(graph):
    """The steps, each after those that it needs. A stage that reads another only as a text (a list of lines, a prompt) has no step that
    needs one of the other by number: there all wait for all, as the planner does."""
    steps = {one["number"]: dict(one, needs=set(one["needs"])) for one in graph["steps"]}
    stages = {}
    for one in steps.values():
        stages.setdefault(one["target"].split("/")[0], []).append(one)
    for edge in graph["edges"]:
        before, after = stages.get(edge["from"], []), stages.get(edge["to"], [])
        numbers = {one["number"] for one in before}
        if not any(one["needs"] & numbers for one in after):
            for one in after:
                one["needs"] |= numbers
    known, left = {}, dict(steps)
    while left:
        ready = [number for number, one in left.items() if one["needs"] <= known.keys()]
        if not ready:
            raise Unreadable("the graph goes in a circle")
        for number in ready:
            known[number] = left.pop(number)
    return [dict(one, needs=sorted(one["needs"])) for one in known.values()]
