"""Hostile domain files end in a sentence, whatever they hold."""

import os
import unicodedata

import pytest

from rhml.core.domain import check_domain, parse_domain, read_domain
from rhml.core.reserved import is_reserved
from rhml.errors import DomainInvalid
from rhml.store.words import VIEW_WORDS

LEAST = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n'


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000 + "]" * 5000, "a = " + "{a = " * 3000 + "1" + "}" * 3000, ".".join("a" * 3000) + " = 1",
     LEAST + "[features." + ".".join("a" * 500) + "]\nx = 1", LEAST + "#" * 2**21],
    ids=["lists", "tables", "keys", "features", "size"],
)  # fmt: skip
def test_what_is_too_deep_or_too_large_is_one_problem(text):
    [problem] = check_domain("loans", text)
    assert problem.remedy


@pytest.mark.parametrize(
    "more",
    ['[terms]\ncase = "a\\u0000"', '[features.x]\nlabel = "a\\u202Eb"', '[features.x]\nlevels = ["a\\u001B"]',
     '[features.x]\nunit = "' + "x" * 3000 + '"', '[features."a\\u0000"]\n'],
)  # fmt: skip
def test_texts_that_cannot_be_shown_are_refused(more):
    assert check_domain("loans", LEAST + more)


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ('[outcome]\ncolumn = ""', "outcome.column"),
        ('[terms]\ncase = ""', "terms.case"),
        ("[training]\nbank = true", "training.bank"),
        ('[features.x]\ncolumn = ""', "features.0.column"),
        ("".join(f"[features.f{i}]\n" for i in range(1001)), "features"),
    ],
)
def test_empty_names_wrong_types_and_too_many_features_are_refused(more, where):
    assert where in [p.where for p in check_domain("loans", LEAST + more)]


def test_two_buttons_with_one_label_are_refused():
    assert check_domain("loans", LEAST.replace('"Decline"', '"Lend"'))[0].where == "actions"


def test_a_decision_logs_own_column_cannot_name_the_case():
    assert check_domain("loans", 'case_id = "manager"\n' + LEAST)[0].value == "manager"


def test_an_empty_label_falls_back_to_the_name():
    assert parse_domain("loans", LEAST + '[features.net_worth]\nlabel = ""').features[0].label == "Net worth"


def test_no_feature_may_take_the_name_of_a_column_of_the_product():
    columns = {column for view in ("decided", "pending", "resolved") for column in VIEW_WORDS[view]}
    drawn = {
        "share_bank",
        "share_explore",
        "share_first_call",
        "share_evidence_only",
        "imported_by",
        "seq",
        "fold",
    }
    listed = {"action", "probability", "stake", "recommendation_id", "scored", "source", "champion_action"}
    assert [name for name in sorted(columns | drawn | listed) if not is_reserved(name)] == []


def test_one_letter_written_in_two_ways_is_one_letter():
    text = unicodedata.normalize("NFD", LEAST + '[features.x]\nkind = "category"\nlevels = ["é"]')
    assert parse_domain("loans", text).features[0].levels == (unicodedata.normalize("NFC", "é"),)


def test_a_mark_in_front_of_the_text_is_read_over(tmp_path):
    path = tmp_path / "loans.toml"
    path.write_text(LEAST, "utf-8-sig")
    assert read_domain(path).title == "Loans"


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (tmp_path / "pipe.toml", tmp_path):
        with pytest.raises(DomainInvalid, match="no file"):
            read_domain(path)
