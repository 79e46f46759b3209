"""Model versions, their verdicts and promotions: which version was live, and since when."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
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
    judged_from: int | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True)
class Judgement:
    """A version judged again, on the cases known since; `judged_from` is the number of the newest fact used."""

    version: str
    verdict: str
    paragraph: str
    evidence: dict[str, Any]
    judged_from: int
    judged_at: datetime
    judged_by: str


@dataclass(frozen=True)
class Promotion:
    """A person made a version the champion, with a reason."""

    version: str
    promoted_at: datetime
    promoted_by: str
    why: str
    against_verdict: bool
    waived: str | None = None


_COLUMNS = "version, hash, features, card, verdict, paragraph, evidence, learned_from, trained_at, trained_by"


def versions(store: Store, schema: str) -> list[Version]:
    """Every version with its newest verdict, newest first."""
    rows = store.read(f"SELECT {_COLUMNS} FROM {quoted(schema)}.models ORDER BY seq DESC")
    newest = {found.version: found for found in reversed(judgements(store, schema))}
    return [_newest(_version(row), newest) for row in rows]


def version(store: Store, schema: str, name: str) -> Version:
    """One version with its newest verdict; PromotionRefused names those there are."""
    rows = store.read(f"SELECT {_COLUMNS} FROM {quoted(schema)}.models WHERE version = $1", [name])
    if not rows:
        known = ", ".join(v.version for v in versions(store, schema)) or "none; retrain first"
        raise PromotionRefused(f"There is no version {name!r}. Versions: {known}.")
    newest = {found.version: found for found in reversed(judgements(store, schema, name))}
    return _newest(_version(rows[0]), newest)


def _newest(entry: Version, judged: dict[str, Judgement]) -> Version:
    found = judged.get(entry.version)
    if found is None:
        return entry
    return replace(entry, verdict=found.verdict, paragraph=found.paragraph, evidence=found.evidence,
                   judged_from=found.judged_from, judged_at=found.judged_at)  # fmt: skip


def judgements(store: Store, schema: str, version: str | None = None) -> list[Judgement]:
    """Every verdict given after the training, newest first; of one version where it is named."""
    rows = store.read(
        "SELECT version, verdict, paragraph, evidence, judged_from, judged_at, judged_by "
        f"FROM {quoted(schema)}.verdicts WHERE $1::text IS NULL OR version = $1::text ORDER BY seq DESC",
        [version],
    )
    return [Judgement(*row[:3], json.loads(row[3]), *row[4:]) for row in rows]


def judge(tx: Transaction, schema: str, found: Judgement) -> None:
    """Record that a version was judged again."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.verdicts",
        ("seq", "version", "verdict", "paragraph", "evidence", "judged_from", "judged_at", "judged_by"),
        [(seq, found.version, found.verdict, found.paragraph, json.dumps(found.evidence), found.judged_from,
          found.judged_at, found.judged_by)],
    )  # fmt: skip


def first_verdicts(store: Store, schema: str) -> dict[str, str]:
    """The verdict that each version got at its training."""
    return dict(store.read(f"SELECT version, verdict FROM {quoted(schema)}.models"))


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


def features(store: Store, schema: str, name: str) -> tuple[str, ...]:
    """The features that a version reads, in the order of its points; none for a version nobody knows."""
    rows = store.read(f"SELECT features FROM {quoted(schema)}.models WHERE version = $1", [name])
    return tuple(rows[0][0]) if rows else ()


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
        "SELECT version, promoted_at, promoted_by, why, against_verdict, waived "
        f"FROM {quoted(schema)}.promotions ORDER BY seq DESC"
    )
    return [Promotion(*row) for row in rows]


def promote(tx: Transaction, schema: str, promotion: Promotion) -> None:
    """Record that a version is the champion from now on."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.promotions",
        ("seq", "version", "promoted_at", "promoted_by", "why", "against_verdict", "waived"),
        [(seq, promotion.version, promotion.promoted_at, promotion.promoted_by, promotion.why,
          promotion.against_verdict, promotion.waived)],
    )  # fmt: skip


def live_version(store: Store | Transaction, schema: str) -> str | None:
    """The champion's version; None before the first promotion."""
    run = store.read if isinstance(store, Store) else store.run
    # Sorting costs DuckDB more than reading the handful of rows, and this is on the path of every decision.
    rows = run(f"SELECT seq, version FROM {quoted(schema)}.promotions")
    return max(rows)[1] if rows else None
