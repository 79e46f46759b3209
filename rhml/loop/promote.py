"""A person makes a version the champion, with a reason; rolling back is promoting an earlier one."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.errors import PromotionRefused
from rhml.loop import absorb, lesson_tests, permit
from rhml.machine.judging.lesson_tests import Examined
from rhml.machine.model import Model
from rhml.store import registry
from rhml.store.engine import Store, Transaction
from rhml.store.registry import Promotion, Version

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
    waive: str = "",
) -> Promotion:
    """Make a version live. Against its verdict only with `anyway`; `waive` is why its lesson tests may fail.

    Both stay on record. Lesson tests are held against the version once more: some may be newer than its verdict.
    """
    permit.lead(store, by, "promote a model")
    if not why.strip():
        raise PromotionRefused("Say why: the reason stays beside the promotion for good.")
    entry = registry.version(store, domain.name, version)
    earlier = {p.version for p in registry.promotions(store, domain.name)}
    if registry.live_version(store, domain.name) == version:
        raise PromotionRefused(f"{version} is live already.")
    back = version in earlier
    failed = () if back else _failed(store, domain, version)
    only_lessons = entry.evidence.get("why") == "lessons"
    against = entry.verdict not in FREE and not back and not only_lessons
    unexcused = bool(failed) and not waive.strip()
    if not anyway:
        _refuse(entry, failed, against=against, unexcused=unexcused)
    waived = f"{len(failed):,} lesson tests: {waive.strip()}" if failed and waive.strip() else None

    promotion = Promotion(version, at, by, why.strip(), against or unexcused, waived)
    before = registry.live_version(store, domain.name)
    found = absorb.endings(store, domain, before, version)

    def unit(tx: Transaction) -> Promotion:
        registry.promote(tx, domain.name, promotion)
        absorb.end(tx, domain, found, entry, by=by, at=at)
        return promotion

    return store.write(unit)


def _refuse(entry: Version, failed: tuple[Examined, ...], *, against: bool, unexcused: bool) -> None:
    """Say why a version may not become live without more ado, and how it could all the same."""
    if against:
        raise PromotionRefused(
            f"The verdict on {entry.version} is {entry.verdict!r}: {entry.paragraph} "
            "To promote it all the same, say so with --anyway; that stays on record."
        )
    if unexcused:
        raise PromotionRefused(
            f"{entry.version} fails {len(failed):,} lesson test{'' if len(failed) == 1 else 's'}, of {_authors(failed)}. "
            "To promote it all the same, waive them with a reason (--waive); that stays on record."
        )


def _failed(store: Store, domain: DecisionDomain, version: str) -> tuple[Examined, ...]:
    """The lesson tests that the version fails as they stand now; without any, no model is read."""
    if not lesson_tests.any_stand(store, domain):
        return ()
    model = Model.from_bytes(registry.content(store, domain.name, version))
    return lesson_tests.check(store, domain, model).failed


def _authors(failed: tuple[Examined, ...]) -> str:
    return ", ".join(sorted({test.manager for test in failed}))
