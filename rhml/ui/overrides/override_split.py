"""The overrides by one dimension as a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.exploration import Exploration
from rhml.reports.overrides import Overrides
from rhml.ui import grid, measured, veiled, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here

IN_ORDER = ("period",)
"""Dimensions with an order of their own; people stand in that of the alphabet, and nobody can sort them."""


def table(here: Here, found: Exploration, by: str) -> None:
    """The overrides by one dimension; rows of single people by name are looks at them."""
    name = explorer.label(here.domain, by)
    if by == "manager":
        veiled.looked(here, (part.name for part in found.parts), "overrides by person")
        rows = _rows(found.parts, here.domain, by)
        cells = rows.map(lambda cell: cell if isinstance(cell, str) else words.number(cell))
        grid.wide(list(cells), cells.to_numpy().tolist(), name="people", alt="Overrides by person")
    else:
        parts = found.parts if by in IN_ORDER else sorted(found.parts, key=lambda part: -part.overridden)
        st.dataframe(_rows(parts, here.domain, by), hide_index=True, alt=f"Overrides by {name}",
                     column_config={name: st.column_config.Column(pinned=True)})  # fmt: skip
    measured.how(
        "Each row has its own interval and count; below 20 cases no number is given. Rows differ in their cases, so they "
        "are no ranking of people or segments. Looking through many rows, one in twenty stands out by chance; the view *Limits* "
        "allows for that, so it may call fewer rates above."
        + (f"\n\n{veiled.said(here)}" if by == "manager" else ""),
        key="split",
    )


def _rows(parts: Iterable[Overrides], domain: DecisionDomain, by: str) -> pd.DataFrame:
    parts = list(parts)
    rated = any(part.rate.known for part in parts)
    return pd.DataFrame(
        {
            explorer.label(domain, by): [explorer.named(domain, by, part.name) for part in parts],
            "Overrides": [part.overridden for part in parts],
            **({"Override rate": [measured.share(part.rate) for part in parts],
                "Against the limits": [part.words for part in parts]} if rated else {}),
            "Rescued": [part.rescued for part in parts],
            "Spoiled": [part.spoiled for part in parts],
            **({"Both wrong": [part.both_wrong for part in parts]} if len(domain.actions) > 2 else {}),
            "Not yet known": [part.not_yet_known for part in parts],
            **({"Cannot be known": [part.cannot_be_known for part in parts]} if domain.selective else {}),
            "Right when they differed": [measured.share(part.precision) for part in parts],
            "Worth": [measured.amount(part.value, part.unit) for part in parts],
        }
    )  # fmt: skip
