"""The waiting cases as arrays, kept in memory between two moves of the control and brought up to date cheaply."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.core.intent_words import problems
from rhml.loop.intent.past import past
from rhml.store import frames, intent_cases, intents
from rhml.store.engine import Store, Transaction

KEYS = ("recommendation_id", "case_id", "model_version")


@dataclass(frozen=True, eq=False)
class Held:
    """n waiting recommended cases, in the order of their ids.

    probabilities (n, K) over the domain's actions, 0 for those a version does not know; known (n,) how many it knows;
    now (n,) the recommended action; stake (n,), NaN where unknown; hidden (n,) asks for an own call; segments: for each
    column of a few values the codes (n,) and their names. `intent` is the one in force, `counter` of which moment. until
    (n,): snoozed until then, NaT where not. past (m, K'): what the live model gave past cases (`past.past`).
    """

    counter: int
    domain_text: str
    ids: pa.Table
    probabilities: np.ndarray
    known: np.ndarray
    now: np.ndarray
    stake: np.ndarray
    hidden: np.ndarray
    segments: dict[str, tuple[np.ndarray, tuple[str | None, ...]]]
    unscored: int
    intent_id: str | None
    intent: Intent | None
    until: np.ndarray = field(default_factory=lambda: np.zeros(0, "datetime64[us]"))
    past: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def n(self) -> int:
        """How many cases wait with a recommendation."""
        return len(self.now)

    @cached_property
    def shown(self) -> Held:
        """Those alone that show their recommendation: they do not ask for the own call first."""
        if not self.hidden.any():
            return self
        these = ~self.hidden
        rows = {
            name: getattr(self, name)[these] for name in ("probabilities", "known", "now", "stake", "hidden")
        }
        segments = {column: (codes[these], names) for column, (codes, names) in self.segments.items()}
        return replace(self, ids=self.ids.filter(pa.array(these)), segments=segments, **rows)

    def snoozed(self, now: datetime) -> int:
        """How many of them the list leaves out until later."""
        return int((self.until > np.datetime64(now, "us")).sum())

    def inside(self, intent: Intent | None) -> np.ndarray:
        """Which cases (n,) lie in the segment that an intent protects."""
        held = intent.protect if intent else None
        if held is None or held.column not in self.segments:
            return np.zeros(self.n, dtype=bool)
        codes, names = self.segments[held.column]
        return codes == (names.index(held.value) if held.value in names else -2)


def held(store: Store, domain: DecisionDomain, before: Held | None = None) -> Held:
    """The cases that wait now. `before`: what was held last, of which only what has changed since is read anew."""
    counter = frames.counter(store, domain)
    known = before is not None and before.domain_text == domain.text
    if known and before.counter == counter:
        return before
    typical = past(store, domain)
    with store.at_one_moment() as tx:
        return read(tx, domain, counter, before if known else None, typical=typical)


def moment(tx: Transaction, domain: DecisionDomain) -> int:
    """The number of the newest fact within a unit of work."""
    return intent_cases.newest(tx, domain)


def read(
    tx: Transaction, domain: DecisionDomain, counter: int, before: Held | None = None, *, typical: np.ndarray
) -> Held:
    """The same within a unit of work; typical: `past.past`."""
    if before is None:
        facts, places = intent_cases.recommended(tx, domain), None
        listed = intent_cases.listed(tx, domain)
    else:
        listed = intent_cases.listed(tx, domain)
        facts, places = _renewed(tx, domain, listed, before)
    entry = intents.in_force(tx, domain.name)
    intent = Intent.of(entry.content) if entry else None
    given = arrays(domain, facts)
    if places is not None:
        given = _joined(before, given, places)
    return Held(
        counter=counter,
        domain_text=domain.text,
        stake=_stake(domain, listed),
        hidden=listed["hidden"].to_numpy(),
        until=listed["snoozed_until"].cast(pa.timestamp("us")).to_numpy(),
        past=typical,
        unscored=intent_cases.unscored(tx, domain),
        intent_id=entry.intent_id if entry else None,
        intent=None if intent and problems(domain, intent) else intent,
        **given,
    )


def _stake(domain: DecisionDomain, listed: pa.Table) -> np.ndarray:
    if domain.value.column is None:
        return np.ones(len(listed))
    return listed["stake"].to_numpy().astype(np.float64)


def arrays(domain: DecisionDomain, facts: pa.Table) -> dict:
    """What `Held` keeps of recommendations, from their rows."""
    size = len(domain.action_keys)
    lists = facts["probabilities"].combine_chunks()
    known = pc.list_value_length(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = lists.flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    if (known == size).all():
        probabilities = flat.reshape(-1, size)
    else:
        probabilities = np.zeros((len(known), size))
        probabilities[np.arange(size) < known[:, None]] = flat
    return {
        "ids": facts.select(list(KEYS)),
        "probabilities": probabilities,
        "known": known,
        "now": _places(facts["action"], domain.action_keys),
        "segments": {c: _codes(facts[f"in_{c}"]) for c in intent_cases.segments(domain)},
    }


def _places(column: pa.ChunkedArray, names: tuple[str, ...]) -> np.ndarray:
    found = pc.index_in(column, value_set=pa.array(names, column.type))
    return pc.fill_null(found, -1).to_numpy().astype(np.int64)


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str | None, ...]]:
    encoded = column.combine_chunks().dictionary_encode()
    return pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64), tuple(
        encoded.dictionary.to_pylist()
    )


def _renewed(
    tx: Transaction, domain: DecisionDomain, listed: pa.Table, before: Held
) -> tuple[pa.Table, np.ndarray]:
    """The rows that were not held before, and for each waiting case its place among held and new ones, in this order."""
    wanted = listed["recommendation_id"].combine_chunks()
    old = before.ids["recommendation_id"].combine_chunks()
    places = (
        pc.fill_null(pc.index_in(wanted, value_set=old), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    fresh = wanted.filter(pa.array(places < 0))
    if len(fresh):
        with tx.lent(fresh_frame(fresh), "fresh"):
            facts = intent_cases.recommended(tx, domain, "w.recommendation_id IN (SELECT id FROM fresh)")
        new = pc.index_in(fresh, value_set=facts["recommendation_id"].combine_chunks())
        places[places < 0] = len(old) + new.to_numpy(zero_copy_only=False)
    else:
        facts = intent_cases.recommended(tx, domain, "FALSE")
    return facts, places


def fresh_frame(ids: pa.Array):
    """Ids as a frame that SQL may read."""
    return pa.table({"id": ids}).to_pandas()


def _joined(before: Held, given: dict, places: np.ndarray) -> dict:
    """Rows held before and new ones, in the order wanted."""
    return {
        "ids": pa.concat_tables([before.ids, given["ids"]]).take(pa.array(places)),
        **{
            name: np.concatenate([getattr(before, name), given[name]])[places]
            for name in ("probabilities", "known", "now")
        },
        "segments": {
            column: _merged(before.segments[column], codes, places)
            for column, codes in given["segments"].items()
        },
    }


def _merged(
    before: tuple[np.ndarray, tuple[str | None, ...]],
    new: tuple[np.ndarray, tuple[str | None, ...]],
    places: np.ndarray,
) -> tuple[np.ndarray, tuple[str | None, ...]]:
    """Codes of both over one list of names."""
    names = list(dict.fromkeys((*before[1], *new[1])))
    moved = np.array([*(names.index(name) for name in new[1]), -1], dtype=np.int64)
    return np.concatenate([before[0], moved[new[0]]])[places], tuple(names)
