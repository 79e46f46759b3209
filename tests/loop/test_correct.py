"""From outcomes to a corrected recommendation: proposed, proved, applied, switched off, absorbed or dropped."""

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import CorrectionRefused, NotPermitted
from rhml.loop.apply_correction import apply, switch_off
from rhml.loop.correct import correct
from rhml.loop.correcting import in_force, reference_cases
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_table, recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.machine.model import Model
from rhml.store import audit, corrections, frames, organization, registry, scores, waiting
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.flipped import FLIPPED, firms, outcomes, table, young_crafts
from tests.loans import NOW


def quiet(share, words):
    pass


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A copyable log: a live model from before the truth turned, and 1,500 cases that came since."""
    path = tmp_path_factory.mktemp("flipped") / "log.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", FLIPPED)
    first = firms(700, 1)
    files = {"cases": table(first), "outcomes": table(outcomes(first, 2, turned=False))}
    onboard(log, domain, **files, by="lead", at=NOW)
    done = retrain(log, domain, by="lead", at=NOW, progress=quiet)
    promote(log, domain, done.version, by="lead", why="the first", at=NOW)
    later = pd.concat([firms(1_500, 3, start=1_000), firms(100, 5, start=5_000)])
    onboard(log, domain, cases=table(later), by="lead", at=NOW)
    log.close()
    return path


@pytest.fixture
def loans():
    return parse_domain("loans", FLIPPED)


@pytest.fixture
def log(trained, tmp_path):
    copy = tmp_path / "log.duckdb"
    copy.write_bytes(trained.read_bytes())
    store = open_store(f"duckdb:///{copy}", now=NOW)
    yield store
    store.close()


LATER = outcomes(firms(1_500, 3, start=1_000), 4, turned=True).assign(known_at=pd.Timestamp("2026-02-01"))
HONEST = outcomes(firms(1_500, 3, start=1_000), 4, turned=False).assign(known_at=pd.Timestamp("2026-02-01"))


def told(log, domain, rows):
    resolve(log, domain, rows, by="lead", at=NOW)
    return correct(log, domain, by="lead", at=NOW)


def only(log):
    [held] = corrections.corrections(log, "loans")
    return held


def test_without_a_live_model_there_is_nothing_to_correct(tmp_path, loans):
    store = open_store(f"duckdb:///{tmp_path / 'empty.duckdb'}", now=NOW)
    onboard(store, loans, cases=table(firms(50, 1)), by="lead", at=NOW)
    assert "no model is live" in correct(store, loans, by="lead", at=NOW).message
    store.close()


def test_few_outcomes_are_not_looked_at_yet(log, loans):
    done = told(log, loans, LATER[:20])
    assert done.looks == 0 and done.corrections == []


def test_a_turned_truth_is_proposed_with_its_sentence_and_changes_nothing(log, loans):
    done = told(log, loans, LATER[:700])
    assert done.proposed == ("k1",) and done.looks == 1
    held = only(log)
    assert "Years in business under" in held.now.sentence and "Sector is crafts" in held.now.sentence
    assert held.state == "proposed" and in_force(log, loans, "v1") == ()
    assert held.now.evidence["right_after"] > held.now.evidence["right_before"]


def test_the_same_outcomes_again_are_not_looked_at_again(log, loans):
    told(log, loans, LATER[:700])
    assert correct(log, loans, by="lead", at=NOW).looks == 0
    assert len(corrections.corrections(log, "loans")) == 1


def test_later_outcomes_prove_it_and_a_lead_applies_it(log, loans):
    recommend_waiting(log, loans, at=NOW, progress=quiet)
    told(log, loans, LATER[:700])
    with pytest.raises(CorrectionRefused, match="not proved"):
        apply(log, loans, "k1", by="lead", why="looks right", at=NOW)
    done = told(log, loans, LATER[700:])
    assert done.proved == ("k1",)
    changed = apply(log, loans, "k1", by="lead", why="proved", at=NOW)
    assert changed > 0 and only(log).state == "applied"
    rows = log.read(
        "SELECT base, points, correction, probability, uncorrected_action, action FROM loans.recommendations "
        "WHERE corrections IS NOT NULL"
    )
    assert len(rows) == changed
    assert all(b + sum(p) + c == pytest.approx(given, abs=1e-9) for b, p, c, given, *_ in rows)
    assert sum(was != now for *_, was, now in rows) > changed / 2


def test_the_list_says_what_a_correction_changed_and_nothing_before_an_own_call(log, loans):
    recommend_waiting(log, loans, at=NOW, progress=quiet)
    told(log, loans, LATER[:700])
    apply(log, loans, "k1", by="lead", why="urgent", at=NOW, anyway=True)
    rows = waiting.page(log, loans, Queue("m1"), now=NOW, limit=3_000)
    assert any(r["uncorrected_action"] not in (None, r["action"]) for r in rows)
    assert all(r["uncorrected_action"] is None for r in rows if r["mode"] != "assisted")


def test_cases_that_arrive_later_are_corrected_too(log, loans):
    told(log, loans, LATER[:700])
    new = firms(200, 9, start=9_000)
    before = recommend_table(log, loans, new)
    apply(log, loans, "k1", by="lead", why="urgent", at=NOW, anyway=True)
    after = recommend_table(log, loans, new)
    moved = (before["p_lend"] - after["p_lend"]).abs() > 1e-9
    inside = in_force(log, loans, "v1")[0].segment.holds(new)
    assert (moved.to_numpy() == inside).all() and (inside ^ young_crafts(new)).mean() < 0.02


def test_switched_off_it_recommends_no_more_and_is_not_proposed_again(log, loans):
    recommend_waiting(log, loans, at=NOW, progress=quiet)
    told(log, loans, LATER[:700])
    apply(log, loans, "k1", by="lead", why="urgent", at=NOW, anyway=True)
    assert switch_off(log, loans, "k1", by="lead", why="a mistake", at=NOW) > 0
    assert in_force(log, loans, "v1") == () and only(log).state == "switched off"
    [(left,)] = log.read("SELECT count(*) FROM loans.waiting WHERE uncorrected_action IS NOT NULL")
    assert left == 0
    done = told(log, loans, LATER[700:800])
    assert done.proposed == ()


def test_a_correction_whose_scoring_was_cut_short_is_scored_next_time(log, loans, monkeypatch):
    recommend_waiting(log, loans, at=NOW, progress=quiet)
    told(log, loans, LATER[:700])
    with monkeypatch.context() as cut:
        cut.setattr("rhml.loop.apply_correction.recommend_again", _killed)
        with pytest.raises(KeyboardInterrupt):
            apply(log, loans, "k1", by="lead", why="urgent", at=NOW, anyway=True)
    assert recommend_waiting(log, loans, at=NOW, progress=quiet) > 0
    [(touched,)] = log.read("SELECT count(*) FROM loans.waiting WHERE uncorrected_action IS NOT NULL")
    assert touched > 0
    assert recommend_waiting(log, loans, at=NOW, progress=quiet) == 0


def _killed(*_, **__):
    raise KeyboardInterrupt


def test_a_file_of_wrong_outcomes_is_never_proved(log, loans):
    assert told(log, loans, LATER[:600]).proposed == ("k1",)
    done = told(log, loans, HONEST[600:])
    assert only(log).tested != "proved" and done.proposed == ()
    with pytest.raises(CorrectionRefused):
        apply(log, loans, "k1", by="lead", why="I like it", at=NOW)


def test_where_the_domain_says_so_it_applies_at_once_and_goes_when_not_borne_out(log):
    domain = parse_domain("loans", FLIPPED + '[training]\ncorrections = "apply"\n')
    recommend_waiting(log, domain, at=NOW, progress=quiet)
    done = told(log, domain, LATER[:500])
    assert done.applied == ("k1",) and done.rescored > 0
    assert only(log).applied.evidence["at_once"]
    done = told(log, domain, HONEST[500:])
    assert done.refuted == ("k1",) and done.switched_off == ("k1",)
    assert in_force(log, domain, "v1") == ()


def test_a_correction_ends_with_its_version_and_a_note_says_how(log, loans):
    told(log, loans, LATER[:700])
    told(log, loans, LATER[700:])
    apply(log, loans, "k1", by="lead", why="proved", at=NOW)
    done = retrain(log, loans, by="lead", at=NOW, progress=quiet)
    promote(log, loans, done.version, by="lead", why="newer", at=NOW, anyway=True)
    first, *again = corrections.corrections(log, "loans")
    assert first.state in ("absorbed", "dropped") and "log loss" in first.ended.why
    assert in_force(log, loans, done.version) == ()
    assert [c.version for c in again] in ([], [done.version])
    with pytest.raises(CorrectionRefused, match="does not recommend"):
        apply(log, loans, "k1", by="lead", why="again", at=NOW)


def test_only_a_lead_applies_and_only_with_a_reason(log, loans):
    told(log, loans, LATER[:700])
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    with pytest.raises(NotPermitted):
        apply(log, loans, "k1", by="m1", why="x", at=NOW, anyway=True)
    with pytest.raises(NotPermitted):
        correct(log, loans, by="m1", at=NOW)
    with pytest.raises(CorrectionRefused, match="Say why"):
        switch_off(log, loans, "k1", by="lead", why=" ", at=NOW)
    with pytest.raises(CorrectionRefused, match="no correction 'k9'"):
        apply(log, loans, "k9", by="lead", why="x", at=NOW)


def test_bank_cases_lead_to_no_correction(log, loans):
    told(log, loans, LATER)
    bank = frames.cases(log, loans).set_index("case_id")["bank"]
    held = corrections.outcome_numbers(log, loans, 0)
    assert not bank.loc[list(held)].astype(bool).any()


def test_uncorrected_recommendations_say_nothing_of_corrections(log, loans):
    recommend_waiting(log, loans, at=NOW, progress=quiet)
    rows = log.read(
        "SELECT count(corrections), count(correction), count(uncorrected_action) FROM loans.recommendations"
    )
    assert rows == [(0, 0, 0)]
    assert "uncorrected_action" in scores.SHOWN


def test_the_training_cases_are_known_with_their_outcome_of_then(log, loans):
    """One corrected outcome must not lose the out-of-fold probabilities of all the others."""
    model = Model.from_bytes(registry.content(log, "loans", "v1"))
    learned_from = registry.version(log, "loans", "v1").learned_from
    then = reference_cases(log, loans, learned_from, model)
    assert len(then) == len(model.right) > 400
    case_id, right = then.cases.loc[0, ["case_id", "right_action"]]
    other = "decline" if right == "lend" else "lend"
    rows = pd.DataFrame({"case_id": [case_id], "right_action": [other], "known_at": [NOW]})
    resolve(log, loans, rows, by="lead", at=NOW)
    assert len(reference_cases(log, loans, learned_from, model)) == len(then)


def test_the_audit_trail_says_who_did_what_with_it(log, loans):
    told(log, loans, LATER[:700])
    switch_off(log, loans, "k1", by="lead", why="not ours", at=NOW)
    said = [line["detail"] for line in audit.page(log, loans, audit.Filter(kind="correction"))]
    assert any("switched off: not ours" in s for s in said) and any("When Years" in s for s in said)
