"""Proposals are found, tried on cases nobody learned from, and accepted or declined by a lead with a reason."""

import shutil

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DecisionInvalid, ImportRefused, NotPermitted, ProposalGone, UnknownCase
from rhml.loop import collect, settle
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.propose import propose
from rhml.loop.recommend import recommend_stored, recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store import case_file, frames, organization, proposals, registry, waiting
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases, right_action

OTHER = {"lend": "decline", "decline": "lend"}


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def look(log, domain, **named):
    return propose(log, domain, by="lead", at=NOW, progress=quiet, **named)


def answered(log, domain, found, **named):
    return settle.accept(log, domain, found.proposal_id, by="lead", why="agreed", at=NOW, **named)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A log of loans in which proposals were found and tried, as a file to copy."""
    path = tmp_path_factory.mktemp("said") / "log.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    loans = parse_domain("loans", LOANS)
    warehouses(log, loans)
    mark(log, loans, "amount", "irrelevant here")
    look(log, loans)
    log.close()
    return path


@pytest.fixture(scope="module")
def made_live(made, tmp_path_factory):
    """The same log with the field to collect accepted, and a version that recommends."""
    path = tmp_path_factory.mktemp("collecting") / "log.duckdb"
    shutil.copy(made, path)
    log = open_store(f"duckdb:///{path}", now=NOW)
    answered(
        log, organization.domain(log, "loans"), of_kind(log, "collect"), label="Stock seen", kind="yes_no"
    )
    domain = organization.domain(log, "loans")
    version = retrain(log, domain, by="lead", at=NOW, progress=quiet).version
    promote(log, domain, version, by="lead", why="first", at=NOW)
    recommend_waiting(log, domain, at=NOW, progress=quiet)
    log.close()
    return path


def copied(made, tmp_path):
    shutil.copy(made, tmp_path / "copy.duckdb")
    return open_store(f"duckdb:///{tmp_path / 'copy.duckdb'}", now=NOW)


@pytest.fixture
def log(made, tmp_path):
    store = copied(made, tmp_path)
    yield store
    store.close()


@pytest.fixture
def live(made_live, tmp_path):
    store = copied(made_live, tmp_path)
    yield store
    store.close()


@pytest.fixture
def said(log):
    return organization.domain(log, "loans")


@pytest.fixture
def collecting(live):
    return organization.domain(live, "loans")


def of_kind(log, kind):
    """The open proposal of a kind."""
    [found] = [one for one in proposals.everything(log, "loans") if one.kind == kind and not one.decided]
    return found


def warehouses(log, loans):
    """Loans in which people know of warehouses: overrides that speak of one prove right, others are a coin."""
    cases = loan_cases(700)
    rng = np.random.default_rng(2)
    stock = rng.random(700) < 0.15
    right = np.where(stock, "lend", right_action(cases))
    advice = np.array(right_action(cases), dtype=object)
    knows = stock & (rng.random(700) < 0.8)
    strays = ~stock & (rng.random(700) < 0.12)
    final = np.where(knows, "lend", np.where(strays, [OTHER[a] for a in advice], advice))
    differs = final != advice
    sentence = rng.choice(["I have a feeling", "the papers look odd", "we talked it through"], 700)
    words = np.where(knows, "The warehouse is full, I have seen it", sentence)
    decisions = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "decision_id": [f"d{i}" for i in range(700)],
            "manager": rng.choice(["m1", "m2", "m3"], 700),
            "recommended_action": advice,
            "final_action": final,
            "reason": np.where(differs, "New information", None),
            "rationale": np.where(differs, words, None),
            "decided_at": cases["due_at"],
        }
    )
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right, "known_at": "2026-03-01"})
    onboard(
        log,
        loans,
        cases=csv(cases),
        outcomes=csv(outcomes[:660]),
        decisions=csv(decisions[:660]),
        by="lead",
        at=NOW,
    )
    return loans


def mark(log, domain, factor, mark, count=30):
    """Marks on a factor in overrides that proved right."""
    decided = frames.decided(log, domain)
    good = decided[(decided["verdict"] == "rescued") & ~decided["bank"]]["decision_id"][:count]
    log.write(
        lambda tx: tx.append('"loans".marks', ("seq", "decision_id", "factor", "mark"),
                             [(tx.numbers("loans")[0], d, factor, mark) for d in good])
    )  # fmt: skip


def test_what_people_know_becomes_a_field_to_collect_with_its_gain(log):
    found = of_kind(log, "collect")
    assert found.content["name"] in {"warehouse", "seen"}
    gain = found.evidence["gain"]
    assert gain["low"] > 0 and gain["n"] == found.evidence["bank"] > 50
    assert found.evidence["examples"] == ["The warehouse is full, I have seen it"]


def test_an_edit_is_tried_against_the_same_training_without_it(log):
    found = of_kind(log, "drop").evidence
    assert found["gain"]["high"] < 0 and found["lost"] > found["won"]
    assert found["gain"]["n"] == found["cases"] and found["champion"] is None


def test_looking_again_finds_the_same_numbers_and_lists_them_once(log, said):
    settle.decline(log, said, of_kind(log, "drop").proposal_id, by="lead", why="w", at=NOW)
    before = of_kind(log, "collect")
    [again] = look(log, said).proposals
    assert again.evidence == before.evidence and of_kind(log, "collect").proposal_id == again.proposal_id
    with pytest.raises(ProposalGone):
        answered(log, said, before)


def test_an_accepted_drop_is_a_new_version_of_the_file(log, said):
    done = answered(log, said, found := of_kind(log, "drop"))
    new = organization.domain(log, "loans")
    assert done.retrain and not new.feature("amount").use and said.feature("amount").use
    held = proposals.proposal(log, "loans", found.proposal_id)
    assert (held.decided, held.decided_by, held.why) == ("accepted", "lead", "agreed")
    version = retrain(log, new, by="lead", at=NOW, progress=quiet).version
    assert "amount" not in registry.version(log, "loans", version).features


def test_only_a_lead_looks_and_answers_and_only_with_a_reason(log, said):
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    found = of_kind(log, "collect")
    for act in (
        lambda: propose(log, said, by="m1", at=NOW, progress=quiet),
        lambda: settle.accept(log, said, found.proposal_id, by="m1", why="w", at=NOW),
        lambda: settle.decline(log, said, found.proposal_id, by="m1", why="w", at=NOW),
    ):
        with pytest.raises(NotPermitted):
            act()
    for why in (" ", "x" * 501):
        with pytest.raises(DecisionInvalid):
            settle.decline(log, said, found.proposal_id, by="lead", why=why, at=NOW)


def test_a_declined_proposal_stays_away_and_is_answered_once(log, said):
    for found in proposals.everything(log, "loans"):
        settle.decline(log, said, found.proposal_id, by="lead", why="too costly to ask", at=NOW)
    assert look(log, said).proposals == ()
    with pytest.raises(ProposalGone, match="lead has declined"):
        answered(log, said, found)
    assert organization.domain(log, "loans").text == said.text


def test_a_collected_field_is_part_of_files_that_may_leave_it_out(live, collecting):
    assert collecting.feature("stock_seen").collect
    new = loan_cases(3, start=900)
    assert onboard(live, collecting, cases=csv(new), by="lead", at=NOW).cases.new == 3
    with_it = loan_cases(3, start=910).assign(stock_seen=["yes", "", "no"])
    assert onboard(live, collecting, cases=csv(with_it), by="lead", at=NOW).cases.new == 3
    assert case_file.facts(live, collecting, "a00910")["stock_seen"] is True
    settle.decline(live, collecting, of_kind(live, "drop").proposal_id, by="lead", why="w", at=NOW)
    assert look(live, collecting).proposals == ()


def test_values_that_come_later_are_facts_of_their_own(live, collecting):
    again = loan_cases(700).assign(stock_seen=["yes" if i % 3 else "" for i in range(700)])
    assert case_file.facts(live, collecting, "a00001")["stock_seen"] is None
    done = onboard(live, collecting, cases=csv(again), by="lead", at=NOW)
    assert (done.cases.new, done.cases.known, done.cases.corrected) == (0, 234, 466)
    assert case_file.facts(live, collecting, "a00001")["stock_seen"] is True
    assert onboard(live, collecting, cases=csv(again), by="lead", at=NOW).changed is False
    changed = loan_cases(2).assign(stock_seen=["no", "no"])
    assert onboard(live, collecting, cases=csv(changed), by="lead", at=NOW).cases.corrected == 2
    rows = live.read("SELECT value, was FROM loans.case_values WHERE case_id = 'a00001' ORDER BY seq")
    assert rows == [("true", None), ("false", "true")]
    with pytest.raises(ImportRefused):
        onboard(live, collecting, cases=csv(again.assign(amount=1)), by="lead", at=NOW)


def test_the_model_reads_the_field_once_enough_cases_have_it(live, collecting):
    [field] = collect.collecting(live, collecting)
    assert (field.label, field.known, field.needed, field.read) == ("Stock seen", 0, 50, False)
    assert "stock_seen" not in registry.version(live, "loans", "v1").features
    stock = np.random.default_rng(2).random(700) < 0.15
    values = loan_cases(660).assign(stock_seen=["yes" if s else "no" for s in stock[:660]])
    onboard(live, collecting, cases=csv(values), by="lead", at=NOW)
    done = retrain(live, collecting, by="lead", at=NOW, progress=quiet)
    assert done.card["importance"][0]["feature"] in ("late", "stock_seen", "amount")
    assert done.verdict == "promote"
    promote(live, collecting, done.version, by="lead", why="reads it", at=NOW)
    [field] = collect.collecting(live, collecting)
    assert field.read and field.everywhere == 660
    fill_and_score(live, collecting)


def test_a_value_that_a_later_file_brings_is_scored(live, collecting):
    assert recommend_waiting(live, collecting, at=NOW, progress=quiet) == 0
    waits = frames.undecided(live, collecting)["case_id"].iloc[0]
    again = loan_cases(700).assign(stock_seen="yes")
    again = again[again["case_id"] == waits]
    assert onboard(live, collecting, cases=csv(again), by="lead", at=NOW).cases.corrected == 1
    assert recommend_waiting(live, collecting, at=NOW, progress=quiet) == 1


def test_what_is_at_stake_follows_a_value_that_comes_later(live, collecting):
    text = collecting.text.replace('column = "amount"', 'column = "worth"')
    valued = parse_domain("loans", f'{text}\n[features.worth]\nkind = "number"\ncollect = true\n')
    onboard(live, valued, by="lead", at=NOW)
    case_id = frames.undecided(live, valued)["case_id"].iloc[0]
    assert case_file.waiting_row(live, valued, case_id)["stake"] is None
    assert collect.fill(live, valued, case_id, {"worth": "1200"}, by="m1", at=NOW)
    assert case_file.waiting_row(live, valued, case_id)["stake"] == 1200


def test_a_value_that_a_policy_turns_on_is_scored_though_no_model_reads_it(live, collecting):
    rule = '[[policy]]\nwhen = [{ feature = "stock_seen", op = "=", value = true }]\naction = "lend"\nwhy = "w"\n'
    stated = parse_domain("loans", f"{collecting.text}\n{rule}")
    onboard(live, stated, by="lead", at=NOW)
    case_id = frames.undecided(live, stated)["case_id"].iloc[0]
    collect.fill(live, stated, case_id, {"stock_seen": "yes"}, by="m1", at=NOW)
    assert recommend_waiting(live, stated, at=NOW, progress=quiet) == 1
    notes = recommend_stored(live, stated).set_index("case_id")["notes"]
    assert notes[case_id].startswith("Policy: Lend")


def test_a_file_saved_at_the_same_moment_is_not_overwritten(log, said, monkeypatch):
    found = of_kind(log, "drop")
    newer = parse_domain("loans", f"{said.text}\n# a newer line\n")
    read = organization.domain

    def a_moment_ago(store, name):
        held = read(store, name)
        if held.text == said.text:
            store.write(lambda tx: organization.save_domain(tx, newer, at=NOW, by="lead"))
        return held

    with monkeypatch.context() as race:
        race.setattr("rhml.loop.settle.organization.domain", a_moment_ago)
        with pytest.raises(ProposalGone, match="changed at this very moment"):
            answered(log, said, found)
    assert organization.domain(log, "loans").text == newer.text
    assert of_kind(log, "drop").decided is None
    answered(log, newer, found)
    assert "# a newer line" in organization.domain(log, "loans").text


def fill_and_score(live, domain):
    """A value that the live model reads changes the recommendation of its case, and of no other."""
    recommend_waiting(live, domain, at=NOW, progress=quiet)
    chances = []
    for value in ("no", "yes"):
        case_id = frames.undecided(live, domain).query("amount > 18000")["case_id"].iloc[0]
        assert collect.fill(live, domain, case_id, {"stock_seen": value}, by="m1", at=NOW)
        assert recommend_waiting(live, domain, at=NOW, progress=quiet) == 1
        chances.append(recommend_stored(live, domain).set_index("case_id")["p_lend"])
    assert chances[0][case_id] < 0.5 < chances[1][case_id]
    pd.testing.assert_series_equal(*(c.drop(case_id).sort_index() for c in chances))


def test_a_manager_fills_the_field_in_on_the_card(live, collecting):
    case_id = waiting.page(live, collecting, waiting.Queue("m1"), now=NOW, limit=1)[0]["case_id"]
    facts = case_file.facts(live, collecting, case_id)
    assert collect.missing(collecting, facts) == ["stock_seen"]
    assert collect.fill(live, collecting, case_id, {"stock_seen": "yes"}, by="m1", at=NOW)
    facts = case_file.facts(live, collecting, case_id)
    assert facts["stock_seen"] is True and collect.missing(collecting, facts) == []
    assert not collect.fill(live, collecting, case_id, {"stock_seen": "yes"}, by="m1", at=NOW)
    assert not collect.fill(live, collecting, case_id, {"stock_seen": " "}, by="m1", at=NOW)
    for bad in ({"stock_seen": "perhaps"}, {"amount": "3"}, {"gone": "1"}):
        with pytest.raises(DecisionInvalid):
            collect.fill(live, collecting, case_id, bad, by="m1", at=NOW)
    with pytest.raises(UnknownCase):
        collect.fill(live, collecting, "gone", {"stock_seen": "no"}, by="m1", at=NOW)
    live.write(lambda tx: organization.set_role(tx, "analyst", "analyst", at=NOW, by="lead"))
    with pytest.raises(NotPermitted):
        collect.fill(live, collecting, case_id, {"stock_seen": "no"}, by="analyst", at=NOW)


def test_a_stated_policy_stands_on_the_card_and_leaves_the_model_alone(live, collecting):
    before = recommend_stored(live, collecting).set_index("case_id")
    content = {"when": [{"feature": "sector", "op": "=", "value": "farming"}], "action": "lend", "why": "x"}
    found = proposals.Proposal(
        "p1", "policy", content, "Where Sector is farming …", {"support": {"overrides": 20}}, 0, NOW, "lead"
    )
    live.write(lambda tx: proposals.add(tx, "loans", [found]))
    answered(live, collecting, found)
    domain = organization.domain(live, "loans")
    farming = frames.undecided(live, domain).query("sector == 'farming'")["case_id"]
    assert recommend_waiting(live, domain, at=NOW, progress=quiet) == len(farming) > 5
    after = recommend_stored(live, domain).set_index("case_id")
    held = after["notes"].str.startswith("Policy: Lend, as Sector is farming. agreed")
    assert set(after.index[held]) == set(farming)
    pd.testing.assert_series_equal(after["confidence"].sort_index(), before["confidence"].sort_index())


def test_nothing_is_proposed_where_nobody_overrides(tmp_path):
    log = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    cases = loan_cases(40)
    onboard(log, loans := parse_domain("loans", LOANS), cases=csv(cases), by="lead", at=NOW)
    assert look(log, loans).message.startswith("Nothing to propose")
    log.close()
