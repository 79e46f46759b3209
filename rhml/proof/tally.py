"""What many organizations prove: how often intervals cover the truth, verdicts are false, changes and falls are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

from rhml.proof.plant import PLANTS

FOUND = "improved"
CLAIMS = ("improved", "fell")
Line = dict[str, Any]


@dataclass(frozen=True)
class Count:
    """How often something happened among organizations, the span chance allows (Wilson), and what was promised."""

    what: str
    promise: str
    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, or None where nothing was examined."""
        return self.hits / self.of if self.of else None

    def span(self) -> tuple[float, float] | None:
        """Between which two shares the true one lies, 95 in 100 times."""
        if not self.of:
            return None
        z, n, p = 1.959964, self.of, self.hits / self.of
        centre, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)  # fmt: skip
        return max(0.0, centre - half), min(1.0, centre + half)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        low, high = self.span() or (None, None)
        return {**asdict(self), "share": self.share, "low": low, "high": high}


def tally(lines: list[Line]) -> list[Count]:
    """Every count of a proof, in the order in which it is printed."""
    return [*_coverage(lines), *_false(lines), *_power(lines), *_segments(lines), *_alarms(lines)]


def _count(what: str, promise: str, lines: Iterable[Line], hit: Callable[[Line], bool]) -> Count:
    among = list(lines)
    return Count(what, promise, sum(map(hit, among)), len(among))


def _coverage(lines: list[Line]) -> list[Count]:
    """The interval of the standardized change of people's unaided accuracy against the truth on the same mix."""
    known = [line for line in lines if line["human"]["low"] is not None]
    level = known[0]["level"] if known else 0.95
    promise = f"{level - 0.02:.1%} to {min(level + 0.02, 1):.1%}"

    def covers(line: Line) -> bool:
        return line["human"]["low"] <= line["truth"]["all"] <= line["human"]["high"]

    def covers_segments(line: Line) -> bool:
        found = [(name, one) for name, one in line["skill"].items() if one["low"] is not None]
        return all(one["low"] <= line["truth"][name] <= one["high"] for name, one in found[:1])

    kinds = [name for name in PLANTS if any(line["plant"] == name for line in known)]
    told = [line for line in known if line["skill"]]
    return (
        [_count(f"coverage of people's change ({level:.1%})", promise, known, covers)]
        + [
            _count(f"coverage: {name}", promise, [line for line in known if line["plant"] == name], covers)
            for name in kinds
        ]
        + [_count("coverage in one segment", promise, told, covers_segments)]
    )


def _unchanged(line: Line) -> list[str]:
    """Which of the three did not change in an organization, whatever its cases did."""
    plant = PLANTS[line["plant"]]
    people = plant.change == 0
    model = not plant.better
    return [who for who, still in (("human", people), ("model", model),
                                   ("team", people and model and plant.deferring == 0)) if still]  # fmt: skip


def _false(lines: list[Line]) -> list[Count]:
    def false(line: Line) -> bool:
        return any(line[who]["verdict"] in CLAIMS for who in _unchanged(line))

    def silent(line: Line) -> bool:
        return line["human"]["verdict"] == "too few to say"

    return [
        _count("any false improved or fell", "at most 5 %", [line for line in lines if _unchanged(line)], false),
        _count("people: false improved or fell", "at most 5 %",
               [line for line in lines if "human" in _unchanged(line)], lambda line: line["human"]["verdict"] in CLAIMS),
        _count("nothing said of people", "0 %", lines, silent),
    ]  # fmt: skip


def _power(lines: list[Line]) -> list[Count]:
    learning = [line for line in lines if line["plant"] == "learning"]
    sizes = sorted({line["calls"] for line in learning})
    return [
        _count(f"gain of 10 points found, {size:,} calls a half", "at least 80 %" if size >= 3_000 else "printed",
               [line for line in learning if line["calls"] == size], lambda line: line["human"]["verdict"] == FOUND)
        for size in sizes
    ]  # fmt: skip


def _segments(lines: list[Line]) -> list[Count]:
    """The one segment that learned, and those that did not, where the report speaks of segments."""
    told = [line for line in lines if line["skill"] and PLANTS[line["plant"]].segment]

    def named(line: Line, verdict: str) -> set[str]:
        return {name for name, one in line["skill"].items() if one["verdict"] == verdict}

    def right(line: Line) -> bool:
        return any(PLANTS[line["plant"]].segment in name for name in named(line, FOUND))

    def wrong(line: Line) -> bool:
        return any(PLANTS[line["plant"]].segment not in n for v in CLAIMS for n in named(line, v))

    return [
        _count("the segment that learned is found", "printed", told, right),
        _count("a segment that did not is named", "at most 5 %", told, wrong),
    ]


def _alarms(lines: list[Line]) -> list[Count]:
    """Deskilling found where planted; no alarm where nothing of the kind was."""

    def raised(line: Line, kind: str = "") -> bool:
        return any(
            a["state"] == "raised" and (not kind or name == kind) for name, a in line["alarms"].items()
        )

    falls = [line for line in lines if PLANTS[line["plant"]].change < 0]
    still = [line for line in lines if PLANTS[line["plant"]].change == 0]
    stable = [line for line in still if PLANTS[line["plant"]].deferring == 0]
    kinds = [name for name in PLANTS if any(line["plant"] == name for line in still)]
    return [
        _count("deskilling raised, 6 points lost", "at least 80 %", falls, lambda line: raised(line, "deskilling")),
        _count("any alarm in a stable team", "at most 5 %", stable, raised),
        _count("deskilling raised, skill unchanged", "at most 5 %", still, lambda line: raised(line, "deskilling")),
        *(_count(f"deskilling raised: {name}", "at most 5 %", [line for line in still if line["plant"] == name],
                 lambda line: raised(line, "deskilling")) for name in kinds),
    ]  # fmt: skip


def in_words(counts: list[Count]) -> str:
    """The table as text, a line a count."""
    width = max(len(c.what) for c in counts)
    rows = []
    for c in counts:
        if not c.of:
            rows.append(f"{c.what:<{width}}  none examined")
            continue
        low, high = c.span()
        rows.append(
            f"{c.what:<{width}}  {c.share:6.1%} ({low:.1%} to {high:.1%}; {c.hits:,} of {c.of:,})  {c.promise}"
        )
    return "\n".join(rows)
