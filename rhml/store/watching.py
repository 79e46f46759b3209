"""What watching over a model reads: a sample of what it learned from, what came since, and what proved right."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import frames
from rhml.store.engine import Store, quoted


def learned_sample(store: Store, domain: DecisionDomain, seq: int, limit: int) -> pd.DataFrame:
    """Some of the cases that were decided or resolved at a fact's number, always the same ones; no bank."""
    d = quoted(domain.name)
    return frames.cases(
        store,
        domain,
        only=f"c.case_id IN (SELECT k.case_id FROM {d}.cases k WHERE NOT k.bank AND k.seq <= $1 AND k.case_id IN "
        f"(SELECT case_id FROM {d}.outcomes WHERE seq <= $1 UNION ALL "
        f"SELECT case_id FROM {d}.decisions WHERE seq <= $1) ORDER BY md5(k.case_id) LIMIT {int(limit)})",
        parameters=(seq,),
    )


def arrived_count(store: Store, domain: DecisionDomain, seq: int) -> int:
    """How many cases came into the log after a fact's number."""
    [(n,)] = store.read(f"SELECT count(*) FROM {quoted(domain.name)}.cases WHERE seq > $1", [seq])
    return n


def arrived(store: Store, domain: DecisionDomain, seq: int, *, skipped: int) -> pd.DataFrame:
    """The cases that came after a fact's number, in order of arrival, without so many of the first ones."""
    d = quoted(domain.name)
    return frames.cases(
        store,
        domain,
        only=f"c.seq > (SELECT coalesce(max(seq), $1) FROM (SELECT seq FROM {d}.cases WHERE seq > $1 "
        "ORDER BY seq LIMIT $2) earlier)",
        parameters=(seq, skipped),
    )


def proved(
    store: Store, domain: DecisionDomain, *, version: str | None = None, limit: int = 20_000
) -> pd.DataFrame:
    """Resolved cases whose newest recommendation came before the outcome, in order of resolution.

    Columns: case_id, model_version, action, probability, action_set (list or None), unlike (bool), help,
    right_action, right (bool), explore, mode, decided_at (or when it was recommended). `version` takes the recommendations of one version alone.
    Where an intent moved a recommendation, action and probability are those of the likeliest: the model erred where that was wrong.
    """
    d = quoted(domain.name)
    frame = store.frame(
        "SELECT r.case_id, r.model_version, r.action, r.probability, r.action_set, r.unlike IS NOT NULL AS unlike, "
        "r.help, o.right_action, r.action = o.right_action AS right, "
        f"c.explore, c.mode, coalesce((SELECT min(l.decided_at) FROM {d}.live_decisions l WHERE l.case_id = r.case_id), "
        f"r.made_at) AS decided_at FROM {d}.current_outcomes o JOIN (SELECT case_id, model_version, "
        "coalesce(likeliest_action, action) AS action, coalesce(likeliest_probability, probability) AS probability, action_set, unlike, help, made_at, row_number() OVER (PARTITION BY case_id "
        f"ORDER BY seq DESC) AS newest FROM {d}.recommendations r WHERE NOT imported "
        "AND ($1::text IS NULL OR model_version = $1::text) AND seq < "
        f"(SELECT min(seq) FROM {d}.outcomes f WHERE f.case_id = r.case_id)) r "
        f"ON r.case_id = o.case_id AND r.newest = 1 JOIN {d}.cases c ON c.case_id = o.case_id "
        f"WHERE r.probability IS NOT NULL ORDER BY o.seq DESC LIMIT {int(limit)}",
        [version],
    )
    return frame.iloc[::-1].reset_index(drop=True)


def ends(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """When each decision was made and when its outcome became known, with what `reports.late_outcomes` reads besides."""
    return store.frame(
        "SELECT case_id, manager, first_action, recommended_action, final_action, right_action, decided_at, known_at, explore, "
        f"imported FROM {quoted(domain.name)}.decided"
    )


_TEACHES = "right_action IS NOT NULL AND NOT bank AND NOT moved_by_intent"
"""What an intent made the model recommend says nothing of where a look helps."""


def resolved_calls(store: Store, domain: DecisionDomain, limit: int) -> pd.DataFrame:
    """The newest decisions whose outcome is known, oldest first, to learn where people help; nobody learns from the bank."""
    frame = store.frame(
        "SELECT decision_id, case_id, manager, mode, model_version, first_action, recommended_action, recommended_confidence, "
        f"final_action, right_action, explore FROM {quoted(domain.name)}.decided WHERE {_TEACHES} "
        f"ORDER BY decided_at DESC NULLS LAST, decision_id DESC LIMIT {int(limit)}"
    )
    return frame.iloc[::-1].reset_index(drop=True)


def cases_of(store: Store, domain: DecisionDomain, limit: int) -> pd.DataFrame:
    """The cases of `resolved_calls`, one row a case."""
    d = quoted(domain.name)
    return frames.cases(
        store,
        domain,
        only=f"c.case_id IN (SELECT case_id FROM {d}.decided WHERE {_TEACHES} "
        f"ORDER BY decided_at DESC NULLS LAST, decision_id DESC LIMIT {int(limit)})",
    )


def resolved_bank(store: Store, domain: DecisionDomain, limit: int) -> pd.DataFrame:
    """Cases of the bank whose outcome is known: no version learned from them."""
    d = quoted(domain.name)
    return frames.cases(
        store,
        domain,
        only=f"c.bank AND c.case_id IN (SELECT case_id FROM {d}.current_outcomes ORDER BY seq DESC LIMIT {int(limit)})",
    )


def bank_before(store: Store, domain: DecisionDomain, seq: int, limit: int) -> pd.DataFrame:
    """Cases of the bank that were in the log at a fact's number: of the time a model learned, and unseen by it."""
    d = quoted(domain.name)
    return frames.cases(
        store,
        domain,
        only=f"c.case_id IN (SELECT k.case_id FROM {d}.cases k WHERE k.bank AND k.seq <= $1 "
        f"ORDER BY md5(k.case_id) LIMIT {int(limit)})",
        parameters=(seq,),
    )
