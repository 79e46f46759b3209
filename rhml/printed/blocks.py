"""What a printed report is made of, whatever it is printed as: sections of paragraphs, tables and drawings.

Every text is plain: nothing in it is markup, whoever typed it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


def clean(text: str) -> str:
    """A text without signs that are none, such as a bell or half of a pair, which neither SVG nor PDF takes.

    >>> clean("a\\x07b\\nc")
    'a b c'
    """
    return "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)


@dataclass(frozen=True)
class Paragraph:
    """A text; `strong` where it is what the section comes to, `small` for what explains a number."""

    text: str
    strong: bool = False
    small: bool = False


@dataclass(frozen=True)
class Pairs:
    """Names and what is said of each: the five sentences, or the facts about this report."""

    rows: tuple[tuple[str, str], ...]
    wide: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a heading each for columns and rows; `caption` says what it shows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """A drawing as SVG without colours of its own for text and axes, and the sentence that stands for it."""

    svg: str
    alt: str


Block = Paragraph | Pairs | Table | Drawing


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The heading as a link needs it.

        >>> Section("Who taught whom?", ()).anchor
        'who-taught-whom'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


@dataclass(frozen=True)
class Document:
    """A whole report: what it is about, in one line what it covers, and its sections."""

    title: str
    covers: str
    sections: tuple[Section, ...]
