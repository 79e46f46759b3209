"""Draws are random, independent, repeatable, and closed to whoever lacks the secret."""

from rhml.core.domain import parse_domain
from rhml.core.policy import FOLDS, MODES, confidence_word, draw, draws, mode_at

LEAST = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n'
DOMAIN = parse_domain("loans", LEAST + '[outcome]\nobserved_after = ["lend"]\nexplore = 0.1')
CASES = [draws(b"secret", DOMAIN, str(i)) for i in range(4000)]


def share(of):
    return sum(map(of, CASES)) / len(CASES)


def test_shares_are_those_of_the_domain():
    assert abs(share(lambda d: d.mode == "first_call") - 0.2) < 0.03
    assert abs(share(lambda d: d.mode == "evidence_only") - 0.1) < 0.03
    assert abs(share(lambda d: d.bank) - 0.2) < 0.03
    assert abs(share(lambda d: d.explore) - 0.1) < 0.03
    assert all(abs(share(lambda d, k=k: d.fold == k) - 1 / FOLDS) < 0.03 for k in range(FOLDS))


def test_draws_of_one_case_are_independent():
    both = share(lambda d: d.bank and d.mode == "first_call")
    assert abs(both - 0.04) < 0.015


def test_a_draw_changes_with_secret_purpose_domain_and_case():
    one = draw(b"s", "mode", "loans", "7")
    assert one == draw(b"s", "mode", "loans", "7")
    others = {
        draw(b"t", "mode", "loans", "7"),
        draw(b"s", "bank", "loans", "7"),
        draw(b"s", "mode", "credit", "7"),
        draw(b"s", "mode", "loans", "8"),
    }
    assert one not in others
    assert len(others) == 4
    assert all(0 <= u < 1 for u in others)


def test_without_outcomes_nothing_is_explored_and_a_bank_is_kept():
    domain = parse_domain("loans", LEAST)
    cases = [draws(b"secret", domain, str(i)) for i in range(100)]
    assert not any(case.explore for case in cases)
    assert any(case.bank for case in cases)


def test_modes_split_the_unit_interval():
    assert [mode_at(DOMAIN, u) for u in (0, 0.199, 0.2, 0.299, 0.31, 0.999)] == [
        "first_call", "first_call", "evidence_only", "evidence_only", "assisted", "assisted",
    ]  # fmt: skip
    assert {case.mode for case in CASES} == set(MODES)


def test_words_for_confidence_are_relative_to_an_even_chance():
    assert [confidence_word(p, 2) for p in (0.5, 0.57, 0.58, 0.75)] == [
        "toss-up",
        "toss-up",
        "leaning",
        "clear",
    ]
    assert confidence_word(0.5, 4) == "leaning"
