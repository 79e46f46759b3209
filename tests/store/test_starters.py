"""Starter questions against plain counting in Python, on every shape of domain."""

from collections import Counter, defaultdict
from statistics import median

import duckdb
import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.reliance import verdict
from rhml.store.questions.starters import starters

ACTIONS = '[actions]\nlend = "Lend"\ndecline = "Decline"\n'
SHAPES = {
    "two actions": f'title = "T"\n{ACTIONS}[outcome]\n[value]\ncolumn = "amount"\nunit = "€"\n'
    "cost = { lend = { decline = 0.5 }, decline = { lend = 0.25 } }\n",
    "selective": f'title = "T"\n{ACTIONS}[outcome]\nobserved_after = ["lend"]\n',
    "three actions": f'title = "T"\n{ACTIONS}refer = "Refer"\n[outcome]\n',
    "no outcome": f'title = "T"\n{ACTIONS}',
}
REST = '[features.amount]\nkind = "number"\n[features.sector]\nlabel = "Sector"\nkind = "category"\n[segments]\ncolumns = ["amount", "sector"]\n'


def made(domain, n: int = 600) -> pd.DataFrame:
    """Decisions of every kind: with and without a recommendation, a first call, an outcome, a time."""
    draw = np.random.default_rng(11)

    def action(missing: float) -> list[str | None]:
        drawn = draw.choice(domain.action_keys, n)
        return [None if gone else str(a) for a, gone in zip(drawn, draw.random(n) < missing, strict=True)]

    rows = pd.DataFrame(
        {
            "first_action": action(0.5),
            "recommended_action": action(0.1),
            "final_action": action(0.05),
            "right_action": action(0.3 if domain.outcome else 1.0),
            "recommended_confidence": draw.random(n),
            "final_confidence": draw.random(n),
            "model_version": draw.choice(["v1", "v2"], n),
            "mode": draw.choice(["assisted", "first_call"], n),
            "reason": draw.choice(["Data is wrong", "Other"], n),
            "seconds": draw.exponential(60, n).round(),
            "explore": draw.random(n) < 0.3,
            "imported": draw.random(n) < 0.2,
            "value": draw.integers(1, 100, n) * 1.0,
            "sector": draw.choice(["retail", "farming"], n),
            "decided_at": pd.Timestamp("2026-01-01") + pd.to_timedelta(draw.integers(0, 120, n), "D"),
        }
    )
    rows["verdict"] = [
        verdict(
            first=r.first_action, recommended=r.recommended_action, final=r.final_action, right=r.right_action
        )
        if r.final_action
        else None
        for r in rows.astype(object).where(rows.notna(), None).itertuples()
    ]
    return rows


@pytest.fixture(params=SHAPES)
def shape(request):
    """A domain, its decisions as dictionaries, and a way to ask a starter by the beginning of its title."""
    domain = parse_domain("loans", SHAPES[request.param] + REST)
    table = made(domain)
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    box = duckdb.connect(":memory:")
    box.register("decided", table)
    box.execute("CREATE VIEW overrides AS SELECT * FROM decided WHERE final_action <> recommended_action")

    def ask(title: str) -> list[dict]:
        [starter] = [s for s in starters(domain) if s.title.startswith(title)]
        return box.execute(starter.sql).df().to_dict("records")

    yield domain, rows, ask
    box.close()


def speaks(domain, row) -> bool:
    return row["right_action"] is not None and (
        not domain.selective or (row["explore"] and not row["imported"])
    )


def overrides(rows) -> list[dict]:
    return [
        r
        for r in rows
        if r["final_action"] and r["recommended_action"] and r["final_action"] != r["recommended_action"]
    ]


def test_rescued_spoiled_and_what_they_were_worth(shape):
    domain, rows, ask = shape
    if domain.outcome is None:
        assert not [s for s in starters(domain) if s.of_outcomes]
        return
    held = defaultdict(list)
    for row in overrides(rows):
        if speaks(domain, row):
            held[row["sector"]].append(row)
    found = ask("Where do overrides rescue")
    assert {f["segment"] for f in found} == set(held)
    unit = next(name for name in found[0] if name.startswith("saved"))
    for line in found:
        mine = held[line["segment"]]
        assert line["overrides_judged"] == len(mine)
        counts = Counter(r["verdict"] for r in mine)
        assert (line["rescued"], line["spoiled"]) == (counts["rescued"], counts["spoiled"])
        assert line.get("both_wrong", 0) == counts["both wrong"]
        worth = sum(
            (
                domain.cost_of(r["recommended_action"], r["right_action"])
                - domain.cost_of(r["final_action"], r["right_action"])
            )
            * (r["value"] if domain.value.column else 1)
            for r in mine
            if r["verdict"] != "both wrong"
        )
        assert line[unit] == pytest.approx(worth, abs=0.01)


