"""Counts of decisions by model version, by mode or by any dimension: sums in SQL, for cards that answer for a log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import expression
from rhml.store.engine import Store, quoted
from rhml.store.explorer import observed_whatever_decided
from rhml.store.reading import source


@dataclass(frozen=True)
class Tally:
    """Decisions of one kind. Of those with a recommendation (`advised`), `judged` may speak of right and wrong, on
    `cases` cases; the last six count among them. `called` are judged decisions with an own call before, `differed`
    judged overrides. `sums` has what the interval of each share needs: cases, and sums over cases of a², ao, o², of a
    rows and o hits on a case."""

    name: str
    decisions: int
    advised: int
    overridden: int
    judged: int
    model_right: int
    team_right: int
    rescued: int
    spoiled: int
    called: int
    called_right: int
    differed: int
    sums: dict[str, tuple[int, int, int, int]]

    @property
    def cases(self) -> int:
        """How many different cases the judged decisions are on."""
        return self.sums["team_right"][0]


SHARES = {"overridden": "advised", "model_right": "judged", "team_right": "judged", "called_right": "called", "rescued": "differed"}  # fmt: skip
"""Of what each count of hits is a share."""
_COUNTS = {
    "decisions": "TRUE", "advised": "advised", "overridden": "_over", "judged": "judged",
    "model_right": "judged AND recommended_action = right_action", "team_right": "judged AND final_action = right_action",
    "rescued": "judged AND verdict = 'rescued'", "spoiled": "judged AND verdict = 'spoiled'",
    "called": "judged AND first_action IS NOT NULL", "called_right": "judged AND first_action = right_action",
    "differed": "judged AND _over",
}  # fmt: skip


def tallies(
    store: Store,
    domain: DecisionDomain,
    by: str | None = None,
    *,
    version: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    made_here: bool = False,
) -> list[Tally]:
    """Counts for each name of a dimension or column, or for all decisions; of one version's recommendations alone."""
    name = _name(store, domain, by)
    given: dict[str, Any] = {"model_version = {}": version, "decided_at >= {}::timestamp": since,
                             "decided_at < {}::timestamp": until}  # fmt: skip
    wanted = {sql: value for sql, value in given.items() if value is not None}
    where = [sql.format(f"${place}") for place, sql in enumerate(wanted, 1)]
    where += ["NOT imported"] if made_here else []
    speaks = "_speaks" if observed_whatever_decided(store, domain) else "FALSE"
    told = (
        f"SELECT {name} AS name, * FROM (SELECT *, recommended_action IS NOT NULL AND final_action IS NOT NULL "
        "AS advised, recommended_action IS NOT NULL AND final_action IS NOT NULL AND right_action IS NOT NULL AND "
        f"{speaks} AS judged FROM {source.decided(store, domain)} AS d) AS told "
        f"{'WHERE ' + ' AND '.join(where) if where else ''}"
    )
    counted = ", ".join(f"count(*) FILTER ({sql}) AS {count}" for count, sql in _COUNTS.items())
    added = ", ".join(f"sum({count})::BIGINT" for count in _COUNTS)
    rows = store.read(
        f"WITH t AS ({told}), c AS (SELECT name, 1 AS alone, {counted} FROM t WHERE NOT _shared GROUP BY name "
        f"UNION ALL SELECT name, 0 AS alone, {counted} FROM t WHERE _shared GROUP BY name, case_id) "
        f"SELECT name, {added}, {', '.join(map(_over_cases, SHARES.values(), SHARES))} FROM c GROUP BY name ORDER BY name",
        list(wanted.values()),
    )
    width = len(_COUNTS) + 1
    return [
        Tally(str(row[0]), *row[1:width], dict(zip(SHARES, _fours(row[width:]), strict=True))) for row in rows
    ]


def _over_cases(among: str, hits: str) -> str:
    """SQL: cases, and sums over cases of a², ao and o²; cases of one decision are added up already."""
    products = ((among, among, among), (among, hits, hits), (hits, hits, hits))
    return f"sum(CASE WHEN alone = 1 THEN {among} ELSE ({among} > 0)::BIGINT END)::BIGINT, " + ", ".join(
        f"sum(CASE WHEN alone = 1 THEN {one} ELSE {a} * {o} END)::BIGINT" for a, o, one in products
    )


