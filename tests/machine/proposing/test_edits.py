"""An edit changes the domain and its file alike, and keeps every comment."""

from pathlib import Path

import pytest

from rhml.core.domain import check_domain, parse_domain
from rhml.core.domain_parts import Condition
from rhml.errors import DomainInvalid
from rhml.machine.proposing.edits import (
    Apart,
    Collect,
    Drop,
    Monotone,
    Rule,
    as_dict,
    edit_of,
    edited,
    in_memory,
    kind_of,
)

DOMAINS = sorted((Path(__file__).parents[3] / "data" / "domains").glob("*.toml"))
SMALL = 'title = "Loans"\n[actions]\na = "A"\nb = "B"\n'


def bare(domain):
    return domain.model_copy(update={"text": ""})


def numbers(domain):
    """Numbers that an edit may let only lower the chance of the first of two actions."""
    free = [f.name for f in domain.inputs if f.kind == "number" and f.effect != "decreasing"]
    return free if len(domain.actions) == 2 else []


def edits_for(domain):
    first, second = (f.name for f in domain.inputs[:2])
    always = Drop(first), Apart(first, second), Collect("visit", 'A "visit" \\ of theirs', "yes_no")
    if not numbers(domain):
        return always
    number = numbers(domain)[0]
    under = Condition(feature=number, op="<=", value=500.0)
    over = Condition(feature=number, op=">=", value=0.1)
    return (
        *always,
        Monotone(number, "decreasing"),
        Apart(number, "visit"),
        Rule((under,), domain.action_keys[0], "Small ones"),
        Rule((under, over), domain.action_keys[1], 'They said "no"'),
    )


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.stem)
def test_text_and_values_say_the_same(path):
    domain = parse_domain(path.stem, path.read_text("utf-8"))
    for edit in sorted(edits_for(domain), key=lambda e: not isinstance(e, Collect)):
        new = edited(domain, edit)
        assert bare(new) == bare(in_memory(domain, edit)) == bare(parse_domain(path.stem, new.text))
        assert bare(new) != bare(domain)
        domain = new


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.stem)
def test_every_comment_is_kept_but_that_of_the_edited_line(path):
    domain = parse_domain(path.stem, path.read_text("utf-8"))
    new = edited(domain, Collect("visit", "Visit"))
    for number in numbers(domain)[:1]:
        new = edited(new, Monotone(number, "decreasing"))
    lost = set(domain.text.splitlines()) - set(new.text.splitlines())
    assert len(lost) <= 1
    assert all(line.startswith("effect") for line in lost)


@pytest.mark.parametrize(
    "text",
    [
        SMALL + '[features.u]\nkind = "number"\n',
        SMALL + "[features.u]",
        SMALL.replace("\n", "\r\n") + '[features.u]\r\n[report]\r\n[features.w]\r\nkind = "text"\r\n',
        'title = "x"\nactions.a = "A"\nactions.b = "B"\nfeatures.u.kind = "number"\ntraining.minimum = 20\n',
    ],
    ids=["plain", "no last line end", "other line ends, scattered", "dotted"],
)
def test_files_may_be_written_in_other_ways(text):
    domain = parse_domain("x", text)
    for edit in (Drop("u"), Collect("v", "V", "number"), Apart("u", "v"),
                 Rule((Condition(feature="v", op=">=", value=2.0),), "a", "why")):  # fmt: skip
        domain = edited(domain, edit)
    assert not domain.feature("u").use
    assert domain.feature("v").collect
    assert domain.training.apart == (("u", "v"),)
    assert domain.policy[0].action == "a"


def test_line_ends_stay_as_they_are():
    text = (SMALL + '[features.u] # more\nkind = "number"\n').replace("\n", "\r\n")
    domain = parse_domain("x", text)
    for edit in (Drop("u"), Collect("v", "V"), Apart("u", "v"),
                 Rule((Condition(feature="u", op=">=", value=2.0),), "a", "why")):  # fmt: skip
        domain = edited(domain, edit)
    assert domain.text.count("\n") == domain.text.count("\r\n") > text.count("\n")


def test_pairs_kept_apart_before_keep_their_comments():
    fields = "".join(f"[features.{name}]\n" for name in "uvw")
    listed = '[training]\napart = [\n  ["u", "v"], # they say the same\n] # all of them\n'
    domain = edited(parse_domain("x", SMALL + fields + listed), Apart("v", "w"))
    assert domain.training.apart == (("u", "v"), ("v", "w"))
    assert "# they say the same" in domain.text and "# all of them" in domain.text


@pytest.mark.parametrize("wrong", ['"yes"', "1", '"false"'])
def test_whether_a_field_is_collected_is_true_or_false(wrong):
    assert check_domain("x", f"{SMALL}[features.u]\ncollect = {wrong}\n")
    assert not check_domain("x", f"{SMALL}[features.u]\ncollect = true\n")


def test_a_file_that_cannot_be_edited_by_itself_says_where_to_do_it():
    domain = parse_domain("x", 'title="x"\nfeatures={u={kind="number"}}\nactions={a="A",b="B"}\n')
    with pytest.raises(DomainInvalid, match="Organization page"):
        edited(domain, Collect("v", "V"))


def test_an_edit_that_makes_no_sound_domain_is_refused():
    domain = parse_domain("x", SMALL + '[features.u]\nkind = "category"\n')
    for edit in (
        Drop("gone"),
        Monotone("u", "increasing"),
        Apart("u", "u"),
        Collect("u", "Again"),
        Collect("Not a name", "N"),
        Rule((Condition(feature="u", op="<=", value="x"),), "a", "w"),
        Rule((Condition(feature="u", op="=", value="x"),), "gone", "w"),
    ):
        with pytest.raises(DomainInvalid):
            edited(domain, edit)


def test_an_edit_survives_the_log():
    domain = parse_domain("x", SMALL + '[features.amount]\n[features.who]\nkind = "category"\n')
    for edit in edits_for(domain)[:-1]:
        assert edit_of(kind_of(edit), as_dict(edit)) == edit


def test_a_policy_names_what_is_wrong_with_it():
    text = SMALL + (
        '[features.site]\nkind = "category"\nuse = false\n[features.urgent]\nkind = "yes_no"\n'
        '[segments]\nprotected = ["site"]\n[[policy]]\naction = "c"\nwhy = "w"\n'
        'when = [{ feature = "site", op = "=", value = "North" }, { feature = "urgent", op = ">=", value = true }]\n'
    )
    said = " ".join(str(p) for p in check_domain("x", text))
    assert "'c' is no action" in said
    assert "protected" in said
    assert "no more and less" in said
