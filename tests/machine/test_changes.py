import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.changes import what_would_change


def applied(cases, changes):
    """The cases with every step of their change made."""
    changed = cases.copy()
    for row, change in zip(cases.index, changes, strict=True):
        for step in change.steps if change else ():
            then = float(step.then) if isinstance(step.then, bool) else step.then
            changed.loc[row, step.feature] = then
    return changed


@pytest.fixture(scope="module")
def found(model, make, domain):
    cases = make(300, 31)[0]
    return cases, what_would_change(model, cases, domain=domain)


def test_every_change_tips_the_recommendation_when_it_is_made(model, found):
    cases, changes = found
    before, after = model.probabilities(cases), model.probabilities(applied(cases, changes))
    for row, change in enumerate(changes):
        if change is None:
            continue
        assert after[row].argmax() != before[row].argmax()
        assert model.actions[after[row].argmax()] == change.action
        assert abs(after[row].max() - change.probability) < 1e-6
    assert sum(change is not None for change in changes) > 150


def test_only_changeable_features_move_and_at_most_two(found):
    _, changes = found
    steps = [change.steps for change in changes if change]
    assert {step.feature for some in steps for step in some} <= {"income", "debt", "owner"}
    assert {len(some) for some in steps} <= {1, 2}


def test_a_move_is_at_least_a_meaningful_step_to_a_round_value(found):
    _, changes = found
    moves = [step for change in changes if change for step in change.steps if step.feature == "income"]
    assert moves
    for step in moves:
        assert abs(step.then - step.now) >= 0.1 - 1e-9
        assert abs(step.then / 0.1 - round(step.then / 0.1)) < 1e-6


def test_no_change_goes_against_a_monotone_effect(found):
    _, changes = found
    alone = [c for c in changes if c and len(c.steps) == 1 and c.steps[0].feature == "income"]
    assert alone
    for change in alone:
        assert (change.steps[0].then > change.steps[0].now) == (change.action == "lend")


def test_where_nothing_may_change_nothing_is_suggested(model, cases, domain):
    text = domain.text.replace("changeable = true", "")
    assert what_would_change(model, cases.iloc[:5], domain=parse_domain("loans", text)) == [None] * 5


def test_a_batch_answers_as_one_case_does(model, found, domain):
    cases, changes = found
    alone = [what_would_change(model, cases.iloc[[row]], domain=domain)[0] for row in range(8)]
    assert alone == changes[:8]


def test_three_actions_categories_dates_and_gaps_are_searched(three, model, cases, domain):
    triage, patients, triage_model = three
    changes = what_would_change(triage_model, patients.iloc[:60], domain=triage)
    after = triage_model.probabilities(applied(patients.iloc[:60], changes))
    assert all(triage_model.actions[p.argmax()] == c.action for p, c in zip(after, changes, strict=True) if c)
    text = domain.text
    for kind in ('kind = "category"\n[features.owner]', 'kind = "date"'):
        head, mark, tail = kind.partition("\n")
        text = text.replace(kind, f"{head}\nchangeable = true{mark}{tail}")
    wide = parse_domain("loans", text)
    some = cases.iloc[:40].assign(debt=np.nan, since=pd.Timestamp("2020-06-01 13:30"))
    changes = what_would_change(model, some, domain=wide)
    after = model.probabilities(applied(some, [c for c in changes]).assign(debt=np.nan))
    assert all(model.actions[p.argmax()] == c.action for p, c in zip(after, changes, strict=True) if c)
    assert not any(step.feature == "debt" for c in changes if c for step in c.steps)
