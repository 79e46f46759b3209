from dataclasses import replace

import numpy as np
import pytest

from rhml.reports.calls import Calls
from rhml.reports.complementarity import complementarity
from rhml.reports.reliance import reliance
from rhml.stats.measure import Measure
from rhml.stats.paired import smaller

KEYS = np.array(["lend", "decline"], object)


@pytest.fixture
def together(decisions, domain):
    """Decisions in which people, model and team are right with these chances, their luck shared to some degree."""

    def build(
        seed=1,
        n=2_000,
        human=0.7,
        model=0.7,
        follow_right=0.6,
        follow_wrong=0.3,
        shared=0.0,
        more="",
        **columns,
    ):
        rng = np.random.default_rng(seed)
        right, luck = rng.integers(0, 2, n), rng.random(n)
        other = np.where(rng.random(n) < shared, luck, rng.random(n))
        h, m = luck < human, other < model
        t = np.where(h == m, h, rng.random(n) < np.where(m, follow_right, 1 - follow_wrong))
        call = lambda hit: KEYS[np.where(hit, right, 1 - right)]  # noqa: E731 - the same for all three
        frame = decisions(n, first_action=call(h), recommended_action=call(m), final_action=call(t),
                          right_action=KEYS[right], recommended_confidence=0.8, **columns)  # fmt: skip
        return frame, domain(more)

    return build


def test_it_agrees_with_the_report_of_reliance_to_the_last_digit(together):
    frame, of = together()
    found, plain = complementarity(Calls.of(frame, of), seed=1), reliance(frame, domain=of, seed=1)
    for name in ("human", "model", "team", "oracle", "headroom", "error_correlation"):
        assert getattr(found, name) == getattr(plain, name)
    assert found.smaller == plain.complementarity
    assert found.breakdown == plain.breakdown


def test_given_accuracies_and_their_correlation_the_best_chooser_is_fixed(together):
    frame, of = together(shared=0.4)
    found = complementarity(Calls.of(frame, of), seed=1)
    h, m, phi = found.human.value, found.model.value, found.error_correlation.value
    both_wrong = (1 - h) * (1 - m) + phi * np.sqrt(h * (1 - h) * m * (1 - m))
    assert found.oracle.value == pytest.approx(1 - both_wrong)
    assert found.oracle_by_chance.value == pytest.approx(1 - (1 - h) * (1 - m))
    assert "more often than by chance" in found.allows


def test_mistakes_that_fall_together_by_chance_are_said_to(together):
    frame, of = together(n=4_000)
    assert "as often as by chance" in complementarity(Calls.of(frame, of), seed=1).allows


def test_few_cases_tell_neither_how_mistakes_fall_together_nor_what_the_difference_is_made_of(together):
    frame, of = together(n=24)
    found = complementarity(Calls.of(frame, of), seed=1)
    assert found.error_correlation.low < 0 < found.error_correlation.high
    assert "cannot be told yet" in found.allows and "as often" not in found.allows
    assert found.breakdown and not found.breakdown_sentence


def test_a_first_call_that_saw_the_evidence_is_not_called_people_alone(together):
    frame, of = together(n=6_000, human=0.6, follow_right=0.9, follow_wrong=0.1, mode="evidence_only")
    found = complementarity(Calls.of(frame, of), seed=1)
    assert found.headline.startswith("Deciding together beats both people’s first calls and the model alone")
    assert "against people’s first calls" in found.breakdown_sentence and "[" in found.breakdown_sentence
    assert "people alone" not in " ".join(found.sentences)


def test_the_share_of_the_headroom_is_what_the_team_gains_of_it(together):
    frame, of = together(n=6_000, human=0.6, follow_right=0.9, follow_wrong=0.1)
    found = complementarity(Calls.of(frame, of), seed=1)
    share = (found.team.value - found.model.value) / (found.oracle.value - found.model.value)
    assert found.realised.value == pytest.approx(share)
    assert found.realised.low < share < found.realised.high
    assert "is reached" in found.reached


def test_no_share_is_given_of_a_headroom_that_may_be_below_two_points(together):
    frame, of = together(human=0.7, model=0.7, shared=1.0)
    found = complementarity(Calls.of(frame, of), seed=1)
    assert not found.realised.known and "two points" in found.realised.why and not found.reached


def test_the_share_of_the_headroom_covers_the_planted_one(together):
    inside = asked = 0
    for seed in range(60):
        frame, of = together(seed=seed, n=800, human=0.6, model=0.75, follow_right=0.8, follow_wrong=0.2)
        found = complementarity(Calls.of(frame, of), seed=1).realised
        # Of H wrong, M right (.3) the team follows .8; of H right, M wrong (.15) it keeps .8: room is .15 over the model.
        true = (0.15 * 0.8 - 0.30 * 0.2) / 0.15
        asked += found.low is not None
        inside += found.low is not None and found.low <= true <= found.high
    assert asked == 60 and 0.90 <= inside / asked <= 1.0


def test_a_team_that_falls_short_is_told_so(together):
    frame, of = together(n=4_000, human=0.55, model=0.9, follow_right=0.3)
    found = complementarity(Calls.of(frame, of), seed=1)
    assert found.headline.startswith("Deciding together falls short of the model alone")


def test_the_side_it_falls_short_of_is_the_one_that_is_shown_not_the_one_with_the_higher_share(together):
    frame, of = together(n=400)
    found = complementarity(Calls.of(frame, of), seed=1)
    lost, level = Measure(-0.05, -0.08, -0.02, 400), Measure(-0.06, -0.13, 0.01, 400)
    found = replace(found, model=Measure(0.71, 0.6, 0.8, 400), human=Measure(0.70, 0.6, 0.8, 400),
                    team_minus_human=lost, team_minus_model=level, smaller=smaller(lost, level))  # fmt: skip
    assert found.together.startswith("Deciding together falls short of people’s first calls:")
    both = replace(found, team_minus_model=lost, smaller=lost)
    assert "of people’s first calls and of the model alone:" in both.together


def test_value_is_counted_beside_accuracy(together):
    more = '[features.amount]\nkind = "number"\n[value]\ncolumn = "amount"\nunit = "€"\n'
    amounts = np.full(2_000, 50.0)
    frame, of = together(more=more, amount=amounts, value=amounts)
    found = complementarity(Calls.of(frame, of), seed=1)
    assert found.in_value.team_minus_human.value == pytest.approx(50 * found.team_minus_human.value)
    assert found.as_dict()["in_value"]["unit"] == "€"


def test_without_outcomes_it_says_why(decisions, domain):
    frame = decisions(30, first_action="lend", recommended_action="lend", final_action="lend")
    found = complementarity(Calls.of(frame, domain(outcome="")), seed=1)
    assert found.sentences == (found.why,) and "no outcomes" in found.why
