"""What people's marks and words proposed, what each would cost or gain, and what a lead made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import ProposalGone
from rhml.store.engine import Store, Transaction, quoted


@dataclass(frozen=True)
class Proposal:
    """A proposed edit of a domain with its evidence; `decided` is None while it is open."""

    proposal_id: str
    kind: str
    content: dict[str, Any]
    sentence: str
    evidence: dict[str, Any]
    learned_from: int
    made_at: datetime
    made_by: str
    decided: str | None = None
    decided_by: str | None = None
    why: str | None = None
    decided_at: datetime | None = None

    @property
    def about(self) -> str:
        """What is proposed, the same each time it is found again."""
        named = {k: v for k, v in self.content.items() if k not in ("label", "why")}
        return f"{self.kind} {json.dumps(named, sort_keys=True)}"


_COLUMNS = "proposal_id, kind, content, sentence, evidence, learned_from, made_at, made_by"


def add(tx: Transaction, schema: str, new: list[Proposal]) -> None:
    """Record proposals; one about the same as an earlier one takes its place while that is open."""
    tx.append(
        f"{quoted(schema)}.proposals",
        ("seq", *_COLUMNS.split(", ")),
        [
            (seq, p.proposal_id, p.kind, json.dumps(p.content), p.sentence,
             json.dumps(p.evidence, allow_nan=False), p.learned_from, p.made_at, p.made_by)
            for seq, p in zip(tx.numbers(schema, len(new)), new, strict=True)
        ],
    )  # fmt: skip


def decide(
    tx: Transaction, schema: str, proposal_id: str, *, kind: str, by: str, why: str, at: datetime
) -> None:
    """Record that a lead accepted or declined a proposal; ProposalGone if somebody was faster."""
    d = quoted(schema)
    held = tx.run(f"SELECT kind, by_whom FROM {d}.proposal_events WHERE proposal_id = $1", [proposal_id])
    if held:
        raise ProposalGone(f"{held[0][1]} has {held[0][0]} this proposal already.")
    [seq] = tx.numbers(schema)
    tx.append(
        f"{d}.proposal_events",
        ("seq", "proposal_id", "kind", "by_whom", "why", "happened_at"),
        [(seq, proposal_id, kind, by, why, at)],
    )


def everything(store: Store, schema: str) -> list[Proposal]:
    """Every proposal as it stands, newest first; of several open ones about the same only the newest."""
    d = quoted(schema)
    columns = ", ".join(f"p.{column}" for column in _COLUMNS.split(", "))
    rows = store.read(
        f"SELECT {columns}, e.kind, e.by_whom, e.why, e.happened_at FROM {d}.proposals p "
        f"LEFT JOIN {d}.proposal_events e ON e.proposal_id = p.proposal_id ORDER BY p.seq DESC"
    )
    kept, seen = [], set()
    for row in rows:
        found = Proposal(row[0], row[1], json.loads(row[2]), row[3], json.loads(row[4]), *row[5:])
        if found.decided or found.about not in seen:
            kept.append(found)
        seen.add(found.about)
    return kept


def proposal(store: Store, schema: str, proposal_id: str) -> Proposal:
    """One proposal by its id; ProposalGone if there is none, or a newer one has taken its place."""
    for found in everything(store, schema):
        if found.proposal_id == proposal_id:
            return found
    raise ProposalGone(
        f"There is no proposal {proposal_id!r}, or it was found anew under another id. List them and take that one."
    )


def collected(store: Store, domain: DecisionDomain) -> list[tuple[str, int, int, int]]:
    """For each field being collected: its name, values among the cases that teach, those cases, values in all."""
    fields = [feature.name for feature in domain.features if feature.collect]
    if not fields:
        return []
    d = quoted(domain.name)
    counts = "".join(
        f", count(CASE WHEN o.case_id IS NOT NULL AND NOT c.bank THEN c.{quoted(name)} END), count(c.{quoted(name)})"
        for name in fields
    )
    [(teaching, *found)] = store.read(
        f"SELECT count(CASE WHEN o.case_id IS NOT NULL AND NOT c.bank THEN 1 END){counts} FROM {d}.cases c "
        f"LEFT JOIN {d}.current_outcomes o ON o.case_id = c.case_id"
    )
    return [(name, found[2 * at], teaching, found[2 * at + 1]) for at, name in enumerate(fields)]
