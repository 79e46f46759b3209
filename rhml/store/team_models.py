"""The team's models in the register: what people would call, as it was learned from their own calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import frames
from rhml.store.engine import Store, Transaction, quoted


@dataclass(frozen=True)
class StoredTeam:
    """A team model's entry; `card` says what it learned from and how well it foretells calls, of nobody by name."""

    version: str
    card: dict[str, Any]
    learned_from: int
    trained_at: datetime
    trained_by: str


def newest(store: Store, schema: str) -> StoredTeam | None:
    """The newest entry; None before the first."""
    rows = store.read(
        "SELECT team_version, card, learned_from, trained_at, trained_by "
        f"FROM {quoted(schema)}.team_models ORDER BY seq DESC LIMIT 1"
    )
    return StoredTeam(rows[0][0], json.loads(rows[0][1]), *rows[0][2:]) if rows else None


def content(store: Store, schema: str, version: str) -> bytes | None:
    """The bytes of a team's model; None where the log holds none of this version."""
    rows = store.read(
        f"SELECT content FROM {quoted(schema)}.team_models WHERE team_version = $1 ORDER BY seq DESC LIMIT 1",
        [version],
    )
    return bytes(rows[0][0]) if rows else None


def add(tx: Transaction, schema: str, new: StoredTeam, model: bytes) -> None:
    """Register a team's model; the same content again is a fact of its own: when it was last looked at."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.team_models",
        ("seq", "team_version", "content", "card", "learned_from", "trained_at", "trained_by"),
        [(seq, new.version, model, json.dumps(new.card, allow_nan=False), new.learned_from, new.trained_at,
          new.trained_by)],
    )  # fmt: skip


def calls_since(store: Store, schema: str, seq: int) -> int:
    """How many decisions came after a fact's number: each is a call to learn from."""
    [(n,)] = store.read(f"SELECT count(*) FROM {quoted(schema)}.decisions WHERE seq > $1", [seq])
    return n


def without_team(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The waiting cases with a recommendation that says nothing of the team, as `frames.cases` gives them."""
    d = quoted(domain.name)
    return frames.cases(
        store, domain,
        only=f"c.case_id IN (SELECT w.case_id FROM {d}.waiting w JOIN {d}.recommendations r "
        "ON r.recommendation_id = w.recommendation_id WHERE r.team_version IS NULL)",
    )  # fmt: skip
