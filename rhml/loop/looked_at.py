"""An address of the Overrides page as the filters it means, without the page: for exports, schedules and checks.

>>> month_start("2026-12", 1).isoformat()
'2027-01-01T00:00:00'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from rhml.core.domain import DecisionDomain
from rhml.printed.dimension_words import label, named
from rhml.store.explorer import MOST_NAMES, Filters
from rhml.store.veil import Veil

Params = Mapping[str, Sequence[str]]
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Read:
    """The filters of an address, and what in it nobody knows, by what it is called."""

    filters: Filters
    ignored: dict[str, tuple[str, ...]]


def looked_at(
    domain: DecisionDomain,
    params: Params,
    names: Mapping[str, Sequence[str]],
    *,
    zone: tzinfo = UTC,
    veil: Veil | None = None,
    bank: bool = True,
) -> Read:
    """What an address looks at: since, until, words and in_<dimension>, each as the page writes it.

    names: of each dimension, those that the log has (`store.explorer.names`).
    """
    since, until = (next(iter(params.get(key, ())), "") for key in ("since", "until"))
    chosen = tuple((by, found) for by in names if (found := _known(domain, by, params, names[by])[0]))
    return Read(
        Filters(
            chosen,
            month_start(since, 0, zone) if MONTH.fullmatch(since) else None,
            month_start(until, 1, zone) if MONTH.fullmatch(until) else None,
            " ".join(params.get("words", ()))[:200].strip(),
            veil,
            bank,
        ),
        ignored(domain, params, names),
    )


def ignored(
    domain: DecisionDomain,
    params: Params,
    names: Mapping[str, Sequence[str]],
    months: Sequence[str] | None = None,
) -> dict[str, tuple[str, ...]]:
    """What an address asks for that the log does not have, by what it is called.

    months: those of the log, where only they may be named.
    """
    found = {
        label(domain, by): strange for by in names if (strange := _known(domain, by, params, names[by])[1])
    }
    for key, called in (("since", "From"), ("until", "Up to and including")):
        strange = tuple(
            month
            for month in params.get(key, ())
            if not MONTH.fullmatch(month) or (months is not None and month not in months)
        )
        if strange:
            found[called] = strange
    asked = {key.removeprefix("in_") for key in params if key.startswith("in_")}
    return found | {by: tuple(params[f"in_{by}"]) for by in sorted(asked - set(names))}


def month_start(month: str, later: int, zone: tzinfo = UTC) -> datetime:
    """The first moment of a month, or of the one so many months later, in naive UTC."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + later, 12)
    return datetime(year, number + 1, 1, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def shown_as(domain: DecisionDomain, by: str, name: str) -> str:
    """How an address and the list behind a filter write a name: months as the log has them, whatever the locale."""
    return name if by == "period" else named(domain, by, name)


def _known(
    domain: DecisionDomain, by: str, params: Params, names: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that an address chooses, and those that it asks for in vain; of very many any name may be asked for."""
    shown = {shown_as(domain, by, name): name for name in names}
    asked = params.get(f"in_{by}", ())
    if len(names) >= MOST_NAMES:
        return tuple(shown.get(name, name) for name in asked), ()
    return tuple(shown[name] for name in asked if name in shown), tuple(n for n in asked if n not in shown)
