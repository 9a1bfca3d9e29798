"""What one episode is made of, as it was measured: a file of JSON. Knows no machines.

A step is {target, step, tool, seconds, bytes, usd, calls, shared, needs}: `calls` names the pool of the service that is asked, or is
null where a processor of ours works; `shared` steps are the same action in every episode; `needs` are numbers of earlier steps."""
import json
from dataclasses import dataclass, field


class Unreadable(Exception):
    """What stands in a recording is none. Its text says what, for a person."""


@dataclass
class Step:
    target: str
    step: str
    tool: str
    seconds: float
    bytes: int = 0
    usd: float = 0.0
    calls: str = None
    shared: bool = False
    needs: list = field(default_factory=list)

    @property
    def stage(self):
        return self.target.split("/")[0]

    def value(self):
        return dict(self.__dict__)


@dataclass
class Recording:
    what: str
    steps: list

    @staticmethod
    def read(path):
        try:
            with open(path, encoding="utf-8") as file:
                value = json.load(file)
            steps = [Step(**one) for one in value["steps"]]
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise Unreadable(f"{path} is no recording: {problem}") from None
        for number, step in enumerate(steps):
            if not all(isinstance(need, int) and 0 <= need < number for need in step.needs):
                raise Unreadable(f"{path}: step {number} ({step.target} {step.step}) needs one that does not stand before it")
            if step.seconds < 0 or step.bytes < 0 or step.usd < 0:
                raise Unreadable(f"{path}: step {number} ({step.target} {step.step}) takes less than nothing")
        if not steps:
            raise Unreadable(f"{path} has no steps")
        return Recording(value.get("what", path), steps)

    def write(self, path):
        lines = ",\n".join("    " + json.dumps(step.value(), ensure_ascii=False) for step in self.steps)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'{{\n  "what": {json.dumps(self.what, ensure_ascii=False)},\n  "steps": [\n{lines}\n  ]\n}}\n')

    def served(self, tool, seconds, usd):
        """The same episode, with the steps of this tool that run or ask something by themselves asked of a service instead."""
        if tool not in {step.tool for step in self.steps}:
            raise Unreadable(f"no step of the recording is of the tool {tool}; there are {', '.join(sorted({s.tool for s in self.steps}))}")
        steps = [Step(**{**step.value(), "seconds": seconds, "usd": usd, "calls": tool}) if step.tool == tool else step for step in self.steps]
        return Recording(self.what, steps)