@pytest.mark.parametrize(
    ("title", "needed", "shares"),
    [
        ("Who was right", ("recommended_action", "final_action"),
         {"decisions_right": "final_action", "recommendations_right": "recommended_action"}),
        ("Is the first call", ("first_action", "final_action"),
         {"first_call_right": "first_action", "final_decision_right": "final_action"}),
    ],
)  # fmt: skip
def test_shares_right_by_month(shape, title, needed, shares):
    domain, rows, ask = shape
    if domain.outcome is None:
        return
    months = defaultdict(list)
    for row in rows:
        if all(row[key] for key in needed) and speaks(domain, row):
            months[row["decided_at"].replace(day=1)].append(row)
    found = ask(title)
    assert [pd.Timestamp(f["month"]) for f in found] == sorted(months)
    for line in found:
        mine = months[pd.Timestamp(line["month"])]
        assert line["judged"] == len(mine)
        for name, action in shares.items():
            assert line[name] == pytest.approx(
                np.mean([r[action] == r["right_action"] for r in mine]), abs=0.001
            )


def test_confidence_against_what_came_true(shape):
    domain, rows, ask = shape
    if domain.outcome is None:
        return
    found = ask("When people were sure")
    known = [r for r in rows if speaks(domain, r)]
    assert sum(f["decisions"] for f in found) == len(known)
    top = [
        r["final_action"] == r["right_action"]
        for r in known
        if r["final_action"] and r["final_confidence"] >= 0.9
    ]
    all_top = [r for r in known if r["final_confidence"] >= 0.9]
    assert found[-1]["people_said_at_least"] == 0.9 and found[-1]["decisions"] == len(all_top)
    assert found[-1]["came_true"] == pytest.approx(np.mean(top), abs=0.001)


def test_what_people_did_after_the_recommendation(shape):
    _, rows, ask = shape
    told = Counter()
    for r in rows:
        first, shown, final = r["first_action"], r["recommended_action"], r["final_action"]
        if first and shown and final:
            said = ("agreed from the start" if first == shown == final else "agreed, then left it" if first == shown
                    else "took the recommendation" if final == shown else "kept the first call" if final == first
                    else "took a third")  # fmt: skip
            told[said] += 1
    assert {f["what_people_did"]: f["decisions"] for f in ask("What does seeing")} == dict(told)


def test_time_a_decision_takes(shape):
    _, rows, ask = shape
    held = defaultdict(list)
    for r in rows:
        if r["final_action"] and r["recommended_action"]:
            held[r["mode"], "differs" if r["final_action"] != r["recommended_action"] else "follows"].append(
                r["seconds"]
            )
    found = {(f["mode"], f["decision"]): f for f in ask("How long")}
    assert set(found) == set(held)
    for key, seconds in held.items():
        assert found[key]["decisions"] == len(seconds)
        assert found[key]["median_seconds"] == pytest.approx(median(seconds))


def test_agreement_with_each_version_and_the_rate_by_month_say_the_same_in_sum(shape):
    _, rows, ask = shape
    advised = [r for r in rows if r["final_action"] and r["recommended_action"]]
    agreed = sum(r["final_action"] == r["recommended_action"] for r in advised)
    by_version, by_month = ask("How often do people agree"), ask("How does the override rate")
    assert sum(f["decisions"] for f in by_version) == sum(f["decisions"] for f in by_month) == len(advised)
    assert sum(f["share_agreed"] * f["decisions"] for f in by_version) == pytest.approx(agreed, abs=1)
    assert sum((1 - f["share_overridden"]) * f["decisions"] for f in by_month) == pytest.approx(agreed, abs=1)
    flows = {(f["recommended_action"], f["final_action"]): f["decisions"] for f in ask("From which")}
    assert flows == dict(Counter((r["recommended_action"], r["final_action"]) for r in advised))


def test_reasons_and_what_came_of_them(shape):
    _, rows, ask = shape
    held = defaultdict(Counter)
    for r in overrides(rows):
        held[r["reason"]][r["verdict"]] += 1
    for line in ask("Which reasons"):
        mine = held[line["reason"]]
        parts = [mine["rescued"], mine["spoiled"], mine[None]]
        assert [line["rescued"], line["spoiled"], line["not_known"]] == parts
        assert line["overrides"] == mine.total() == sum(parts) + line.get("both_wrong", 0)


def test_the_segment_of_the_starters_is_one_with_names(shape):
    domain, _, _ = shape
    assert any(s.title == "Where do decisions differ: by sector?" for s in starters(domain))
