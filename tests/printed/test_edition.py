"""A report that leaves the app: the same numbers as page, PDF and JSON, whatever people called things."""

import io
import json
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pypdf
import pytest

from rhml.core.domain import parse_domain
from rhml.loop.edition import edition
from rhml.printed.edition import edition as printed
from rhml.printed.measured import difference, share
from rhml.store.opening import open_store
from tests.printed.hostile_loans import AT, SECTORS, TITLE, hostile
from tests.ui.log_of_loans import LOANS, fill


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'log.duckdb'}", now=AT)
    yield hostile(store)
    store.close()


@pytest.fixture(scope="module")
def page(made) -> str:
    return made.html().decode()


@pytest.fixture(scope="module")
def paper(made) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made.pdf()))


def squeezed(text: str) -> str:
    """A text without any of the white space that line breaks add or take, nor soft breaks."""
    return re.sub(r"[\s\u200b\u00a0\u202f]+", "", text)


def read(paper: pypdf.PdfReader) -> str:
    return squeezed("".join(sheet.extract_text() for sheet in paper.pages))


class Tags(HTMLParser):
    """Every element with its attributes, and the text between them."""

    def __init__(self, page: str):
        super().__init__()
        self.found, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_fetches_nothing_and_runs_nothing(page):
    tags = Tags(page).found
    assert {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    assert all(a.get("href", "#").startswith("#") and "src" not in a for _, a in tags)
    assert "://" not in page and "url(" not in page and "@import" not in page
    [policy] = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_what_people_typed_is_text_on_the_page(page):
    text = "".join(Tags(page).text)
    assert TITLE in text and SECTORS["retail"] in text and SECTORS["farming"] in text
    assert "<script" not in page and "<img" not in page


def test_every_link_of_the_page_leads_somewhere(page):
    tags = Tags(page).found
    ids = {a["id"] for _, a in tags if "id" in a}
    links = [a["href"].removeprefix("#") for tag, a in tags if tag == "a"]
    assert len(links) >= 6 and set(links) <= ids


def test_tables_and_drawings_can_be_read_aloud(page):
    tags = Tags(page).found
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags) > 3
    assert all(a["aria-label"] for _, a in tags if a.get("role") in ("img", "region"))
    assert "" not in re.findall(r'<th scope="col">(.*?)</th>', page)


def test_the_paper_has_title_outline_page_numbers_tags_and_no_author(paper, made):
    assert paper.metadata.title == f"Improvement: {TITLE}"
    assert paper.metadata.author is None and paper.metadata.creation_date.replace(tzinfo=None) == AT
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and str(root["/Lang"]).startswith("en")
    [whole] = [entry for entry in paper.outline if isinstance(entry, list)]
    assert [entry.title for entry in whole][:2] == ["The answer", "Did they improve?"]
    last = len(paper.pages)
    assert f"page {last} of {last}" in paper.pages[-1].extract_text()
    assert made.about.fingerprint.short in paper.pages[0].extract_text()


def test_the_paper_prints_names_in_greek_and_cyrillic_and_says_what_it_cannot(paper):
    text = read(paper)
    assert squeezed("*Δάνεια* #x[$1$] Займы ≥ 1 €") in text and "Łódź" in text and "−" in text
    assert "漢" not in text and squeezed("no font of this PDF holds it: CJK") in text


def test_page_paper_and_json_hold_the_same_numbers(made, page, paper):
    found, held = made.report, json.loads(made.json())
    on_page, on_paper = squeezed("".join(Tags(page).text)), read(paper)
    for side in (found.improvement.human, found.improvement.model, found.improvement.team):
        for said in (difference(side.change), share(side.earlier), share(side.later)):
            assert squeezed(said) in on_page and squeezed(said) in on_paper
    assert squeezed(share(found.reliance.rair)) in on_paper
    assert held["rair"] == found.reliance.rair.as_dict()
    assert {k: v for k, v in held.items() if k != "about"} == json.loads(json.dumps(found.as_dict()))


def test_every_form_says_what_it_covers_and_how_to_make_it_again(made, page, paper):
    held = json.loads(made.json())
    for said in ("everything in the log", "360 decisions", "2026-03-01 09:00 UTC", "python -m rhml report loans",
                 held["fingerprint"]["sha256"]):  # fmt: skip
        assert squeezed(said) in squeezed("".join(Tags(page).text)) and squeezed(said) in read(paper)
    assert held["about"]["repeat"] == "python -m rhml report loans --html report.html"


def test_no_person_is_named(made, page, paper):
    for text in ("".join(Tags(page).text), "".join(sheet.extract_text() for sheet in paper.pages)):
        assert not re.search(r"\bm[123]\b", text)


def test_the_same_report_is_the_same_file(made):
    assert made.pdf() == made.pdf() and made.html() == made.html()
    assert replace(made, report=made.report).pdf() == made.pdf()


def test_filters_are_printed_and_the_command_repeats_them(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=AT)
    made = hostile(
        store, since=datetime(2025, 7, 1), until=datetime(2026, 2, 1), segment=("sector", SECTORS["farming"])
    )
    assert made.about.filters == f"Jul 1, 2025 to Jan 31, 2026; Sector: {SECTORS['farming']}"
    assert "--since 2025-07-01 --until 2026-01-31 --segment 'sector=漢字 農業'" in made.about.repeat
    store.close()


def test_without_outcomes_the_report_says_so_and_shows_agreement(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=AT)
    fill(store, LOANS, outcomes=0)
    made = edition(store, parse_domain("loans", LOANS), at=AT)
    text = "".join(Tags(made.html().decode()).text)
    assert "no outcomes" in text and "Agreed in the end" in text and "Over time" not in text
    assert pypdf.PdfReader(io.BytesIO(made.pdf())).pages
    store.close()


def test_an_empty_log_makes_a_report_that_says_so(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=AT)
    fill(store, decisions=False, outcomes=0)
    domain = parse_domain("loans", LOANS + "[outcome]\n")
    made = edition(store, domain, at=AT)
    assert "0 decisions" in made.html().decode() and made.pdf().startswith(b"%PDF")
    assert json.loads(made.json())["decisions"] == 0
    store.close()


def test_the_reader_decides_how_numbers_are_written(made):
    german = replace(made, locale="de").html().decode()
    assert re.search(r"[+−]\d+,\d points", german) and not re.search(r"[+−]\d+\.\d points", german)


def test_a_report_without_the_fingerprint_is_not_printed(made):
    with pytest.raises(KeyError, match="fingerprint"):
        printed(replace(made.report, parts={}), made.domain, at=AT)
