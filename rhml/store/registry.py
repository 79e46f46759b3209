"""Model versions, their verdicts and promotions: which version was live, and since when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.errors import NoChampion, PromotionRefused
from rhml.store.engine import Store, Transaction, quoted


@dataclass(frozen=True)
class Version:
    """A trained model's entry in the register; the model itself is read by `content`."""

    version: str
    hash: str
    features: tuple[str, ...]
    card: dict[str, Any]
    verdict: str
    paragraph: str
    evidence: dict[str, Any]
    learned_from: int
    trained_at: datetime
    trained_by: str


@dataclass(frozen=True)
class Promotion:
    """A person made a version the champion, with a reason."""

    version: str
    promoted_at: datetime
    promoted_by: str
    why: str
    against_verdict: bool


_COLUMNS = "version, hash, features, card, verdict, paragraph, evidence, learned_from, trained_at, trained_by"


def versions(store: Store, schema: str) -> list[Version]:
    """Every version, newest first."""
    rows = store.read(f"SELECT {_COLUMNS} FROM {quoted(schema)}.models ORDER BY seq DESC")
    return [_version(row) for row in rows]


def version(store: Store, schema: str, name: str) -> Version:
    """One version; PromotionRefused names those there are."""
    rows = store.read(f"SELECT {_COLUMNS} FROM {quoted(schema)}.models WHERE version = $1", [name])
    if not rows:
        known = ", ".join(v.version for v in versions(store, schema)) or "none; retrain first"
        raise PromotionRefused(f"There is no version {name!r}. Versions: {known}.")
    return _version(rows[0])


def _version(row: tuple) -> Version:
    name, digest, features, card, verdict, paragraph, evidence, *rest = row
    return Version(
        name, digest, tuple(features), json.loads(card), verdict, paragraph, json.loads(evidence), *rest
    )


def content(store: Store, schema: str, name: str) -> bytes:
    """The stored model of a version."""
    rows = store.read(f"SELECT content FROM {quoted(schema)}.models WHERE version = $1", [name])
    if not rows:
        raise NoChampion(f"The log holds no model {name!r}.")
    return bytes(rows[0][0])


def add(tx: Transaction, schema: str, new: Version, model: bytes) -> None:
    """Register a trained version with its verdict and evidence."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.models",
        ("seq", "content", *_COLUMNS.split(", ")),
        [(seq, model, new.version, new.hash, list(new.features), json.dumps(new.card), new.verdict,
          new.paragraph, json.dumps(new.evidence), new.learned_from, new.trained_at, new.trained_by)],
    )  # fmt: skip


def same(tx: Transaction, schema: str, digest: str) -> tuple[str, str, str] | None:
    """Version, verdict and paragraph of a model with this very content, if there is one."""
    rows = tx.run(
        f"SELECT version, verdict, paragraph FROM {quoted(schema)}.models WHERE hash = $1", [digest]
    )
    return rows[0] if rows else None


def next_name(tx: Transaction, schema: str) -> str:
    """The name of the next version: v1, v2 …"""
    [(count,)] = tx.run(f"SELECT count(*) FROM {quoted(schema)}.models")
    return f"v{count + 1}"


def promotions(store: Store, schema: str) -> list[Promotion]:
    """Every promotion and rollback, newest first."""
    rows = store.read(
        "SELECT version, promoted_at, promoted_by, why, against_verdict "
        f"FROM {quoted(schema)}.promotions ORDER BY seq DESC"
    )
    return [Promotion(*row) for row in rows]


def promote(tx: Transaction, schema: str, promotion: Promotion) -> None:
    """Record that a version is the champion from now on."""
    [seq] = tx.numbers(schema)
    tx.run(
        f"INSERT INTO {quoted(schema)}.promotions VALUES ($1, $2, $3, $4, $5, $6)",
        [seq, promotion.version, promotion.promoted_at, promotion.promoted_by, promotion.why,
         promotion.against_verdict],
    )  # fmt: skip


def live_version(store: Store | Transaction, schema: str) -> str | None:
    """The champion's version; None before the first promotion."""
    run = store.read if isinstance(store, Store) else store.run
    # Sorting costs DuckDB more than reading the handful of rows, and this is on the path of every decision.
    rows = run(f"SELECT seq, version FROM {quoted(schema)}.promotions")
    return max(rows)[1] if rows else None
