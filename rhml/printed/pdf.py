"""A report as a PDF for people who sit around a table: tagged for screen readers (PDF/UA-1), with an outline.

Set by Typst with the fonts it carries: nothing of the machine's own is used, so that the same report is the same
file everywhere. Its fonts hold Latin, Greek, Cyrillic and more; a sign they lack is shown as a box, and the last
line says of which script.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files

import typst

from rhml.printed.blocks import Block, Document, Drawing, Pairs, Paragraph, Section, Table, clean

ACCESSIBLE = "ua-1"
BOX = "□"
NAMESPACE = "http://www.w3.org/2000/svg"
LONG_WORD = 22
SHORT, WIDEST = 26, 80
LINE = 104
"""Letters on a line of a table, about."""
KINDS = {Paragraph: "paragraph", Pairs: "pairs", Table: "table", Drawing: "drawing"}


def page(document: Document, *, at: datetime, footer: str) -> bytes:
    """The PDF; `at` is what it says of when it was made, `footer` stands at the foot of every page."""
    text = _as_text(document, footer)
    missing = "".join(sorted(c for c in set(text) if not c.isascii() and not shows(c)))
    if missing:
        text = _as_text(_with(document, f"Shown as {BOX} here, because no font of this PDF holds it: "
                              f"{', '.join(scripts(missing))}. The HTML page and the JSON have it."), footer)  # fmt: skip
        text = text.translate({ord(c): BOX for c in missing})
    try:
        return _set(text, at, [ACCESSIBLE])
    except typst.TypstError:  # signs that the fonts hold each alone, but not in this sequence
        return _set(text, at, [])


def _set(text: str, at: datetime, standards: list[str]) -> bytes:
    template = (files("rhml.printed") / "report.typ").read_bytes()
    moment = at.replace(microsecond=0, tzinfo=UTC)
    return _compiler().compile(
        template, format="pdf", sys_inputs={"document": text}, pdf_standards=standards, timestamp=moment
    )


def scripts(missing: str) -> list[str]:
    """What the signs are called that are missing, by script.

    >>> scripts("漢字ሀ")
    ['CJK', 'ETHIOPIC']
    """
    return sorted({unicodedata.name(c, "UNNAMED").split()[0] for c in missing})


def _compiler() -> typst.Compiler:
    """A new one each time: one must not be used by two threads at once."""
    return typst.Compiler(b"", ignore_system_fonts=True)


@lru_cache(maxsize=20_000)
def shows(sign: str) -> bool:
    """Whether the fonts hold a sign; they are asked once."""
    probe = b'#set document(title: "x")\n#sys.inputs.sign'
    try:
        _compiler().compile(
            probe, format="pdf", sys_inputs={"sign": sign}, pdf_standards=[ACCESSIBLE], timestamp=0
        )
    except typst.TypstError:
        return False
    return True


def _with(document: Document, note: str) -> Document:
    *before, last = document.sections
    return replace(
        document, sections=(*before, Section(last.title, (*last.blocks, Paragraph(note, small=True))))
    )


def _as_text(document: Document, footer: str) -> str:
    """The document as the template reads it."""
    sections = [
        {"title": _soft(s.title), "blocks": [_block(block) for block in s.blocks]} for s in document.sections
    ]
    whole = {
        "title": clean(document.title),
        "heading": _soft(document.title),
        "covers": _soft(document.covers),
        "footer": _soft(footer),
        "sections": sections,
    }
    return json.dumps(whole, ensure_ascii=False)


def _block(block: Block) -> dict[str, object]:
    values = {"kind": KINDS[type(block)], **asdict(block)}
    if isinstance(block, Table):
        values["widths"] = _widths(block)
    if isinstance(block, Drawing):
        return {
            **values,
            "svg": block.svg.replace("<svg ", f'<svg xmlns="{NAMESPACE}" ', 1),
            "alt": _soft(block.alt),
        }
    return {key: _soften(value) for key, value in values.items()}


def _soften(value: object) -> object:
    if isinstance(value, str):
        return _soft(value)
    return [_soften(v) for v in value] if isinstance(value, list | tuple) else value


def _soft(text: str) -> str:
    """A text with places to break in words too long for a column."""
    return re.sub(rf"(\S{{{LONG_WORD}}})(?=\S)", "\\1\u200b", clean(text))


def _widths(table: Table) -> list[float]:
    """Room in letters: a column fits its longest word, short texts whole where they can; long ones share the rest."""
    columns = list(zip(table.head, *table.rows, strict=True))
    words = [
        2.5 + max(min(len(w), LONG_WORD) for cell in cells for w in (cell.split() or ["—"]))
        for cells in columns
    ]
    whole = [
        max(word, 2.5 + min(max(map(len, cells)), SHORT)) for cells, word in zip(columns, words, strict=True)
    ]
    part = min(max(LINE - sum(words), 0.0) / ((sum(whole) - sum(words)) or 1.0), 1.0)
    needed = [word + (fits - word) * part for word, fits in zip(words, whole, strict=True)]
    long = [
        max(min(max(map(len, cells)), WIDEST) ** 0.8 - need, 0.0)
        for cells, need in zip(columns, needed, strict=True)
    ]
    left = max(LINE - sum(needed), 0.0) / (sum(long) or 1.0)
    return [round(need + more * left, 2) for need, more in zip(needed, long, strict=True)]
