"""The rows of the result, and how they are shown."""
from dataclasses import dataclass


def shown(value, unit):
    if unit == "s":
        if value < 0.001:
            return f"{value * 1e6:.0f} µs"
        return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value:.0f} {unit}"


@dataclass(frozen=True)
class Row:
    what: str
    ours: float
    """In `unit`; `limit` too."""
    peer: float = None
    ratio: float = None
    """The largest ratio of ours to the peer's that reaches the target."""
    limit: float = None
    """The largest value of ours that reaches the target."""
    unit: str = "s"

    @property
    def cells(self):
        ratio = self.ours / self.peer if self.peer else None
        targets = [f"≤ {self.ratio:g}"] if self.ratio else []
        targets += [f"≤ {shown(self.limit, self.unit)}"] if self.limit else []
        reached = not (self.ratio and ratio > self.ratio) and not (self.limit and self.ours > self.limit)
        return [self.what, shown(self.peer, self.unit) if self.peer else "", shown(self.ours, self.unit),
                f"{ratio:.3f}" if ratio else "", ", ".join(targets), ("ok" if reached else "MISSED") if targets else ""]


HEADINGS = ["what", "peer", "ours", "ratio", "target", "result"]
WIDTHS = [66, 9, 9, 7, 18, 6]


def line(cells):
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS)) + " |"


def print_head():
    print(line(HEADINGS))
    print("|" + "|".join("-" * (width + 2) for width in WIDTHS) + "|", flush=True)


def print_row(row):
    print(line(row.cells), flush=True)
