"""Reasons as claims: every sentence names the true value, the true sign, and points that add up."""

import re
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhml.core.domain import parse_domain
from rhml.loop.card import Card
from rhml.machine.explaining.contrast import contrast
from rhml.store.case_file import StoredRecommendation
from rhml.ui import reasons, waterfall, words
from rhml.ui.account import LEAST, account

KINDS = ("number", "category", "yes_no", "date")
VALUES = {
    "number": st.one_of(st.none(), st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(-1, 1, allow_subnormal=False)),
    "category": st.one_of(st.none(), st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=9)),
    "yes_no": st.sampled_from([None, True, False]),
    "date": st.one_of(st.none(), st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1))),
}  # fmt: skip


@st.composite
def cards(draw, actions=2):
    """A domain of any features and a card of it, with points that add up to its probability."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=9))
    names = [f"f{at}" for at in range(len(kinds))]
    text = 'title = "D"\n[actions]\n' + "".join(f'a{k} = "Do {k}"\n' for k in range(actions))
    text += "".join(
        f'[features.{name}]\nlabel = "Factor {name}!"\nkind = "{kind}"\n'
        + ('unit = "€"\n' if kind == "number" else "")
        for name, kind in zip(names, kinds, strict=True)
    )
    facts = {name: draw(VALUES[kind]) for name, kind in zip(names, kinds, strict=True)}
    typical = {name: draw(VALUES[kind]) for name, kind in zip(names, kinds, strict=True)}
    some = st.floats(-0.3, 0.3)
    by_action = np.array(
        [draw(st.lists(some, min_size=len(names), max_size=len(names))) for _ in range(actions)]
    )
    by_action -= by_action.mean(axis=0)
    shares = np.array(draw(st.lists(st.floats(0.01, 1), min_size=actions, max_size=actions)))
    shares /= shares.sum()
    best = int(shares.argmax())
    groups = (tuple(names[:2]),) if len(names) > 2 and draw(st.booleans()) else ()
    domain = parse_domain("d", text)
    shown = StoredRecommendation(
        "r", "c", "v1", f"a{best}", float(shares[best]), tuple(map(float, shares)),
        float(shares[best] - by_action[best].sum()), tuple(map(float, by_action[best])), 40, None, None, (), (),
        None, datetime(2026, 1, 1), tuple(map(float, by_action.ravel())),
    )  # fmt: skip
    other = f"a{int(np.argsort(-shares, kind='stable')[1])}"
    why = contrast(domain.action_keys, shown.probabilities, shown.by_action, shown.action, other)
    return domain, Card("c", facts, "assisted", "decide", shown, tuple(names), None, None, typical=typical,
                        groups=groups, contrast=why)  # fmt: skip


def value(domain, card, name):
    return words.plain(words.value_of(domain.feature(name), card.facts[name]))


def accounted(card):
    shown = card.recommendation
    groups = reasons.groups_of(card)
    return account(points=shown.points, base=shown.base, probability=shown.probability, groups=groups)


@given(cards())
@settings(max_examples=200, deadline=None)
def test_a_sentence_names_the_true_value_the_true_sign_and_the_points_shown(given_card):
    domain, card = given_card
    for line in accounted(card).shown:
        said = reasons.sentence(domain, card, line)
        exact = sum(card.recommendation.points[place] for place in line.places)
        assert abs(exact) >= LEAST
        assert ("▲" in said, "raised" in said) == (exact >= 0, exact >= 0)
        assert ("▼" in said, "lowered" in said) == (exact < 0, exact < 0)
        for place in line.places:
            name = card.features[place]
            label = words.plain(domain.feature(name).label)
            assert f"{label}: {value(domain, card, name)}" in said
        told = re.search(r"by \*\*(less than 1|\d+)\xa0point", said)[1]
        assert told == ("less than 1" if line.points == 0 else str(abs(line.points)))
        assert abs(abs(line.points) - 100 * abs(exact)) <= 1 + 1e-6


@given(cards())
@settings(max_examples=200, deadline=None)
def test_a_number_is_named_closely_enough_to_be_told_from_another(given_card):
    domain, card = given_card
    for feature in domain.features:
        number = card.facts[feature.name]
        if feature.kind == "number" and number and abs(number) > 1e-9:
            shown = float(words.value_of(feature, number).removesuffix(" €").replace(",", ""))
            assert shown == pytest.approx(number, rel=6e-3)
            assert (shown > 0) == (number > 0)


@given(cards())
@settings(max_examples=200, deadline=None)
def test_the_waterfall_adds_up_to_the_probability_as_displayed(given_card):
    domain, card = given_card
    every = waterfall.bars(domain, card)
    shown = card.recommendation
    assert sum(bar.points for bar in every[:-1]) == every[-1].points
    assert every[-1].points == accounted(card).total == int(words.number(100 * shown.probability))
    assert sum(bar.exact for bar in every[:-1]) == pytest.approx(shown.probability, abs=1e-9)
    assert all(abs(bar.points - 100 * bar.exact) <= 2 + 1e-6 for bar in every)
    assert len(every) <= waterfall.MOST + 5


@given(cards())
@settings(max_examples=100, deadline=None)
def test_reasons_and_waterfall_tell_the_same_points(given_card):
    domain, card = given_card
    bars = {bar.name: bar.points for bar in waterfall.bars(domain, card)}
    for line in accounted(card).shown:
        names = [f"{domain.feature(card.features[p]).label}: {words.value_of(domain.feature(card.features[p]), card.facts[card.features[p]])}" for p in line.places]  # fmt: skip
        assert sum(bars[name] for name in names) == line.points


@given(cards(actions=3))
@settings(max_examples=150, deadline=None)
def test_a_contrast_names_both_actions_and_its_points_add_up(given_card):
    domain, card = given_card
    said = reasons.contrast_sentence(domain, card).replace("\\", "")
    found, shown = card.contrast, card.recommendation
    assert found.base + sum(found.points) == pytest.approx(shown.probabilities[domain.action_keys.index(found.action)]
                                                           - shown.probabilities[domain.action_keys.index(found.other)])  # fmt: skip
    assert f"Why {domain.label(found.action)} rather than {domain.label(found.other)}?" in said
    ours, theirs = map(int, re.search(r"(\d+) against (\d+) of 100", said).groups())
    start, end = (
        re.search(r"in points: (−?\d+) for the average", said)[1],
        re.search(r"together (−?\d+)\.\)", said)[1],
    )
    body = said.split(":small[")[0]
    steps = [int(f"{sign}{n}".replace("−", "-")) for sign, n in re.findall(r"\*\* \(([+−]) (\d+)\)", body)]
    rest = re.search(r"factors?(?:, together)? ([+−]) (\d+); together", said)
    total = int(start.replace("−", "-")) + sum(steps)
    total += int("".join(rest.groups()).replace("−", "-")) if rest else 0
    assert total == int(end.replace("−", "-")) == ours - theirs


@given(cards(actions=3))
@settings(max_examples=100, deadline=None)
def test_what_speaks_for_and_against_stands_on_its_side(given_card):
    domain, card = given_card
    said = reasons.contrast_sentence(domain, card)
    mainly, _, against = said.split(":small[")[0].partition("Against it:")
    found = card.contrast
    parts = account(
        points=found.points, base=found.base, probability=found.lead, groups=reasons.groups_of(card)
    )
    for line in parts.shown:
        told = reasons.named(domain, card, line.places)
        assert told in (mainly if line.exact >= 0 else against)


def test_factors_that_say_the_same_are_named_together():
    text = 'title = "L"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n' + "".join(
        f'[features.{n}]\nlabel = "{n.capitalize()}"\nkind = "number"\n' for n in ("income", "loan", "late")
    )
    shown = StoredRecommendation("r", "c", "v1", "lend", 0.61, (0.61, 0.39), 0.5, (0.08, -0.02, 0.05), 40, None, None,
                                 (), (), None, datetime(2026, 1, 1))  # fmt: skip
    card = Card("c", {"income": 40.0, "loan": 20.0, "late": 0.0}, "assisted", "decide", shown, ("income", "loan", "late"),
                None, None, typical={"income": 35.0, "loan": 18.0, "late": 1.0}, groups=(("income", "loan"),))  # fmt: skip
    domain = parse_domain("l", text)
    first = accounted(card).shown[0]
    assert reasons.sentence(domain, card, first).replace("\\", "").replace("\xa0", " ") == (
        "▲ **Income: 40 and Loan: 20 together** (typical 35 and 18) raised the model's estimate by **6 points**"
    )
    bars = [(bar.name, bar.points) for bar in waterfall.bars(domain, card)]
    assert bars == [
        ("Average case", 50), ("Income: 40", 8), ("Loan: 20", -2), ("Late: 0", 5), ("This estimate", 61),
    ]  # fmt: skip


@given(cards(actions=3))
@settings(max_examples=60, deadline=None)
def test_evidence_names_the_action_a_factor_speaks_for_most(given_card):
    domain, card = given_card
    shown, width = card.recommendation, len(card.features)
    for line in reasons.lines(width, reasons.groups_of(card)):
        size, side = reasons._speaks(domain, shown, line)
        sums = [sum(shown.by_action[a * width + place] for place in line) for a in range(3)]
        assert side.key == f"a{int(np.argmax(sums))}" and size == pytest.approx(max(sums))
        assert size >= 0 or size == pytest.approx(0)