def _fours(values: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The four sums of each share."""
    return [values[at : at + 4] for at in range(0, len(values), 4)]


def _name(store: Store, domain: DecisionDomain, by: str | None) -> str:
    if by is None:
        return "'all'"
    if by == "bank":
        return f"coalesce(CAST({quoted(by)} AS TEXT), 'none')"
    return expression(store, domain, by)


def by_version(store: Store, domain: DecisionDomain) -> list[tuple[str | None, str | None, int, int]]:
    """For each version live and each version shown: decisions made here that were not taken back, and overrides."""
    return store.read(
        "SELECT live_version, model_version, count(*), count(*) FILTER (recommended_action <> final_action) "
        f"FROM {quoted(domain.name)}.live_decisions WHERE NOT imported GROUP BY ALL"
    )


def entered(store: Store, domain: DecisionDomain) -> dict[str, Any]:
    """How decisions were entered: those made here, reversed, skipped, escalated, with seconds on record, and spans."""
    d = quoted(domain.name)
    sums = {
        "made_here": f"SELECT count(*) FROM {d}.decisions WHERE NOT imported",
        "imported": f"SELECT count(*) FROM {d}.decisions WHERE imported",
        "people": f"SELECT count(DISTINCT manager) FROM {d}.decisions",
        "reversed": f"SELECT count(DISTINCT decision_id) FROM {d}.reversals",
        "escalated": f"SELECT count(*) FROM {d}.case_events WHERE kind = 'escalated'",
        "skipped": f"SELECT count(*) FROM {d}.case_events WHERE kind = 'skipped'",
        "without_model": f"SELECT count(*) FROM {d}.decisions WHERE NOT imported AND recommendation_id IS NULL",
        "asked": f"SELECT count(*) FROM {d}.decisions WHERE NOT imported AND asked",
        "excused": f"SELECT count(*) FROM {d}.decisions WHERE NOT imported AND asked IS NOT NULL AND NOT asked",
        "timed": f"SELECT count(seconds) FROM {d}.decisions WHERE NOT imported",
        "first_at": f"SELECT min(coalesce(decided_at, recorded_at)) FROM {d}.decisions",
        "last_at": f"SELECT max(coalesce(decided_at, recorded_at)) FROM {d}.decisions",
        "cases": f"SELECT count(*) FROM {d}.cases",
        "bank_cases": f"SELECT count(*) FROM {d}.cases WHERE bank",
        "outcomes": f"SELECT count(*) FROM {d}.current_outcomes",
        "looks": f"SELECT count(*) FROM {d}.looks",
        "signatures_asked": f"SELECT count(*) FROM {d}.signatures WHERE kind = 'asked'",
        "signatures_given": f"SELECT count(*) FROM {d}.signatures WHERE kind = 'signed'",
        "signatures_refused": f"SELECT count(*) FROM {d}.signatures WHERE kind = 'refused'",
        "opinions_given": f"SELECT count(*) FROM {d}.opinions WHERE kind = 'given'",
        "conflicts": f"SELECT count(*) FROM {d}.conflicts",
        "resolutions": f"SELECT count(*) FROM {d}.resolutions",
    }
    [row] = store.read(f"SELECT {', '.join(f'({sql})' for sql in sums.values())}")
    return dict(zip(sums, row, strict=True))


def middle_seconds(store: Store, domain: DecisionDomain) -> list[tuple[str, int, float, float, float]]:
    """For each mode: decisions in force with a time on record, and the quartiles of their seconds."""
    return store.read(
        "SELECT mode, count(seconds), quantile_cont(seconds, 0.25), quantile_cont(seconds, 0.5), "
        f"quantile_cont(seconds, 0.75) FROM {quoted(domain.name)}.live_decisions "
        "WHERE NOT imported AND seconds IS NOT NULL GROUP BY mode ORDER BY mode"
    )


def reasons(store: Store, domain: DecisionDomain) -> list[tuple[str, int]]:
    """How often each reason was given here for deciding differently, most often first; not of what was taken back."""
    return store.read(
        f"SELECT reason, count(*) AS n FROM {quoted(domain.name)}.live_decisions "
        "WHERE NOT imported AND final_action <> recommended_action AND reason IS NOT NULL GROUP BY reason ORDER BY n DESC, reason"
    )
