"""Corrections as facts: how each was proposed and sharpened, what later outcomes said of it, who applied it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import CorrectionRefused
from rhml.store import frames
from rhml.store.engine import Store, Transaction, quoted

ENDS = ("absorbed", "dropped")


@dataclass(frozen=True)
class Wording:
    """A correction as it stood from a number of the log on: its content, sentence and evidence."""

    content: dict[str, Any]
    sentence: str
    evidence: dict[str, Any]
    authors: tuple[str, ...]
    learned_from: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Event:
    """What happened to a correction: tested, applied, switched off, absorbed or dropped."""

    kind: str
    evidence: dict[str, Any]
    by: str
    why: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True)
class StoredCorrection:
    """One correction of a model version with its whole history; wordings and events oldest first."""

    correction_id: str
    version: str
    wordings: tuple[Wording, ...]
    events: tuple[Event, ...] = ()

    @property
    def now(self) -> Wording:
        """As it is worded now."""
        return self.wordings[-1]

    def last(self, *kinds: str) -> Event | None:
        """The newest event of these kinds."""
        return next((e for e in reversed(self.events) if e.kind in kinds), None)

    @property
    def ended(self) -> Event | None:
        """How it ended with its version; None while the version may still use it."""
        return self.last(*ENDS)

    @property
    def applied(self) -> Event | None:
        """Who applied it, while it is in force."""
        newest = self.last("applied", "switched off", *ENDS)
        return newest if newest and newest.kind == "applied" else None

    @property
    def in_force(self) -> Wording | None:
        """The wording that recommends now; a sharper one may have been found since."""
        return self.wordings[self.applied.evidence.get("wording", 0)] if self.applied else None

    @property
    def tested(self) -> str:
        """*proposed*, *proved* or *not borne out*, by the outcomes since its proposal."""
        found = self.last("tested")
        return found.evidence["state"] if found else "proposed"

    @property
    def refused(self) -> bool:
        """Whether later outcomes or a lead spoke against it."""
        return self.tested == "not borne out" or (
            self.last("switched off") is not None and self.applied is None
        )

    @property
    def state(self) -> str:
        """One word for a reader: absorbed, dropped, applied, switched off, or what the outcomes said."""
        if self.ended:
            return self.ended.kind
        if self.applied:
            return "applied"
        return "switched off" if self.last("switched off") else self.tested

    def listed(self) -> dict[str, Any]:
        """The correction as the command line prints it."""
        test = self.last("tested")
        return {
            "correction_id": self.correction_id, "version": self.version, "state": self.state,
            "tested": self.tested, "sentence": self.now.sentence, "evidence": self.now.evidence,
            "since": test.evidence if test else None, "authors": list(self.now.authors),
            "proposed_at": self.wordings[0].at, "wordings": len(self.wordings),
            "sharper_than_applied": bool(self.in_force and self.in_force is not self.now),
        }  # fmt: skip


def corrections(store: Store, schema: str, version: str | None = None) -> list[StoredCorrection]:
    """Every correction, of one version where it is named, in the order of their proposals."""
    rows = store.read(
        "SELECT correction_id, model_version, content, sentence, evidence, authors, learned_from, proposed_at, "
        f"proposed_by FROM {quoted(schema)}.corrections WHERE $1::text IS NULL OR model_version = $1::text "
        "ORDER BY seq",
        [version],
    )
    worded: dict[tuple[str, str], list[Wording]] = {}
    for name, of, content, sentence, evidence, authors, *rest in rows:
        wording = Wording(json.loads(content), sentence, json.loads(evidence), tuple(authors), *rest)
        worded.setdefault((name, of), []).append(wording)
    happened = _events(store, schema) if worded else {}
    return [
        StoredCorrection(name, of, tuple(wordings), tuple(happened.get(name, ())))
        for (name, of), wordings in worded.items()
    ]


def _events(store: Store, schema: str) -> dict[str, list[Event]]:
    rows = store.read(
        "SELECT correction_id, kind, evidence, by_whom, why, happened_at, seq "
        f"FROM {quoted(schema)}.correction_events ORDER BY seq"
    )
    found: dict[str, list[Event]] = {}
    for name, kind, evidence, *rest in rows:
        found.setdefault(name, []).append(Event(kind, json.loads(evidence) if evidence else {}, *rest))
    return found


def correction(store: Store, schema: str, correction_id: str) -> StoredCorrection:
    """One correction; CorrectionRefused names those there are."""
    held = corrections(store, schema)
    found = next((c for c in held if c.correction_id == correction_id), None)
    if found is None:
        known = ", ".join(c.correction_id for c in held) or "none so far"
        raise CorrectionRefused(f"There is no correction {correction_id!r}. Corrections: {known}.")
    return found


def next_name(tx: Transaction, schema: str) -> str:
    """The name of the next correction: k1, k2 …"""
    [(count,)] = tx.run(f"SELECT count(DISTINCT correction_id) FROM {quoted(schema)}.corrections")
    return f"k{count + 1}"


def word(tx: Transaction, schema: str, correction_id: str, version: str, wording: Wording) -> None:
    """Record a new correction, or a sharper wording of one."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.corrections",
        ("seq", "correction_id", "model_version", "content", "sentence", "evidence", "authors", "learned_from",
         "proposed_at", "proposed_by"),
        [(seq, correction_id, version, json.dumps(wording.content), wording.sentence,
          json.dumps(wording.evidence), list(wording.authors), wording.learned_from, wording.at, wording.by)],
    )  # fmt: skip


