"""A person makes a version the champion, with a reason; rolling back is promoting an earlier one."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.errors import PromotionRefused
from rhml.loop import permit
from rhml.store import registry
from rhml.store.engine import Store
from rhml.store.registry import Promotion

FREE = ("first", "promote")


def promote(
    store: Store,
    domain: DecisionDomain,
    version: str,
    *,
    by: str,
    why: str,
    at: datetime,
    anyway: bool = False,
) -> Promotion:
    """Make a version live. Against its verdict only with `anyway`, which stays on record."""
    permit.lead(store, by, "promote a model")
    if not why.strip():
        raise PromotionRefused("Say why: the reason stays beside the promotion for good.")
    entry = registry.version(store, domain.name, version)
    earlier = {p.version for p in registry.promotions(store, domain.name)}
    if registry.live_version(store, domain.name) == version:
        raise PromotionRefused(f"{version} is live already.")
    against = entry.verdict not in FREE and version not in earlier
    if against and not anyway:
        raise PromotionRefused(
            f"The verdict on {version} is {entry.verdict!r}: {entry.paragraph} "
            "To promote it all the same, say so with --anyway; that stays on record."
        )

    promotion = Promotion(version, at, by, why.strip(), against)
    store.write(lambda tx: registry.promote(tx, domain.name, promotion))
    return promotion
