"""A report as one HTML page that needs nothing else: no script, no address, nothing that is fetched."""

from __future__ import annotations

from html import escape

from rhml.printed.blocks import Block, Document, Drawing, Pairs, Paragraph, Section, Table

NARROW = 3
"""Columns that fit a telephone."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --line: #8885; --faint: #5b6570; --back: #fff; --text: #16191d; --link: #1d5a96; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171a; --text: #e8eaed; --faint: #a7b0ba; --link: #8fc1f2; }
}
body { font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; background: var(--back);
  color: var(--text); max-width: 58rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
p { margin: .5rem 0; }
a { color: var(--link); }
nav ul { columns: 2 14rem; padding-left: 1.2rem; margin: .8rem 0; font-size: .95rem; }
.strong { font-weight: 600; font-size: 1.08rem; }
.small, caption { color: var(--faint); font-size: .88rem; }
.wide { overflow-x: auto; margin: .7rem 0 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: normal; min-width: 5rem; }
thead th { border-bottom: 2px solid var(--line); }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .35rem 1.2rem; margin: .7rem 0; }
dl.answer { font-size: 1.08rem; gap: .6rem 1.2rem; }
dt { font-weight: 600; } dd { margin: 0; }
svg { display: block; width: 100%; min-width: 32rem; max-width: 46rem; height: auto; }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .6rem; } }
@media print {
  :root { color-scheme: light; --back: #fff; --text: #000; --faint: #444; --link: #000; }
  body { max-width: none; margin: 0; font-size: 10.5pt; }
  nav { display: none; } h2 { break-after: avoid; } tr, svg, dl > * { break-inside: avoid; }
  thead { display: table-header-group; } .wide { overflow: visible; } svg { min-width: 0; }
}
"""


def page(document: Document) -> str:
    """The whole page; every text is escaped."""
    title = escape(document.title)
    listed = "".join(f'<li><a href="#{s.anchor}">{escape(s.title)}</a></li>' for s in document.sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f'<body><header><h1>{title}</h1><p class="small">{escape(document.covers)}</p>'
        f'<nav aria-label="Contents"><ul>{listed}</ul></nav></header>'
        f"<main>{''.join(_section(s) for s in document.sections)}</main></body></html>\n"
    )


def _section(section: Section) -> str:
    blocks = "".join(_block(block) for block in section.blocks)
    return f'<section id="{section.anchor}"><h2>{escape(section.title)}</h2>{blocks}</section>'


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            kind = "strong" if block.strong else "small" if block.small else ""
            return f'<p class="{kind}">{escape(block.text)}</p>' if kind else f"<p>{escape(block.text)}</p>"
        case Pairs():
            rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in block.rows)
            return f"<dl{' class=answer' if block.wide else ''}>{rows}</dl>"
        case Table():
            return _region(block.caption, _table(block))
        case Drawing():
            return _region(
                block.alt.partition(":")[0],
                f'<div role="img" aria-label="{escape(block.alt)}">{block.svg}</div>',
            )


def _region(name: str, inside: str) -> str:
    """What may be wider than a telephone scrolls by itself, also by keyboard."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)}">{inside}</div>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in table.rows
    )
    wide = f' style="min-width:{7.5 * len(table.head)}rem"' if len(table.head) > NARROW else ""
    return f"<table{wide}><caption>{escape(table.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
