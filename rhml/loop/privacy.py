"""Whose numbers may be shown to whom: everyone sees their own, a lead a person's with enough cases, the rest the team's.

Analysts see people under names that stand for them, the same every time; whoever has few decisions is one of
several. Where the domain says `record = "nobody"`, leads see no more than analysts.
"""

from __future__ import annotations

from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.store import organization
from rhml.store import veil as veils
from rhml.store.engine import Store
from rhml.store.reading import source
from rhml.store.veil import Veil, key_of_ids, pseudonym


@dataclass(frozen=True)
class Person:
    """Somebody who decided here, and why the record can't be shown; empty where it can."""

    name: str
    why_not: str


def people(store: Store, domain: DecisionDomain, *, by: str) -> tuple[Person, ...]:
    """Everyone else who ever decided here, in order of the alphabet: people are never ranked."""
    held = veils.counts(store, domain)
    return tuple(Person(name, why_not(domain, name, n)) for name, n in sorted(held.items()) if name != by)


def why_not(domain: DecisionDomain, person: str, resolved: int) -> str:
    """Why nobody else may see a person's numbers, in a sentence that tells none of them."""
    if domain.people.record == "nobody":
        return (
            f"Nobody looks at another person's record in {domain.title}: so says its domain file "
            '([people] record = "nobody").'
        )
    if resolved < domain.people.minimum:
        counted = "decisions with a known outcome" if domain.outcome else "decisions"
        return f"{person} has fewer than {domain.people.minimum} {counted}; too few for anyone else to see."
    return ""


def veil(store: Store, domain: DecisionDomain, *, reader: str, role: str) -> Veil:
    """Under which names a reader sees people's decisions."""
    own, key = (((reader, reader),) if reader else ()), key_of_ids(store.secret)
    if role in organization.OWN_ONLY:
        return Veil(own, f"another {domain.terms.manager}", key=key)
    held = source.known_counts(store, domain)
    enough = _not_alone({name: n for name, n in held.items() if name != reader}, domain.people.minimum)
    others = f"people with fewer than {domain.people.minimum}"
    if role == "lead" and domain.people.record == "lead":
        return Veil((*own, *((name, name) for name in enough)), others, tuple(enough), key)
    return Veil((*own, *((name, pseudonym(store.secret, name)) for name in enough)), others, key=key)


def _not_alone(held: dict[str, int], minimum: int) -> list[str]:
    """Who has enough decisions to stand apart.

    Where one person alone has too few, the next fewest joins: a line of one would be that person's own.
    """
    enough = sorted(name for name, n in held.items() if n >= minimum)
    if len(held) - len(enough) == 1 and enough:
        enough.remove(min(enough, key=lambda name: (held[name], name)))
    return enough
