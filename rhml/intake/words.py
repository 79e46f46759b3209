"""Yes, no, and the names of actions, in the words of the people who typed them."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, Feature
from rhml.intake.cells import as_text, without
from rhml.intake.findings import Parsed, Wrong, shown

YES = frozenset(
    {"yes", "y", "true", "t", "1", "1.0", "on", "ja", "j", "oui", "si", "sí", "sì", "sim", "tak", "да"}
)
NO = frozenset(
    {"no", "n", "false", "f", "0", "0.0", "off", "nein", "nee", "nej", "non", "não", "nao", "nie", "нет"}
)


def yes_no(column: pd.Series, missing: tuple[str | float | bool, ...] = ()) -> Parsed:
    """A column of yes and no as 1.0, 0.0 and NaN.

    >>> yes_no(pd.Series(["Yes", "nein", ""])).values.tolist()
    [1.0, 0.0, nan]
    """
    text = without(as_text(column), missing)
    said = text.str.lower()
    yes, no = said.isin(YES).to_numpy(), said.isin(NO).to_numpy()
    values = pd.Series(np.where(yes, 1.0, np.where(no, 0.0, np.nan)))
    other = text.notna().to_numpy() & ~yes & ~no
    if not other.any():
        return Parsed(values)
    remedy = "Write yes or no (or true/false, 1/0), or set kind = 'category' in the domain file."
    return Parsed(values, (Wrong(other, "This is neither yes nor no.", remedy),))


def levels(text: pd.Series, feature: Feature) -> tuple[Wrong, ...]:
    """Cells that are none of the levels a category declares; nothing is refused where none are declared."""
    if not feature.levels:
        return ()
    other = (text.notna() & ~text.isin(feature.levels)).to_numpy()
    if not other.any():
        return ()

    def problem(at: int) -> str:
        alike = nearest(str(text.iloc[at]), feature.levels)
        return f"This is no level of {feature.name}." + (f" Did you mean {alike!r}?" if alike else "")

    remedy = f"Correct it, or add it to levels in [features.{feature.name}]."
    return (Wrong(other, problem, remedy),)


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that this one was probably meant to be."""
    folded = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(word.casefold()[:200], list(folded), n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def actions(column: pd.Series, domain: DecisionDomain, *, yes_means: str | None = None) -> Parsed:
    """A column of actions as the domain's keys; labels and other capitals are accepted and noted.

    `yes_means` names the action that a yes stands for (two actions only); None reads names alone.
    """
    text = as_text(column)
    codes, found = pd.factorize(text)
    meant = [_meant(word, domain, yes_means) for word in found]
    keys = np.array([*meant, None], dtype=object)  # code -1, a missing cell, is the last one
    values = pd.Series(keys[codes], dtype=object)
    other = text.notna().to_numpy() & values.isna().to_numpy()
    renamed = [(w, k) for w, k in zip(found, meant, strict=True) if k and w != k and yes_means is None]
    notes = tuple(f"{shown(word)!r} was read as the action {key!r}." for word, key in renamed[:5])
    if not other.any():
        return Parsed(values, notes=notes)
    remedy = f"Use one of: {', '.join(domain.action_keys)}." if yes_means is None else "Write yes or no."
    return Parsed(values, (Wrong(other, f"This is no action of {domain.title}.", remedy),), notes)


def _meant(word: str, domain: DecisionDomain, yes_means: str | None) -> str | None:
    if yes_means is not None:
        if word.lower() in YES:
            return yes_means
        if word.lower() in NO:
            return next(key for key in domain.action_keys if key != yes_means)
    if word in domain.action_keys:
        return word
    exact = [a.key for a in domain.actions if a.label == word]
    if len(exact) == 1:
        return exact[0]
    folded = word.casefold()
    by_key = {key for key in domain.action_keys if key.casefold() == folded}
    by_label = {a.key for a in domain.actions if a.label.casefold() == folded}
    either = by_key or by_label
    return next(iter(either)) if len(either) == 1 else None