def happen(tx: Transaction, schema: str, correction_id: str, event: Event) -> None:
    """Record what happened to a correction."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.correction_events",
        ("seq", "correction_id", "kind", "evidence", "by_whom", "why", "happened_at"),
        [(seq, correction_id, event.kind, json.dumps(event.evidence), event.by, event.why, event.at)],
    )


def outcome_numbers(store: Store, domain: DecisionDomain, since: int) -> dict[str, int]:
    """For each case outside the bank whose present outcome came after a fact's number: that outcome's number."""
    d = quoted(domain.name)
    # Where decisions choose what is ever observed, only cases tried by lot speak for their kind.
    chosen = " AND c.explore" if domain.selective else ""
    rows = store.read(
        f"SELECT o.case_id, o.seq FROM {d}.current_outcomes o JOIN {d}.cases c ON c.case_id = o.case_id "
        f"WHERE o.seq > $1 AND NOT c.bank{chosen} ORDER BY o.seq",
        [since],
    )
    return dict(rows)


def resolved_at(store: Store, domain: DecisionDomain, number: int) -> pd.DataFrame:
    """The cases outside the bank that had an outcome at a fact's number, with that outcome, as `frames.cases`."""
    d = quoted(domain.name)
    then = (
        "SELECT case_id, right_action FROM (SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) "
        f"AS newest FROM {d}.outcomes WHERE seq <= $1) latest WHERE newest = 1 AND NOT withdrawn"
    )
    right = dict(store.read(then, [number]))
    of_then = f"NOT c.bank AND c.case_id IN (SELECT case_id FROM ({then}) resolved)"
    cases = frames.cases(store, domain, only=of_then, parameters=(number,))
    return cases.assign(right_action=cases["case_id"].map(right).astype(object))


def authors(store: Store, domain: DecisionDomain, case_ids: list[str], most: int = 12) -> tuple[str, ...]:
    """Who decided these cases as it proved right and the model did not recommend, most often first.

    Where nobody differed, those who decided them rightly at all.
    """
    rows = store.read(
        "SELECT l.manager, count(*) FILTER (WHERE l.recommended_action <> l.final_action) AS taught, count(*) "
        f"FROM {quoted(domain.name)}.live_decisions l JOIN {quoted(domain.name)}.current_outcomes o "
        "ON o.case_id = l.case_id WHERE l.final_action = o.right_action AND l.case_id = ANY($1) "
        "GROUP BY l.manager ORDER BY taught DESC, 3 DESC, l.manager",
        [case_ids],
    )
    taught = [manager for manager, differed, _ in rows if differed] or [manager for manager, *_ in rows]
    return tuple(taught[:most])
