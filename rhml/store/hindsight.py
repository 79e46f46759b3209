"""Looking back at decisions: what was on the card, the case that went the other way, and news for their authors.

Cases of the bank are left out of every read here: nobody learns from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted
from rhml.store.review.conflicts import PARTIES

MOST = 20_000
"""Recommendations of one version among which the nearest case is looked for: the newest ones."""

NEWS = 200
"""Pieces of news that are read one by one; all of them are counted."""

BEGINNING = datetime(1900, 1, 1)


@dataclass(frozen=True)
class OnCard:
    """What a version said on the card of one decision; points are in the order of the version's features.

    `late` are the fields that were filled in only afterwards, with what they held on the card (None: nothing).
    """

    decision_id: str
    case_id: str
    model_version: str
    action: str
    points: tuple[float, ...]
    by_action: tuple[float, ...]
    team_points: tuple[float, ...]
    correction: float
    peers: tuple[str, ...]
    late: dict[str, str | None]


def on_card(store: Store, domain: DecisionDomain, decision_ids: Sequence[str]) -> dict[str, OnCard]:
    """The recommendation that each of some decisions answered, by the decision's id; where one was stored."""
    d = quoted(domain.name)
    rows = store.records(
        f"""SELECT x.decision_id, x.case_id, r.model_version, r.action, r.points, r.by_action, r.team_points,
        r.correction, r.peers, r.made_at FROM {d}.decisions x
        JOIN {d}.recommendations r ON r.recommendation_id = x.recommendation_id
        JOIN {d}.cases c ON c.case_id = x.case_id
        WHERE x.decision_id = ANY($1) AND NOT c.bank AND len(r.points) > 0""",
        [list(decision_ids)],
    )
    late = _filled_later(store, d, {row["case_id"]: row.pop("made_at") for row in rows})
    return {row["decision_id"]: _on_card(row, late) for row in rows}


def _on_card(row: dict[str, Any], late: dict[str, dict[str, str | None]]) -> OnCard:
    listed = {name: tuple(row[name] or ()) for name in ("points", "by_action", "team_points", "peers")}
    return OnCard(
        **{**row, **listed, "correction": row["correction"] or 0.0, "late": late.get(row["case_id"], {})}
    )


def _filled_later(store: Store, d: str, made_at: dict[str, datetime]) -> dict[str, dict[str, str | None]]:
    """What fields held before values arrived that the card could not show yet, case by case."""
    rows = store.read(
        f"SELECT case_id, feature, was, added_at FROM {d}.case_values WHERE case_id = ANY($1) ORDER BY seq DESC",
        [list(made_at)],
    )
    found: dict[str, dict[str, str | None]] = {}
    for case_id, feature, was, added_at in rows:
        if added_at > made_at[case_id]:
            found.setdefault(case_id, {})[feature] = was  # the earliest of the later ones is read last
    return found


def opposite_peers(
    store: Store, domain: DecisionDomain, case_ids: Sequence[str], proved: Sequence[str]
) -> list[str]:
    """Those of a card's peers, nearest first, on which one of some actions proved right."""
    d = quoted(domain.name)
    rows = store.read(
        f"""SELECT o.case_id, CASE WHEN NOT o.withdrawn THEN o.right_action END FROM {d}.outcomes o
        JOIN {d}.cases c ON c.case_id = o.case_id WHERE o.case_id = ANY($1) AND NOT c.bank
        AND {_DECIDED.format(d=d, case="o")} ORDER BY o.seq""",
        [list(case_ids)],
    )
    right = dict(rows)  # a later outcome of a case replaces an earlier one
    return [case_id for case_id in case_ids if right.get(case_id) in proved]


_DECIDED = "EXISTS (SELECT 1 FROM {d}.live_decisions l WHERE l.case_id = {case}.case_id AND l.final_action IS NOT NULL)"


def nearest_opposite(store: Store, domain: DecisionDomain, card: OnCard, proved: Sequence[str]) -> str | None:
    """The case that the same version saw most alike (Euclidean, over stored points), where another action proved right.

    Exact over the newest 20,000 such recommendations of that version; decided and resolved cases alone.
    """
    d = quoted(domain.name)
    seen, place = _place(domain, card)
    rows = store.read(
        f"""SELECT s.case_id FROM (SELECT r.case_id, {seen} AS seen FROM {d}.recommendations r
          JOIN {d}.cases c ON c.case_id = r.case_id
          WHERE r.model_version = $1 AND r.case_id <> $2 AND len(r.points) = $6 AND NOT c.bank
          AND r.case_id IN (SELECT case_id FROM {d}.outcomes GROUP BY case_id
            HAVING NOT arg_max(withdrawn, seq) AND arg_max(right_action, seq) = ANY($4))
          AND {_DECIDED.format(d=d, case="r")}
          ORDER BY r.seq DESC LIMIT {MOST}) s
        WHERE len(s.seen) = len($5::FLOAT8[])
        ORDER BY list_distance(s.seen, $5::FLOAT8[]), s.case_id LIMIT 1""",
        [card.model_version, card.case_id, card.action, list(proved), place, len(card.points)],
    )
    return rows[0][0] if rows else None


