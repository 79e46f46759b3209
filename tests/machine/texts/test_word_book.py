"""The book of words: rarity, words written alike and words used alike, in any language, learned from a log alone."""

import numpy as np
import pytest

from rhml.machine.texts.meaning import like, meant, pattern, scores
from rhml.machine.texts.word_book import WordBook, words_of

THINGS = (
    ("contract agreement", "renewed extended", "customer client"),
    ("machine device", "broken damaged", "repair replacement"),
    ("owner founder", "ill sick", "successor heir"),
    ("invoice bill", "late overdue", "transfer payment"),
)


@pytest.fixture(scope="module")
def book() -> WordBook:
    """A log in which each thing has two names, used among the same other words."""
    draw, fillers = (
        np.random.default_rng(0),
        [
            "the",
            "a",
            "is",
            "because",
            "we",
            "they",
            "has",
            "was",
            "of",
            "to",
            "in",
            "and",
            "not",
            "but",
            "saw",
            "told",
        ],
    )
    said = set()
    for _ in range(600):
        topic = [draw.choice(words.split()) for words in THINGS[draw.integers(4)] if draw.random() < 0.85]
        words = [*topic, *draw.choice(fillers, 5), *draw.choice([f"x{i}" for i in range(300)], 2)]
        draw.shuffle(words)
        said.add(" ".join(words))
    return WordBook.fit(sorted(said))


def test_two_names_of_a_thing_are_found_to_be_used_alike(book):
    for word, other in (
        ("contract", "agreement"),
        ("sick", "ill"),
        ("overdue", "late"),
        ("device", "machine"),
    ):
        assert book.used_alike(word)[0][0] == other


def test_words_that_chance_brought_together_are_not_used_alike(book):
    assert not any(book.used_alike(f"x{i}") for i in range(300))


def test_what_is_asked_in_one_word_is_found_in_another(book):
    texts = ["an agreement ends", "a machine stops"]
    assert scores(texts, meant("contract", book), book).argmax() == 0


@pytest.mark.parametrize(
    ("typed", "written"),
    [("agrement", "agreement"), ("contarct", "contract"), ("inovice", "invoice"), ("contracts", "contract")],
)
def test_a_slip_of_the_keys_and_another_form_are_understood(book, typed, written):
    assert written in [word for word, _ in book.alike(typed)]


def test_a_known_word_is_not_taken_for_one_that_looks_like_it():
    book = WordBook.fit([f"the {w} {i}" for i in range(30) for w in ("house", "horse", "lease", "least")])
    assert book.alike("house") == [] and book.alike("least") == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("vertrag", "verträge"),
        ("vertrag", "vertragsverlängerung"),
        ("חוזה", "החוזה"),
        ("contrat", "contrats"),
        ("договор", "договора"),
        ("σύμβαση", "σύμβασης"),
    ],
)
def test_other_languages_bend_their_words_too(typed, written):
    book = WordBook.fit([f"{written} eins", "ganz anders", "משהו אחר", "совсем другое", "κάτι άλλο"])
    assert written in [word for word, _ in book.alike(typed)]


def test_words_are_those_of_any_script():
    assert words_of("Der Vertrag läuft_aus – החוזה נגמר, 2 नियम!") == [
        "der",
        "vertrag",
        "läuft",
        "aus",
        "החוזה",
        "נגמר",
        "2",
        "नियम",
    ]


def test_fillers_are_chosen_by_how_often_they_stand_and_left_out_of_a_question(book):
    assert book.filler("the") and not book.filler("contract")
    assert [one.word for one in meant("the contract of", book).sought] == ["contract"]
    assert [one.word for one in meant("the", book).sought] == ["the"]
    german = WordBook.fit([f"der vertrag{i} endet, weil es so ist" for i in range(50)])
    assert german.filler("der") and german.filler("weil") and not german.filler("vertrag7")


def test_a_rare_word_says_more_than_a_frequent_one(book):
    texts = ["contract " + "y" * 5, "x1 " + "y" * 5]
    assert (
        book.weight("x1") > book.weight("the") and scores(texts, meant("contract x1", book), book).min() > 0
    )


def test_words_in_quotation_marks_are_looked_for_as_they_stand(book):
    [only] = meant('"late contract"', book).sought
    assert only.word == "late contract" and only.forms == ()
    assert (
        scores(["a late contract", "a contract, late"], meant('"late contract"', book), book).tolist()[1] == 0
    )


def test_likeness_goes_by_the_rarest_words(book):
    words = [one.word for one in like("the founder was ill because of x7", book).sought]
    assert {"founder", "ill", "x7"} <= set(words) and "the" not in words


def test_places_are_those_of_whole_words_in_any_case(book):
    text = "CONTRACT? No contractor; a contract."
    assert [text[a:b] for a, b in meant('"contract"', book).places(text)] == ["CONTRACT", "contract"]


def test_an_empty_log_and_an_empty_question_mean_nothing():
    empty = WordBook.fit([])
    assert meant("contract", empty).sought[0].word == "contract"
    assert meant(" .,!", empty).sought == () and pattern([]) == ""
    assert WordBook.fit(["...", "–"]).words == ()


def test_the_same_log_gives_the_same_book(book):
    texts = [f"{a} {b} {i % 7}" for i in range(80) for a in ("alpha", "beta") for b in ("gamma", "delta")]
    one, other = WordBook.fit(texts), WordBook.fit(texts)
    assert one.words == other.words and np.array_equal(one.uses, other.uses)
