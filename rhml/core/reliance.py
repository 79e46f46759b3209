"""The truth table of verdicts: one source for Python and SQL.

H is the first call, M the recommendation, T the final decision. Reliance words need a first call that
differed from the recommendation (Schemmer et al. 2023); a decision made without one says *followed*.

>>> verdict(first="approve", recommended="decline", final="decline", right="decline")
'appropriate reliance'
>>> verdict(first=None, recommended="decline", final="approve", right="approve")
'rescued'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

First = Literal["differed", "same", "absent"]


@dataclass(frozen=True)
class Row:
    """One line of the table; None means that the condition does not matter."""

    verdict: str
    advised: bool = True
    followed: bool | None = None
    advice_right: bool | None = None
    final_right: bool | None = None
    first: First | None = None


TABLE: tuple[Row, ...] = (
    Row("unadvised right", advised=False, final_right=True),
    Row("unadvised wrong", advised=False, final_right=False),
    Row("rescued", followed=False, final_right=True),
    Row("spoiled", followed=False, advice_right=True),
    Row("both wrong", followed=False, advice_right=False, final_right=False),
    Row("appropriate reliance", followed=True, advice_right=True, first="differed"),
    Row("overreliance", followed=True, advice_right=False, first="differed"),
    Row("agreed right", followed=True, advice_right=True, first="same"),
    Row("agreed wrong", followed=True, advice_right=False, first="same"),
    Row("followed right", followed=True, advice_right=True, first="absent"),
    Row("followed wrong", followed=True, advice_right=False, first="absent"),
)

VERDICTS = tuple(row.verdict for row in TABLE)


def verdict(*, first: str | None, recommended: str | None, final: str, right: str | None) -> str | None:
    """The verdict on one decision; None while its outcome is unknown."""
    if right is None:
        return None
    facts = {
        "advised": recommended is not None,
        "followed": final == recommended,
        "advice_right": recommended == right,
        "final_right": final == right,
        "first": "absent" if first is None else "same" if first == recommended else "differed",
    }
    return next(
        row.verdict
        for row in TABLE
        if all(getattr(row, name) in (None, value) for name, value in facts.items())
    )


def verdict_sql(first: str, recommended: str, final: str, right: str) -> str:
    """The same table as a SQL CASE over four column expressions; NULL while the outcome is unknown."""
    whens = " ".join(
        f"WHEN {_condition(row, first, recommended, final, right)} THEN '{row.verdict}'" for row in TABLE
    )
    return f"CASE WHEN {right} IS NULL THEN NULL {whens} END"


def _condition(row: Row, first: str, recommended: str, final: str, right: str) -> str:
    advised = f"{recommended} IS NOT NULL"
    sql = [advised if row.advised else f"{recommended} IS NULL"]
    equal = {True: "=", False: "<>"}
    if row.followed is not None:
        sql.append(f"{final} {equal[row.followed]} {recommended}")
    if row.advice_right is not None:
        sql.append(f"{recommended} {equal[row.advice_right]} {right}")
    if row.final_right is not None:
        sql.append(f"{final} {equal[row.final_right]} {right}")
    match row.first:
        case "absent":
            sql.append(f"{first} IS NULL")
        case "same":
            sql.append(f"{first} = {recommended}")
        case "differed":
            sql.append(f"{first} <> {recommended}")
    return " AND ".join(sql)
