"""The model register: each version with the spells in which it was live, who promoted it against which verdict, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store import registry, tallies
from rhml.store.engine import Store
from rhml.store.registry import Judgement, Promotion, Version


@dataclass(frozen=True)
class Spell:
    """One time in which a version was live: from its promotion until another's, None while it lasts.

    `verdict` is what was known of it when it was promoted; `before` the version that it took the place of.
    """

    live_from: datetime
    live_to: datetime | None
    promoted_by: str
    why: str
    verdict: str
    against_verdict: bool
    waived: str | None
    before: str | None


@dataclass(frozen=True)
class Judged:
    """A verdict that a version got after its training."""

    judged_at: datetime
    judged_by: str
    verdict: str


@dataclass(frozen=True)
class Entry:
    """One version: what it is, what it learned from, when it was live, and what was decided under it."""

    version: str
    hash: str
    trained_at: datetime
    trained_by: str
    learned_from: str
    until_fact: int
    verdict: str
    judged: tuple[Judged, ...]
    spells: tuple[Spell, ...]
    is_live: bool
    decided_while_live: int
    shown_with: int
    overridden: int


@dataclass(frozen=True)
class Register:
    """Every version of a domain, the newest first."""

    domain: str
    entries: tuple[Entry, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"domain": self.domain, "versions": [asdict(entry) for entry in self.entries]}


def register(store: Store, domain: DecisionDomain) -> Register:
    """The register as the log stands."""
    name = domain.name
    promotions = registry.promotions(store, name)[::-1]
    judged = registry.judgements(store, name)[::-1]
    first = registry.first_verdicts(store, name)
    counted = tallies.by_version(store, domain)
    entries = []
    for held in registry.versions(store, name):
        own = [one for one in judged if one.version == held.version]
        spells = _spells(held.version, promotions, own, first[held.version])
        shown = [(n, overridden) for _, version, n, overridden in counted if version == held.version]
        entries.append(Entry(
            held.version, held.hash, held.trained_at, held.trained_by, _learned(held), held.learned_from,
            first[held.version], tuple(Judged(j.judged_at, j.judged_by, j.verdict) for j in own), spells,
            any(spell.live_to is None for spell in spells), sum(n for live, _, n, _ in counted if live == held.version),
            sum(n for n, _ in shown), sum(overridden for _, overridden in shown),
        ))  # fmt: skip
    return Register(name, tuple(entries))


def _spells(
    version: str, promotions: list[Promotion], judged: list[Judgement], first: str
) -> tuple[Spell, ...]:
    """When a version was live, oldest first; a promotion of what is live already only adds its reason."""
    spells = []
    for place, one in enumerate(promotions):
        if one.version != version:
            continue
        later = [p for p in promotions[place + 1 :]]
        until = later[0].promoted_at if later else None
        known = [j.verdict for j in judged if j.judged_at <= one.promoted_at]
        before = promotions[place - 1].version if place else None
        spells.append(Spell(one.promoted_at, until, one.promoted_by, one.why, (known or [first])[-1],
                            one.against_verdict, one.waived, before))  # fmt: skip
    return tuple(spells)


def _learned(held: Version) -> str:
    said = held.card.get("labels")
    return str(said) if said else f"{held.card.get('cases', 0):,} cases taught it."


def in_words(found: Register) -> str:
    """The register for a terminal: one line a version, one a spell."""
    lines = []
    for one in found.entries:
        live = "live" if one.is_live else "was live" if one.spells else "never live"
        lines.append(f"{one.version} ({live}), {one.hash[:12]}, trained {one.trained_at:%Y-%m-%d %H:%M} by {one.trained_by}; "
                     f"verdict {one.verdict}; {one.decided_while_live:,} decisions while it was live. {one.learned_from}")  # fmt: skip
        for spell in one.spells:
            until = f"{spell.live_to:%Y-%m-%d %H:%M}" if spell.live_to else "now"
            against = ", against its verdict" if spell.against_verdict else ""
            waived = f"; waived: {spell.waived}" if spell.waived else ""
            lines.append(f"  {spell.live_from:%Y-%m-%d %H:%M} to {until}, by {spell.promoted_by} at verdict "
                         f"{spell.verdict}{against}: {spell.why}{waived}")  # fmt: skip
    return "\n".join(lines) or "No version is on record yet."
