"""Finding a column under the product's name for it or under the organization's own."""

from __future__ import annotations

import base64
import hashlib

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.intake.cells import as_text
from rhml.intake.findings import Findings, Wrong, shown
from rhml.intake.tables import Table
from rhml.intake.words import nearest


class Headings:
    """The columns of one table by heading; remembers which of them were asked for."""

    def __init__(self, table: Table, domain: DecisionDomain, findings: Findings):
        self._frame, self._findings = table.frame, findings
        self._headings = tuple(str(heading).strip() for heading in table.frame.columns)
        own = {f.name: f.column or f.name for f in domain.features}
        # A heading that one feature calls its own is never another's product name.
        self._claimed = set(own.values())
        self._used: set[str] = set()

    def find(self, name: str, own: str | None = None) -> tuple[str, pd.Series] | None:
        """The heading and the cells of a column, or None; both names with different values are problems."""
        own = own or name
        heading = own if own in self._headings else name
        if heading not in self._headings or (heading != own and heading in self._claimed):
            return None
        cells = self._cells(heading)
        if own != name and heading == own and name in self._headings and name not in self._claimed:
            self._compare(own, name)
        return heading, cells

    def need(self, name: str, own: str | None, remedy: str) -> tuple[str, pd.Series] | None:
        """As `find`; a column that is not there is a problem."""
        found = self.find(name, own)
        if found is None:
            wanted = own or name
            alike = nearest(wanted, self._headings)
            hint = f" There is a column {shown(alike)!r}." if alike else ""
            self._findings.add(
                f"The column {shown(wanted)!r} is missing.{hint}", remedy, column=wanted, row=1
            )
        return found

    def row_names(self, domain: DecisionDomain) -> pd.Series:
        """A name for each row, made of its declared features: the same row again is the same case.

        Of rows that say the same, the second gets -2 behind its name, and so on.
        """
        own = [f.column or f.name for f in domain.features if not f.collect]
        said = [as_text(self._cells(heading)).fillna("") for heading in own if heading in self._headings]
        rows = zip(*said, strict=True) if said else (() for _ in range(len(self._frame)))
        names = pd.Series([_name("\x1f".join(row)) for row in rows], dtype="str")
        again = names.groupby(names).cumcount()
        return names.where(again == 0, names + "-" + (again + 1).astype("str"))

    def ignored(self) -> tuple[str, ...]:
        """The headings that nobody asked for."""
        return tuple(h for h in self._headings if h not in self._used)

    def note_ignored(self) -> tuple[str, ...]:
        """One sentence that names the columns left aside; nothing if there are none."""
        left = [shown(heading) or "(no heading)" for heading in self.ignored()]
        if not left:
            return ()
        more = f" and {len(left) - 20} more" if len(left) > 20 else ""
        return (f"Columns that the domain file does not declare were ignored: {', '.join(left[:20])}{more}.",)

    def _cells(self, heading: str) -> pd.Series:
        self._used.add(heading)
        return self._frame.iloc[:, self._headings.index(heading)].reset_index(drop=True)

    def _compare(self, own: str, name: str) -> None:
        mine, canonical = as_text(self._cells(own)), as_text(self._cells(name))
        differ = (mine.fillna("") != canonical.fillna("")).to_numpy(dtype=bool)
        if np.any(differ):
            problem = f"The columns {shown(own)!r} and {name!r} mean the same and hold different values."
            self._findings.mark(Wrong(differ, problem, f"Remove the column {name!r}."), own, mine)


def _name(row: str) -> str:
    digest = hashlib.sha256(row.encode("utf-8", "replace")).digest()
    return "row-" + base64.b32encode(digest)[:8].decode().lower()
