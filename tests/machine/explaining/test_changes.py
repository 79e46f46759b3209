import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.machine.explaining.changes import what_would_change
from rhml.machine.learning.fitting import train


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


def test_no_nearer_value_of_the_feature_would_do(model, found, domain):
    cases, changes = found
    before = model.probabilities(cases).argmax(axis=1)
    alone = [(row, c.steps[0]) for row, c in enumerate(changes) if c and len(c.steps) == 1]
    some = [(row, step) for row, step in alone if step.feature == "income"][:40]
    assert len(some) > 20
    for row, step in some:
        way = np.sign(step.then - step.now)
        nearer = np.arange(step.then - 0.1 * way, step.now, -0.1 * way)
        nearer = nearer[np.abs(nearer - step.now) >= 0.1]
        tried = cases.iloc[[row] * len(nearer)].assign(income=nearer)
        assert (model.probabilities(tried).argmax(axis=1) == before[row]).all() if len(nearer) else True


def test_no_step_goes_against_an_effect_that_the_domain_declares_after_training(model, cases, domain):
    declared = domain.text.replace(
        '[features.debt]\nkind = "number"', '[features.debt]\nkind = "number"\neffect = "increasing"'
    )
    later = parse_domain("loans", declared)
    free = what_would_change(model, cases.iloc[:200], domain=domain)
    bound = what_would_change(model, cases.iloc[:200], domain=later)

    def against(changes):
        return [
            step
            for change in changes
            if change
            for step in change.steps
            if step.feature == "debt" and (step.then > step.now) != (change.action == "lend")
        ]

    assert len(against(free)) > 20
    assert not against(bound)


def test_of_a_change_of_two_neither_value_could_be_nearer():
    rng = np.random.default_rng(7)
    cases = pd.DataFrame(rng.uniform(size=(900, 2)), columns=["a", "b"])
    right = (cases.sum(axis=1) + rng.normal(size=900) / 20 < 1.2).astype(int).to_numpy()
    text = 'title = "T"\n[actions]\nyes = "Y"\nno = "N"\n[outcome]\n' + "".join(
        f'[features.{name}]\nkind = "number"\neffect = "increasing"\nchangeable = true\nstep = 0.01\n'
        for name in "ab"
    )
    domain = parse_domain("t", text)
    model = train(cases, np.eye(2)[right], domain=domain, seed=1)
    some = pd.DataFrame(rng.uniform(0, 0.12, size=(15, 2)), columns=["a", "b"])
    changes = what_would_change(model, some, domain=domain)
    two = [at for at, change in enumerate(changes) if change and len(change.steps) == 2]
    assert len(two) > 8
    for at in two:
        made = applied(some.iloc[[at]], [changes[at]])
        for step in changes[at].steps:
            nearer = np.arange(step.then - 0.01, step.now + 0.01, -0.01)
            tried = made.iloc[[0] * len(nearer)].assign(**{step.feature: nearer})
            assert len(nearer) and (model.probabilities(tried).argmax(axis=1) == 1).all()


def test_a_change_of_two_is_given_only_where_no_single_one_was_found(model, found, domain):
    cases, _ = found
    fixed = domain.text.replace('effect = "increasing"\nchangeable = true\n', 'effect = "increasing"\n')
    changes = what_would_change(model, cases, domain=parse_domain("loans", fixed))
    assert any(change and len(change.steps) == 2 for change in changes)
    assert all(change.cost > 0 for change in changes if change)
