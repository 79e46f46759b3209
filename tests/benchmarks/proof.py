"""The README's table of a proof, from the folder of `python -m rhml prove … --out FOLDER`. Prints Markdown.

python -m tests.benchmarks.proof FOLDER
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path

from rhml.proof.printed import headline
from rhml.proof.promises import Count
from rhml.proof.run import LINES
from rhml.proof.tally import COVERS, KINDS, tally

LEFT_OUT = (KINDS,)
SELDOM = "too few to say"
FEWEST = 4


def table(folder: Path) -> str:
    """One Markdown table of all that was seen often enough, but for the questions by kind of organization."""
    texts = (folder / LINES).read_text("utf-8").splitlines()
    counts = tally([json.loads(text) for text in texts])
    rows = [headline(counts, len(texts)), ""]
    rows += ["| | share | of | promise | |", "|---|---|---|---|---|"]
    for section, ones in groupby(counts, key=lambda one: one.section):
        ones = list(ones)
        if section not in LEFT_OUT and any(_told(one) for one in ones):
            rows.append(f"| **{section}** | | | | |")
            rows += [_row(one) for one in ones if _told(one)]
    return "\n".join(rows)


def _told(one: Count) -> bool:
    """Whether it was seen often enough to stand in a table."""
    return one.of >= FEWEST and one.kept != SELDOM


def _row(one: Count) -> str:
    low, high = one.span() or (0.0, 1.0)
    error = ""
    if one.error and one.section == COVERS and abs(one.error[1]) < 1:
        error = (
            f"; off by {one.error[1] * 100:.1f} points" if one.what.startswith(("growth", "change")) else ""
        )
    kept = f"**{one.kept}**" if one.kept == "not kept" else one.kept
    return f"| {one.what}{error} | {one.share:.1%} ({low:.1%} to {high:.1%}) | {one.of:,} | {one.promise.words} | {kept} |"


if __name__ == "__main__":
    print(table(Path(sys.argv[1])))
