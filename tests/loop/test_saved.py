"""Saved views and questions: kept under a title, opened under one's own veil, changed by their owner alone."""

import pandas as pd
import pytest

from rhml.errors import NotPermitted, SavedGone, SavedRefused
from rhml.loop import privacy, saved
from rhml.loop.onboard import onboard
from rhml.store import organization
from rhml.store.veil import pseudonym
from tests.loans import NOW, csv, loan_cases, right_action


@pytest.fixture
def team(log, loans):
    """240 loans decided beside a recommendation, every sixth otherwise; a lead, an analyst and a manager."""
    cases = loan_cases(240)
    right = list(right_action(cases))
    other = {"lend": "decline", "decline": "lend"}
    decisions = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "manager": [f"m{i % 3}" for i in range(240)],
            "recommended_action": right,
            "recommended_confidence": 0.75,
            "final_action": [other[a] if i % 4 == 0 else a for i, a in enumerate(right)],
            "reason": ["Data is wrong" if i % 4 == 0 else None for i in range(240)],
            "decided_at": cases["due_at"],
        }
    )
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right, "known_at": "2026-03-01"})
    onboard(log, loans, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="lead", at=NOW)
    for person, role in (("lead", "lead"), ("analyst", "analyst"), ("m0", "manager")):
        log.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))
    return loans


def veil(log, domain, person):
    return privacy.veil(log, domain, reader=person, role=organization.role(log, person))


def keep(log, domain, *, by="lead", title="Late ones", shared=True, **parameters):
    return saved.view(
        log, domain, "overrides", title, parameters, veil=veil(log, domain, by), by=by, shared=shared, at=NOW
    )


def ask(log, domain, *, by="analyst", title="All", sql="SELECT 1 AS one", shared=True):
    return saved.question(log, domain, title, sql, by=by, shared=shared, at=NOW)


def test_a_shared_thing_is_everyones_to_open_and_its_owners_to_change(log, team):
    thing = ask(log, team)
    assert saved.found(log, team, thing.saved_id, by="m0") == thing
    with pytest.raises(NotPermitted, match="kept by analyst"):
        saved.rename(log, team, thing.saved_id, "Mine", by="m0", at=NOW)
    saved.rename(log, team, thing.saved_id, "  Ours\tnow\u200b ", by="analyst", at=NOW)
    assert saved.found(log, team, thing.saved_id, by="m0").title == "Ours now"
    with pytest.raises(NotPermitted, match="lead"):
        saved.remove(log, team, thing.saved_id, by="m0")
    saved.remove(log, team, thing.saved_id, by="lead")
    with pytest.raises(SavedGone, match="Ask whoever gave you the link"):
        saved.found(log, team, thing.saved_id, by="analyst")


def test_what_is_not_shared_is_its_owners_alone_even_for_a_lead(log, team):
    thing = ask(log, team, shared=False)
    assert [t.title for t in saved.listed(log, team, by="analyst")] == ["All"]
    assert saved.listed(log, team, by="lead") == []
    for person in ("lead", "m0", ""):
        with pytest.raises(SavedGone):
            saved.found(log, team, thing.saved_id, by=person)
    saved.share(log, team, thing.saved_id, True, by="analyst", at=NOW)
    assert saved.found(log, team, thing.saved_id, by="lead").shared


def test_a_view_keeps_people_under_names_that_stand_for_them(log, team):
    thing = keep(log, team, in_manager=["m0", "m1"], in_reason=["Data is wrong"], since=["2026-01"])
    assert thing.content["in_manager"] == [pseudonym(log.secret, name) for name in ("m0", "m1")]
    assert "m1" not in str(thing.content)
    shown, left_out = saved.parameters(log, thing, veil(log, team, "lead"))
    assert (shown["in_manager"], left_out) == (["m0", "m1"], 0)
    shown, left_out = saved.parameters(log, thing, veil(log, team, "analyst"))
    assert (shown["in_manager"], left_out) == (thing.content["in_manager"], 0)


def test_a_view_never_widens_what_a_reader_may_see(log, team):
    thing = keep(log, team, in_manager=["m0", "m1"], since=["2026-01"])
    shown, left_out = saved.parameters(log, thing, veil(log, team, "m0"))
    assert (shown, left_out) == ({"in_manager": ["m0"], "since": ["2026-01"]}, 1)
    forged = saved.view(log, team, "overrides", "Forged", {"in_manager": ["m1"]}, veil=veil(log, team, "analyst"),
                        by="analyst", shared=True, at=NOW)  # fmt: skip
    assert saved.parameters(log, forged, veil(log, team, "analyst")) == ({}, 1)
    assert "m1" not in str(forged.content), "a name from an address is kept no more than one from a list"
    assert saved.parameters(log, forged, veil(log, team, "m0")) == ({}, 1)


@pytest.mark.parametrize("title", ["", "   ", "\u200b\n", "x" * 81])
def test_a_title_that_is_none_is_refused(log, team, title):
    with pytest.raises(SavedRefused, match="between 1 and 80"):
        ask(log, team, title=title)


def test_texts_and_filters_have_limits(log, team, monkeypatch):
    for sql in ("", " \n", "x" * 10_001):
        with pytest.raises(SavedRefused, match="10,000 characters"):
            ask(log, team, sql=sql)
    for parameters in (
        {"words": ["x" * 201]},
        {"in_reason": ["x"] * 201},
        {f"p{i}": ["x"] for i in range(61)},
    ):
        with pytest.raises(SavedRefused, match="too many"):
            keep(log, team, **parameters)
    with pytest.raises(SavedRefused, match="who you are"):
        ask(log, team, by="")
    monkeypatch.setattr(saved, "MOST", 1)
    ask(log, team)
    with pytest.raises(SavedRefused, match="Remove one"):
        ask(log, team, title="More")


def test_another_domains_thing_is_not_there(log, team):
    thing = ask(log, team)
    with pytest.raises(SavedGone):
        saved.found(log, team.model_copy(update={"name": "other"}), thing.saved_id, by="analyst")


def test_two_things_of_one_page_never_have_one_title(log, team):
    ask(log, team, title="Mine")
    with pytest.raises(SavedRefused, match="another title"):
        ask(log, team, title=" Mine ")
    other = ask(log, team, title="Other")
    with pytest.raises(SavedRefused, match="another title"):
        saved.rename(log, team, other.saved_id, "Mine", by="analyst", at=NOW)
    saved.rename(log, team, other.saved_id, "Other", by="analyst", at=NOW)
    ask(log, team, by="lead", title="Mine")
