"""A document once more, in the words of its domain: what the product says, never what somebody typed."""

from __future__ import annotations

from dataclasses import replace

from rhml.printed.blocks import Block, Document, Drawing, Pairs, Paragraph, Section, Table
from rhml.printed.own_words import own


def retold(document: Document, *, typed: bool = False) -> Document:
    """Headings, captions and sentences in the domain's words; `typed` where paragraphs hold what people wrote."""
    return replace(document, sections=tuple(_section(section, typed) for section in document.sections))


def _section(section: Section, typed: bool) -> Section:
    return Section(own(section.title), tuple(_block(block, typed) for block in section.blocks))


def _block(block: Block, typed: bool) -> Block:
    match block:
        case Paragraph() if not typed:
            return replace(block, text=own(block.text))
        case Pairs() if not typed:
            return replace(block, rows=tuple((own(name), own(said)) for name, said in block.rows))
        case Table():
            return replace(block, caption=own(block.caption), head=tuple(map(own, block.head)))
        case Drawing():
            return replace(block, alt=own(block.alt), svg=block.svg)
    return block