def _place(domain: DecisionDomain, card: OnCard) -> tuple[str, list[float]]:
    """Where a version sees a case, as SQL of a recommendation `r`, and where it sees this one.

    Of two actions the points of one say it all: those of the other are the same, turned round ($3 is this one's).
    """
    turned = "CASE WHEN r.action = $3 THEN r.points ELSE list_transform(r.points, lambda p: -p) END"
    if len(domain.actions) == 2 or not card.by_action:
        return turned, list(card.points)
    return "CASE WHEN $3::text IS NOT NULL THEN r.by_action END", list(card.by_action)


def points_of(
    store: Store, domain: DecisionDomain, case_id: str, version: str
) -> tuple[str, tuple[float, ...], tuple[float, ...]] | None:
    """What a version recommended on a case last: action, points, points of every action; None if nothing is stored."""
    rows = store.read(
        f"SELECT action, points, by_action FROM {quoted(domain.name)}.recommendations WHERE case_id = $1 "
        "AND model_version = $2 AND len(points) > 0 ORDER BY seq DESC LIMIT 1",
        [case_id, version],
    )
    return (rows[0][0], tuple(rows[0][1]), tuple(rows[0][2] or ())) if rows else None


def news(
    store: Store, domain: DecisionDomain, author: str, *, since: datetime | None
) -> list[dict[str, Any]]:
    """What became of an author's decisions since a moment, newest first: at most 200 rows.

    kind: *reversed* (by somebody else), *answered* (a case handed to a lead was decided by another),
    *rescued* and *contradicted* (the outcome of an override), *corrected* and *withdrawn* (an outcome told before).
    """
    return store.records(
        f"SELECT * FROM ({_news(store, domain, since)}) n ORDER BY kind IN ('rescued', 'contradicted'), happened_at DESC, kind, case_id LIMIT {NEWS}",
        [author, since or BEGINNING],
    )


def news_count(store: Store, domain: DecisionDomain, author: str, *, since: datetime | None) -> int:
    """On how many cases there is news for an author since a moment."""
    [(n,)] = store.read(
        f"SELECT count(DISTINCT case_id) FROM ({_news(store, domain, since)}) n", [author, since or BEGINNING]
    )
    return n


