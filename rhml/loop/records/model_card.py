"""What a model card is written from: one version's register entry, its training, its tests and its record in use."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import rhml
from rhml.core.domain import DecisionDomain
from rhml.loop.edges import plain
from rhml.loop.intent.intending import on_record
from rhml.loop.records.register import register
from rhml.reports.tallied import row
from rhml.store import corrections, frames, organization, registry, studies, tallies
from rhml.store.chain import seals
from rhml.store.engine import Store

DRIFT = "drift"


def model_card(store: Store, domain: DecisionDomain, version: str, *, at: datetime) -> dict[str, Any]:
    """Plain values; every number with its count and interval, and None or nothing where the log holds none.

    PromotionRefused names the versions there are.
    """
    held = registry.version(store, domain.name, version)
    registered = register(store, domain).entries
    entry = next(one for one in registered if one.version == version)
    drift = studies.newest(store, domain.name, DRIFT, version)
    used = {"version": version, "made_here": True}
    return plain({
        "kind": "model",
        "about": about(store, domain, f"Model card: {domain.title}, {version}", at),
        "register": asdict(entry),
        "registered": [asdict(one) for one in registered],
        "features": list(held.features),
        "training": held.card,
        "paragraph": held.paragraph,
        "evidence": held.evidence,
        "judged_at": held.judged_at,
        "in_use": _rows(store, domain, None, **used),
        "bank": [one for one in _rows(store, domain, "bank", **used) if one["name"] == "true"],
        "by_month": _rows(store, domain, "period", **used),
        "by_segment": {column: _rows(store, domain, column, **used) for column in domain.segments.columns},
        "protected": {column: _rows(store, domain, column, **used) for column in domain.segments.protected},
        "intent": on_record(store, domain, version),
        "drift": drift.content if drift else None,
        "drift_at": drift.made_at if drift else None,
        "corrections": [one.listed() for one in corrections.corrections(store, domain.name, version)],
        "by_a_person": domain.card.model_dump(),
    })  # fmt: skip


def about(store: Store, domain: DecisionDomain, title: str, at: datetime) -> dict[str, Any]:
    """What a card says of itself: when it was made and of which state of the log."""
    number, digest = organization.file_version(store, domain)
    head = seals.head(store, domain.name)
    return {
        "title": title,
        "made": at,
        "product": f"rhml {rhml.__version__}",
        "domain_file": {"version": number, "hash": digest},
        "fact": frames.counter(store, domain),
        "chain_head": head.hash or None,
    }


def _rows(store: Store, domain: DecisionDomain, by: str | None, **only: Any) -> list[dict[str, object]]:
    return [row(one) for one in tallies.tallies(store, domain, by, **only)]
