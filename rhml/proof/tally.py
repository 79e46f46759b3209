"""What many organizations prove: how often intervals hold the truth, claims are false, and what was planted is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import sqrt
from typing import Any

from rhml.proof.promises import (
    CAREFUL,
    FALSE_FINDS,
    FIXED,
    FOUND,
    JOINT,
    LARGE,
    PRINTED,
    RARELY_FALSE,
    SPEAKS,
    Count,
    Promise,
)

SIDES = ("people", "model", "team")
COVERS = "Intervals: how often they hold the truth"
FALSE = "False claims: organizations with any, read once"
FALSE_LOOKS = "False claims: organizations with any, read again and again"
FINDS = "Searches: what they report is false, what was planted they find"
POWER = "Power: how often what was planted is said"
KINDS = "By kind of organization"
Line = dict[str, Any]


def tally(lines: list[Line]) -> list[Count]:
    """Every count of a proof, in the order in which it is printed."""
    return [*_coverage(lines), *_false(lines), *_finds(lines), *_power(lines), *_by_kind(lines)]


def unkept(counts: Iterable[Count]) -> list[Count]:
    """The promises that were not kept."""
    return [one for one in counts if one.kept == "not kept"]


def _coverage(lines: list[Line]) -> list[Count]:
    found: dict[str, list[list[Any]]] = defaultdict(list)
    for place, line in enumerate(lines):
        for kind, *numbers in line["intervals"]:
            found[kind].append([place, *numbers])
    return [_covering(kind, numbers) for kind, numbers in found.items()]


def _covering(kind: str, numbers: list[list[float]], section: str = COVERS) -> Count:
    """numbers: place of the organization, truth, value, low, high."""
    errors = [value - truth for _, truth, value, _, _ in numbers]
    error = (sum(errors) / len(errors), sqrt(sum(e * e for e in errors) / len(errors)))
    promise = CAREFUL if kind.split(",")[0] in JOINT else FIXED
    held = [low <= truth <= high for _, truth, _, low, high in numbers]
    return Count(
        section, kind, promise, sum(held), len(held), error, _apart([one[0] for one in numbers], held)
    )


def _apart(places: list[float], held: list[bool]) -> float:
    """As how many independent intervals these count: those of one organization go together (design effect)."""
    p = sum(held) / len(held)
    sums: dict[float, float] = defaultdict(float)
    for place, one in zip(places, held, strict=True):
        sums[place] += one - p
    spread = sum(x * x for x in sums.values())
    independent = len(held) ** 2 * p * (1 - p) / spread if spread else 0.0
    return min(max(independent, len(sums)), len(held))


def _false(lines: list[Line]) -> list[Count]:
    once = [line for line in lines if not line.get("course")]
    often = [line for line in lines if line.get("course")]
    return [*_claims(FALSE, once), *_claims(FALSE_LOOKS, often)]


def _claims(section: str, lines: list[Line]) -> list[Count]:
    """Any false claim an organization: of the three verdicts, of all claims, and kind by kind."""
    if not lines:
        return []
    kinds = list(dict.fromkeys(claim[0] for line in lines for claim in line["claims"]))
    verdicts = [line for line in lines if any(claim[0] in SIDES for claim in line["claims"])]
    return [
        _any_false(section, "people, model and team together", verdicts, SIDES),
        _any_false(section, "all verdicts, alarms and flags together", lines, kinds, PRINTED),
        *(count for kind in kinds for count in _of_kind(section, kind, lines)),
    ]


def _of_kind(section: str, kind: str, lines: list[Line]) -> list[Count]:
    """One kind of claim wherever it can be made, and apart from that where nothing was to claim."""
    there = [line for line in lines if any(name == kind for name, *_ in line["claims"])]
    still = [
        line for line in there if any(name == kind and nothing for name, _, _, nothing in line["claims"])
    ]
    everywhere = _any_false(section, kind, there, (kind,))
    if not still or len(still) == len(there):
        return [everywhere]
    return [
        everywhere,
        _any_false(section, f"{kind}, where nothing was to claim", still, (kind,), still=True),
    ]


def _any_false(
    section: str, what: str, lines: list[Line], kinds: Iterable[str], promise: Promise = RARELY_FALSE, *, still: bool = False
) -> Count:  # fmt: skip
    """Organizations with a claim that is false: there was nothing to claim, or what there was went the other way."""

    def false(line: Line) -> bool:
        return any(
            wrong and name in kinds and (nothing or not still) for name, _, wrong, nothing in line["claims"]
        )

    return Count(section, what, promise, sum(map(false, lines)), len(lines))


def _finds(lines: list[Line]) -> list[Count]:
    """False among what searches report, and found among what was planted, by kind and size."""
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for line in lines:
        for kind, size, *counts in line["searches"]:
            sums[kind, size] = [a + b for a, b in zip(sums[kind, size], counts, strict=True)]
    found = []
    for (kind, size), (planted, hit, reported, false) in sorted(sums.items()):
        at = f"{kind}, {size:,} {'unaided calls a half' if kind == 'segments that learned' else 'decisions'}"
        found.append(Count(FINDS, f"false: {at}", FALSE_FINDS, false, reported))
        if planted:
            asked = PRINTED if kind == "segments that learned" and size < LARGE else FOUND
            found.append(Count(FINDS, f"found: {at}", asked, hit, planted))
    return found


def _power(lines: list[Line]) -> list[Count]:
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        for what, size, hit in line["powers"]:
            sums[what, size] = [sums[what, size][0] + hit, sums[what, size][1] + 1]
    told = [line for line in lines if line.get("subject") == "people"]
    spoke = sum(line["human"]["verdict"] not in ("too few to say", "cannot be known") for line in told)
    silence = [Count(POWER, "something is said of people", SPEAKS, spoke, len(told))] if told else []
    return silence + [
        Count(POWER, f"{what}; {size:,} unaided calls a half", _asked(what, size), hits, of)
        for (what, size), (hits, of) in sorted(sums.items())
    ]


def _asked(what: str, size: int) -> Promise:
    return FOUND if what.startswith("alarm") or (size >= LARGE and "points" in what) else PRINTED


def _by_kind(lines: list[Line]) -> list[Count]:
    """Coverage and false verdicts of the three sides in each kind of organization."""
    counts = []
    for name in dict.fromkeys(line["plant"] for line in lines):
        there = [
            line for line in lines if line["plant"] == name and any(c[0] in SIDES for c in line["claims"])
        ]
        numbers = [[i, *n] for i, line in enumerate(there) for kind, *n in line["intervals"] if kind.startswith("change of people")]  # fmt: skip
        if numbers:
            counts.append(_covering(f"{name}: intervals of people's changes", numbers, KINDS))
        if there:
            counts.append(_any_false(KINDS, f"{name}: any false improved or fell", there, SIDES))
    return counts
