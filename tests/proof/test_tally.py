import pytest

from rhml.proof.printed import headline, in_words
from rhml.proof.promises import FIXED, PRINTED, RARELY_FALSE, Count
from rhml.proof.tally import COVERS, FALSE, FALSE_LOOKS, tally


def line(name="stable", *, intervals=(), claims=(), searches=(), powers=(), looks=False):
    course = {"course": [{"look": 1}]} if looks else {}
    return {"plant": name, "subject": "looks" if looks else "people", "calls": 1_000, "seed": 1,
            "human": {"verdict": "no change shown"}, "intervals": list(intervals), "claims": list(claims),
            "searches": list(searches), "powers": list(powers), **course}  # fmt: skip


def counted(lines, section=None):
    return {one.what: (one.hits, one.of) for one in tally(lines) if section in (None, one.section)}


def said(kind, words="no change shown", *, false=False, still=True):
    return [kind, words, false, still]


def test_a_missed_truth_is_counted_with_its_error():
    counts = tally(
        [line(intervals=[["RAIR", 0.4, 0.5, 0.42, 0.58]]), line(intervals=[["RAIR", 0.4, 0.4, 0.3, 0.5]])]
    )
    [rair] = [one for one in counts if one.what == "RAIR"]
    assert (rair.hits, rair.of) == (1, 2)
    assert rair.error == pytest.approx((0.05, 0.0707), abs=1e-3)


def test_false_claims_are_counted_once_an_organization():
    found = counted([
        line(claims=[said("people"), said("model", "fell", false=True), said("team", "fell", false=True)]),
        line(claims=[said("people", "improved", still=False), said("model"), said("team", "improved", still=False)]),
    ], FALSE)  # fmt: skip
    assert found["people, model and team together"] == (1, 2)
    assert found["people"] == (0, 2) and found["model"] == (1, 2) and found["team"] == (1, 2)


def test_claims_that_can_be_false_in_their_direction_alone_have_a_line():
    wrong, fine = (
        said("growth: total", "fell", false=True, still=False),
        said("growth: total", "improved", still=False),
    )
    lines = [line(claims=[wrong])] * 3 + [line(claims=[fine])] * 17
    [count] = [one for one in tally(lines) if one.section == FALSE and one.what.startswith("growth: total")]
    assert (count.hits, count.of, count.promise) == (3, 20, RARELY_FALSE)


def test_claims_where_nothing_was_to_claim_are_counted_apart_too():
    found = counted([
        line(claims=[said("people", "improved", false=True)]), line(claims=[said("people")]),
        line(claims=[said("people", "fell", false=True, still=False)]),
    ], FALSE)  # fmt: skip
    assert found["people"] == (2, 3) and found["people, where nothing was to claim"] == (1, 2)


def test_readings_again_and_again_have_a_table_of_their_own():
    lines = [line(claims=[said("people")]), line(claims=[said("people", "look 7", false=True)], looks=True)]
    assert counted(lines, FALSE)["people"] == (0, 1)
    assert counted(lines, FALSE_LOOKS)["people, model and team together"] == (1, 1)


def test_searches_are_summed_by_kind_and_size():
    found = counted([line(searches=[["segments", 10_000, 3, 2, 4, 1]]), line(searches=[["segments", 10_000, 1, 1, 1, 0]]),
                     line(searches=[["segments", 20_000, 0, 0, 0, 0]])])  # fmt: skip
    assert found["false: segments, 10,000 decisions"] == (1, 5)
    assert found["found: segments, 10,000 decisions"] == (3, 4)
    assert "found: segments, 20,000 decisions" not in found


def test_power_is_promised_from_the_size_that_is_claimed_on():
    lines = [
        line(powers=[["people: gain of 10 points", 3_000, False]]),
        line(powers=[["people: gain of 10 points", 500, False]]),
    ]
    promised = {one.what: one.promise.words for one in tally(lines)}
    assert promised["people: gain of 10 points; 3,000 unaided calls a half"] == "at least 80 %"
    assert promised["people: gain of 10 points; 500 unaided calls a half"] == "printed"


def test_intervals_of_one_organization_that_go_together_count_as_few():
    together = [
        line(intervals=[["RAIR", 0.0, 0.0, *ends]] * 10) for ends in ((-1, 1), (1, 2), (-1, 1), (-1, 1))
    ]
    [count] = [one for one in tally(together) if one.what == "RAIR"]
    assert (count.hits, count.of) == (30, 40) and count.apart == pytest.approx(4)


def test_a_promise_is_kept_missed_by_chance_or_broken():
    assert Count("", "x", RARELY_FALSE, 2, 100).kept == "kept"
    assert Count("", "x", RARELY_FALSE, 7, 100).kept == "within chance"
    assert Count("", "x", RARELY_FALSE, 30, 100).kept == "not kept"
    assert Count("", "x", FIXED, 1_000, 1_000).kept == "not kept"
    assert Count("", "x", PRINTED, 30, 100).kept == ""
    assert Count("", "x", RARELY_FALSE, 5, 5).kept == "too few to say"


def test_the_headline_names_what_is_not_kept():
    counts = [
        Count("Searches", "good", RARELY_FALSE, 0, 100),
        Count("Searches", "bad", RARELY_FALSE, 50, 100),
    ]
    assert headline(counts, 1_200) == "1,200 organizations: 1 promise kept, 1 not kept: bad (searches)."
    assert headline(counts[:1], 1) == "1 organization: 1 promise kept, none broken."
    marked = [row for row in in_words(counts, 9).splitlines() if row.startswith("✗")]
    assert len(marked) == 1 and "bad" in marked[0]
    printed = in_words([Count("s", "x", RARELY_FALSE, 5, 100), Count("s", "y", PRINTED, 0, 0)], 9)
    assert (
        "5.0% (2.2% to 11.2%; 5 of 100)" in printed and "at most 5 %: kept" in printed and "none" in printed
    )


def test_errors_are_in_points_for_shares_and_in_units_for_amounts():
    counts = [
        Count(COVERS, what, PRINTED, 9, 10, error)
        for what, error in (("RAIR", (0.004, 0.03)), ("cost a case", (0.44, 7.2)))
    ]
    said = in_words(counts, 10)
    assert "+0.4 ± 3.0" in said and "+0 ± 7" in said
