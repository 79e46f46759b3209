"""The prices of reasons and segments, as lines of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from rhml.loop import price
from rhml.loop.asked import Asked
from rhml.reports.ledger import TO_MODEL, Entry, p_of
from rhml.stats.measure import Measure
from rhml.store import studies

NO_TWO_TIMES = Measure.unknown("Two trainings are compared, not two times.")


def prices(asked: Asked, versions: Collection[str]) -> Iterator[Entry]:
    """What each reason and segment added to the version that has the newest price list, if it is one of these."""
    study = studies.newest(asked.store, asked.domain.name, price.KIND)
    if study is None or study.version not in versions:
        return
    labels = {feature.name: feature.label for feature in asked.domain.features}
    for one in study.content["prices"]:
        is_reason, change = one["column"] == "reason", Measure(**one["accuracy"])
        named = "the reason" if is_reason else labels.get(one["column"]) or one["column"]
        why = "Five models with those decisions against five of the same seeds without them, on the bank."
        if one["decisive"]:
            why = "Without them no call is used at all, so this is the price of all calls."
        yield Entry(
            TO_MODEL, "reason" if is_reason else "segment", f"{study.version}: {one['name']}",
            f"{one['decisions']:,} decisions with {named} “{one['name']}” ({study.version})", people(one["managers"]),
            study.made_at, NO_TWO_TIMES, NO_TWO_TIMES, change, not one["decisive"], why, p=p_of(change),
            counted=one["decisions"], filters=((f"in_{one['column']}", one["name"]),),
        )  # fmt: skip


def people(count: Any) -> str:
    """Who taught, in words, and never by name."""
    return "the team" if not count else "1 person" if count == 1 else f"the team ({count:,} people)"
