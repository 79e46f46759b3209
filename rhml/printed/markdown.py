"""A report as Markdown, for a wiki or a repository: every typed text is escaped, so that it stays text."""

from __future__ import annotations

import re

from rhml.printed.blocks import Block, Document, Drawing, Pairs, Paragraph, Section, Table, clean

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#!|~$&])")


def page(document: Document) -> str:
    """The whole report.

    >>> print(page(Document("Loans", "all", (Section("One", (Paragraph("a <b>"),)),))))
    # Loans
    <BLANKLINE>
    all
    <BLANKLINE>
    ## One
    <BLANKLINE>
    a \\<b\\>
    <BLANKLINE>
    """
    parts = [f"# {plain(document.title)}", plain(document.covers), *map(_section, document.sections)]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """A text whose signs are no markup; a line of its own cannot begin a list or a heading."""
    said = _SIGNS.sub(r"\\\1", apart(clean(str(text))))
    return re.sub(r"^(\s*)(?=[-+=])|^(\s*\d+)(?=[.)](?:\s|$))", r"\g<0>\\", said)


APART = "\u2060"
"""A word joiner: of no width, and no place to break a line."""

_LIVELY = re.compile(
    r"https?(?=://)|www(?=\.)|mailto(?=:)|xmpp(?=:)|@(?=\w)|:(?=(?:material/)?[\w+-]+:)", re.IGNORECASE
)


def apart(text: str) -> str:
    """Addresses that would become links, and names between colons that would become pictures, taken apart unseen.

    >>> apart("http://a or :smile: at 10:30").replace(APART, "|")
    'http|://a or :|smile: at 10:30'
    """
    return _LIVELY.sub(rf"\g<0>{APART}", text)


def _section(section: Section) -> str:
    return "\n\n".join([f"## {plain(section.title)}", *map(_block, section.blocks)])


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"**{plain(block.text)}**" if block.strong else plain(block.text)
        case Pairs():
            return "\n".join(f"* **{plain(name)}:** {plain(said)}" for name, said in block.rows)
        case Table():
            return f"{plain(block.caption)}\n\n{_table(block)}"
        case Drawing():
            return plain(block.alt)


def _table(table: Table) -> str:
    lines = [f"| {' | '.join(plain(cell) for cell in table.head)} |", f"|{' --- |' * len(table.head)}"]
    lines += [f"| {' | '.join(plain(cell) for cell in row)} |" for row in table.rows]
    return "\n".join(lines)
