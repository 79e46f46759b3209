"""Whatever signs a text holds, it becomes a PDF; tables give room to what their columns hold."""

import io
from datetime import datetime

import pypdf
import pytest

from rhml.printed import pdf
from rhml.printed.blocks import Document, Pairs, Paragraph, Section, Table
from rhml.printed.pictures import by_segment
from rhml.stats.measure import Measure

AT = datetime(2026, 1, 1)


def printed(text: str) -> pypdf.PdfReader:
    """A document with the text wherever a text can stand."""
    sides = {who: Measure(0.5, 0.4, 0.6, 30) for who in ("human", "model", "team")}
    blocks = (Paragraph(text), Pairs(((text, text),)), Table(text, (text, "b"), ((text, text),)),
              by_segment([(text, sides)], text))  # fmt: skip
    document = Document(text or "untitled", text, (Section(text or "a part", blocks),))
    return pypdf.PdfReader(io.BytesIO(pdf.page(document, at=AT, footer=text)))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u2028", "a\x00\x07b", "\u202eabc", "👩‍👩‍👧 team", "e\u0301\u0302\u0303", "漢字", "שָׁלוֹם", "العَرَبِيَّة", "हिन्दी",
     "\ue000", "\u034c\u093a\u20dc", "a" * 400, "x" * 30 + " " + "é" * 50, "#import \"@preview/x:1.0.0\"", "$x$ \\ *b* `c`"],
)  # fmt: skip
def test_any_text_becomes_a_pdf(text):
    assert len(printed(text).pages) >= 1


def test_markup_of_the_typesetter_is_text():
    [sheet, *_] = printed('#eval("1+1") *b* _i_ $x$ @ref <l>').pages
    assert '#eval("1+1") *b* _i_ $x$ @ref <l>' in sheet.extract_text()


def test_what_the_fonts_lack_is_named_by_its_script():
    text = "".join(sheet.extract_text() for sheet in printed("東京 ሀ").pages)
    assert "CJK, ETHIOPIC" in text.replace("\n", " ") and "東" not in text


def test_a_long_table_repeats_its_head_on_every_page():
    rows = tuple((f"row {i}", str(i)) for i in range(200))
    document = Document("t", "c", (Section("s", (Table("long", ("The head", "n"), rows),)),))
    sheets = pypdf.PdfReader(io.BytesIO(pdf.page(document, at=AT, footer="f"))).pages
    assert len(sheets) > 2 and all("The head" in sheet.extract_text() for sheet in sheets)
