"""Yes, no, and the names of actions, in the words of the people who typed them."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from rhml.core.answers import Decided, Outcome
from rhml.core.domain import DecisionDomain, Feature
from rhml.intake.cells import as_text, without
from rhml.intake.figures import numbers
from rhml.intake.findings import Parsed, Wrong, shown

YES = frozenset({
    "yes", "y", "true", "t", "1", "1.0", "on", "ja", "j", "wahr", "oui", "o", "vrai", "si", "sí", "sì", "s", "vero",
    "verdadero", "sim", "verdadeiro", "tak", "ano", "áno", "evet", "kyllä", "igen", "da", "да", "так", "ναι", "نعم", "כן",
    "是", "はい", "예", "네", "✓", "✔", "☑", "✅", "👍",
})  # fmt: skip
NO = frozenset({
    "no", "n", "false", "f", "0", "0.0", "off", "nein", "falsch", "nee", "nej", "nei", "non", "faux", "falso", "não", "nao",
    "nie", "ne", "hayır", "ei", "nem", "nu", "нет", "не", "ні", "όχι", "لا", "לא", "否", "いいえ", "아니오", "아니요",
    "✗", "✘", "☒", "❌", "👎",
})  # fmt: skip


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


def actions(column: pd.Series, domain: DecisionDomain, said: Outcome | Decided | None = None) -> Parsed:
    """A column of actions as the domain's keys; labels and other capitals are accepted and noted.

    `said` is how the domain file reads the column: words that stand for actions, what a yes means, and the number
    from which it is yes; without it names of actions alone are read.
    """
    if said is not None and said.yes_from is not None:
        return _from_number(column, domain, said)
    text = as_text(column)
    codes, found = pd.factorize(text)
    meant = [_told(word, domain, said) for word in found]
    keys = np.array(
        [*(key or None for key in meant), None], dtype=object
    )  # code -1, a missing cell, is the last one
    unread = np.array([*(key is None for key in meant), False])
    values = pd.Series(keys[codes], dtype=object)
    other = unread[codes]
    renamed = [(w, k) for w, k in zip(found, meant, strict=True) if k and w != k and not _declared(w, said)]
    notes = tuple(f"{shown(word)!r} was read as the action {key!r}." for word, key in renamed[:5])
    if not other.any():
        return Parsed(values, notes=notes)
    if said is None or said.true_means is None:
        remedy = (
            f"Use one of: {', '.join(domain.action_keys)}; or say what the word stands for in means = {{…}}."
        )
    else:
        remedy = "Write yes or no."
    return Parsed(values, (Wrong(other, f"This is no action of {domain.title}.", remedy),), notes)


def _from_number(column: pd.Series, domain: DecisionDomain, said: Outcome | Decided) -> Parsed:
    """Numbers as the one action or the other, by the number from which it is yes."""
    read = numbers(column)
    other = next(key for key in domain.action_keys if key != said.true_means)
    enough = (read.values >= said.yes_from).to_numpy()
    keys = np.where(read.values.isna(), None, np.where(enough, said.true_means, other))
    return Parsed(pd.Series(keys, dtype=object), read.wrong, read.notes)


def _declared(word: str, said: Outcome | Decided | None) -> bool:
    return said is not None and (said.true_means is not None or word in said.means)


def _told(word: str, domain: DecisionDomain, said: Outcome | Decided | None) -> str | None:
    """The action a word stands for; "" where it says that nothing is known yet, None where nobody can tell."""
    if said is not None and word in said.means:
        return said.means[word]
    return _meant(word, domain, said.true_means if said is not None and not said.means else None)


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