def _news(store: Store, domain: DecisionDomain, since: datetime | None) -> str:
    """The news as SQL after $1 (author) and $2 (since): it starts from what is new, not from all decisions."""
    d = quoted(domain.name)
    newest = f"""SELECT case_id, max(seq) AS seq FROM {d}.outcomes WHERE recorded_at > $2::timestamp GROUP BY case_id"""
    told = f"""SELECT case_id, arg_max(right_action, seq) AS right_action, arg_max(withdrawn, seq) AS withdrawn
        FROM {d}.outcomes WHERE recorded_at <= $2::timestamp
        AND case_id IN (SELECT case_id FROM {d}.outcomes WHERE recorded_at > $2::timestamp) GROUP BY case_id"""
    return f"""
        SELECT 'reversed' AS kind, x.case_id, x.decision_id, x.final_action AS mine,
          (SELECT arg_max(l.final_action, l.seq) FROM {d}.live_decisions l WHERE l.case_id = x.case_id
           AND l.manager <> $1) AS other, v.reversed_by AS by_whom, v.why, v.reversed_at AS happened_at
        FROM {d}.reversals v JOIN {d}.decisions x ON x.decision_id = v.decision_id
        JOIN {d}.cases c ON c.case_id = x.case_id
        WHERE v.reversed_at > $2::timestamp AND x.manager = $1 AND v.reversed_by <> $1 AND NOT c.bank
        UNION ALL
        SELECT 'answered', e.case_id, l.decision_id, f.action, l.final_action, l.manager,
          coalesce(l.reason, ''), l.recorded_at
        FROM (SELECT case_id, min(happened_at) AS asked_at FROM {d}.case_events
          WHERE kind = 'escalated' AND manager = $1 GROUP BY case_id) e
        JOIN {d}.live_decisions l ON l.case_id = e.case_id AND l.recorded_at >= e.asked_at AND l.manager <> $1
          AND l.final_action IS NOT NULL
        JOIN {d}.cases c ON c.case_id = e.case_id
        LEFT JOIN (SELECT case_id, arg_min(action, seq) AS action FROM {d}.first_calls WHERE manager = $1
          GROUP BY case_id) f ON f.case_id = e.case_id
        WHERE l.recorded_at > $2::timestamp AND NOT c.bank
        UNION ALL
        SELECT CASE WHEN o.right_action = l.final_action THEN 'rescued' ELSE 'contradicted' END, l.case_id,
          l.decision_id, l.final_action, o.right_action, '', '', o.recorded_at
        FROM ({newest}) w JOIN {d}.outcomes o ON o.case_id = w.case_id AND o.seq = w.seq AND NOT o.withdrawn
        JOIN {d}.live_decisions l ON l.case_id = o.case_id
        JOIN {d}.cases c ON c.case_id = l.case_id
        WHERE l.manager = $1 AND l.final_action <> l.recommended_action AND NOT c.bank
        UNION ALL
        SELECT CASE WHEN o.withdrawn THEN 'withdrawn' ELSE 'corrected' END, l.case_id, l.decision_id, t.right_action,
          o.right_action, o.recorded_by, '', o.recorded_at
        FROM ({newest}) w JOIN {d}.outcomes o ON o.case_id = w.case_id AND o.seq = w.seq
        JOIN ({told}) t ON t.case_id = o.case_id AND NOT t.withdrawn
        JOIN {d}.live_decisions l ON l.case_id = o.case_id
        JOIN {d}.cases c ON c.case_id = l.case_id
        WHERE l.manager = $1 AND l.final_action IS NOT NULL AND l.recorded_at <= $2::timestamp AND NOT c.bank
        AND (o.withdrawn OR o.right_action <> t.right_action)
        {_reviewed(d) if _any_review(store, d, since) else ""}"""


def _any_review(store: Store, d: str, since: datetime | None) -> bool:
    """Whether a second person said anything since; mostly nobody did, and then no decision is looked up for it."""
    rows = store.read(
        f"SELECT 1 FROM {d}.signatures WHERE kind = 'refused' AND happened_at > $1 UNION ALL "
        f"SELECT 1 FROM {d}.opinions WHERE kind = 'given' AND happened_at > $1 UNION ALL "
        f"SELECT 1 FROM {d}.resolutions WHERE resolved_at > $1 LIMIT 1",
        [since or BEGINNING],
    )
    return bool(rows)


def _reviewed(d: str) -> str:
    """What a second person said of an author's decision, and how a conflict ended for everyone who had a side in it.

    No outcome is told here, so cases of the bank are not left out. Who was sent back hears of the reversal.
    """
    return f"""UNION ALL SELECT 'not signed', s.case_id, s.decision_id, x.final_action, NULL, s.by_whom, s.why, s.happened_at
        FROM {d}.signatures s JOIN {d}.decisions x ON x.decision_id = s.decision_id
        WHERE s.kind = 'refused' AND s.happened_at > $2::timestamp AND x.manager = $1
        UNION ALL
        SELECT 'second opinion', o.case_id, o.decision_id, x.final_action, o.action, '', coalesce(t.text, ''), o.happened_at
        FROM {d}.opinions o JOIN {d}.decisions x ON x.decision_id = o.decision_id
        LEFT JOIN {d}.opinion_texts t ON t.opinion_id = o.opinion_id
        WHERE o.kind = 'given' AND o.happened_at > $2::timestamp AND x.manager = $1
        UNION ALL
        SELECT 'settled', r.case_id, r.decision_id,
          CASE WHEN x.manager = $1 THEN x.final_action ELSE (SELECT arg_max(o.action, o.seq) FROM {d}.opinions o
            WHERE o.decision_id = r.decision_id AND o.manager = $1 AND o.kind = 'given') END,
          CASE r.result WHEN 'stands' THEN x.final_action WHEN 'another action' THEN r.action END,
          r.by_whom, r.why, r.resolved_at
        FROM {d}.resolutions r JOIN {d}.decisions x ON x.decision_id = r.decision_id
        WHERE r.resolved_at > $2::timestamp AND NOT (x.manager = $1 AND r.result = 'sent back')
        AND r.decision_id IN (SELECT decision_id FROM ({PARTIES.format(d=d)}) p WHERE p.person = $1)"""
