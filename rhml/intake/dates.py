"""Dates and times as people write them, in naive UTC; a date that may be two days is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.intake.cells import as_text, matches, without
from rhml.intake.findings import Parsed, Wrong

EARLIEST, LATEST = pd.Timestamp("1900-01-01"), pd.Timestamp("2100-01-01")

_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})"
_ISO = rf"^(?:\d{{4}}-\d{{2}}-\d{{2}}{_CLOCK} ?{_ZONE}?|\d{{8}})$"
_ZONED = rf"\d:\d{{2}}.*{_ZONE}$"
_YEAR_FIRST = rf"^(\d{{4}})[/.](\d{{1,2}})[/.](\d{{1,2}})({_CLOCK})$"
_DOTTED = rf"^(\d{{1,2}})\. ?(\d{{1,2}})\. ?(\d{{4}}|\d{{2}})({_CLOCK})$"
_SLASHED = rf"^(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}|\d{{2}})({_CLOCK})$"
_DAY_NAMED = rf"^(\d{{1,2}})\.?[ -]([A-Za-zäéèû]{{3,4}})[a-zäéèû]*\.?[ -](\d{{4}}|\d{{2}})({_CLOCK})$"
_MONTH_NAMED = rf"^([A-Za-z]{{3}})[a-z]*\.? (\d{{1,2}}),? (\d{{4}})({_CLOCK})$"
_MONTH_ONLY = (
    r"^(?:(?P<year>\d{4})-(?P<month>\d{2})|(?P<name>[A-Za-z]{3})[a-z]*\.?[ -](?P<named>\d{4}|\d{2}))$"
)
_HALF_DAY = r"^(.*[T ])(\d{1,2})(:\d{2}(?::\d{2})?) ?([AaPp])\.?[Mm]\.?$"
_MONTHS = {
    name: f"{number:02}"
    for number, names in enumerate(
        (
            "jan janv ene gen", "feb févr fév fevr", "mar mär mars maer", "apr avr abr", "may mai mayo mag", "jun juin giu",
            "jul juil lug", "aug août aout ago", "sep sept set", "oct okt ott", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

_REMEDY = "Write dates like 2024-01-31, with a time like 2024-01-31T14:05Z."


def dates(column: pd.Series, missing: tuple[str | float | bool, ...] = ()) -> Parsed:
    """A column of dates as naive UTC times, NaT where missing; times without a zone are taken as UTC.

    >>> dates(pd.Series(["2024-01-31", "31.01.2024", "2024-01-31T02:00+02:00", None])).values.dt.day.tolist()
    [31.0, 31.0, 31.0, nan]
    >>> dates(pd.Series(["03/04/2024"])).wrong[0].problem
    'The date may be day/month or month/day.'
    """
    wrong: list[Wrong] = []
    notes: list[str] = []
    if pd.api.types.is_datetime64_any_dtype(column):
        values = column.reset_index(drop=True)
        values = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz is not None else values
        values = (
            values.mask(values.dt.strftime("%Y-%m-%d").isin([str(m) for m in missing])) if missing else values
        )
    else:
        text = without(as_text(column), missing)
        iso = _as_iso(_by_the_clock(text), wrong, notes)
        values = pd.to_datetime(iso, format="ISO8601", utc=True, errors="coerce").dt.tz_localize(None)
        if matches(iso, _ZONED).any():
            notes.append("Times with a zone were turned into UTC.")
        _unread(text, values, wrong)
    early = ((values < EARLIEST) | (values >= LATEST)).to_numpy(dtype=bool)
    if early.any():
        remedy = "Correct the year; if the date stands for 'none', leave the cell empty or list it in missing = [...]."
        wrong.append(Wrong(early, "The date is not between 1900 and 2100.", remedy))
    return Parsed(values.mask(early).astype("datetime64[us]"), tuple(wrong), tuple(notes))


def _as_iso(text: pd.Series, wrong: list[Wrong], notes: list[str]) -> pd.Series:
    """The same dates in ISO order; missing where no known form fits."""
    plain = matches(text, _ISO)
    iso = text.where(plain)
    if not (text.notna().to_numpy() & ~plain).any():
        return iso
    for pattern, order in (
        (_YEAR_FIRST, (0, 1, 2)),
        (_DOTTED, (2, 1, 0)),
        (_DAY_NAMED, (2, 1, 0)),
        (_MONTH_NAMED, (2, 0, 1)),
    ):
        found = matches(text, pattern)
        if found.any():
            iso = iso.mask(found, _rebuilt(text.where(found), pattern, order))
    found = matches(text, _MONTH_ONLY)
    if found.any():
        iso = iso.mask(found, _first_days(text.where(found)))
        notes.append("A month without a day was read as its first day.")
    found = matches(text, _SLASHED)
    if found.any():
        order, unclear = _order(text.where(found), wrong, notes)
        iso = iso.mask(found & ~unclear, _rebuilt(text.where(found), _SLASHED, order))
    return iso


def _rebuilt(text: pd.Series, pattern: str, order: tuple[int, int, int]) -> pd.Series:
    parts = text.str.extract(pattern)
    year, month, day = (parts[i] for i in order)
    named = _number_of(month)
    month = month.str.zfill(2).where(named.isna(), named)
    year = _whole_year(year)
    clock = parts[3].fillna("").str.replace(r"^[T ](\d):", r"T0\1:", regex=True)
    return (year + "-" + month + "-" + day.str.zfill(2) + clock).astype("str")


def _number_of(month: pd.Series) -> pd.Series:
    """The number of a month by its name in English, German, French, Spanish or Italian; missing for others."""
    said = month.str.lower()
    longer, shorter = said.map(_MONTHS), said.str[:3].map(_MONTHS)
    return longer.where(longer.notna(), shorter).astype("str")


def _whole_year(year: pd.Series) -> pd.Series:
    """Years of two digits as those from 1970 to 2069."""
    short = (year.str.len() == 2).fillna(False).astype(bool)
    century = pd.Series(np.where(pd.to_numeric(year, errors="coerce") >= 70, "19", "20"), index=year.index)
    return year.mask(short, century + year.astype(object).fillna("")).astype("str")


def _first_days(text: pd.Series) -> pd.Series:
    parts = text.str.extract(_MONTH_ONLY)
    month = parts["month"].where(parts["month"].notna(), _number_of(parts["name"]))
    year = parts["year"].where(parts["year"].notna(), _whole_year(parts["named"]))
    return (year + "-" + month + "-01").astype("str")


def _by_the_clock(text: pd.Series) -> pd.Series:
    """The same with hours from 0 to 23 and zones in figures: '2:05 PM' is 14:05, ' UTC' is Z."""
    text = text.str.replace(r"(?<=\d) ?(?:UTC|GMT)$", "Z", regex=True)
    halves = matches(text, _HALF_DAY)
    if not halves.any():
        return text
    parts = text.where(halves).str.extract(_HALF_DAY)
    hour = pd.to_numeric(parts[1], errors="coerce") % 12 + 12 * parts[3].str.lower().eq("p")
    clock = parts[0] + hour.astype("Int64").astype("str").str.zfill(2) + parts[2]
    return text.mask(halves, clock).astype("str")


def _order(text: pd.Series, wrong: list[Wrong], notes: list[str]) -> tuple[tuple[int, int, int], np.ndarray]:
    """Whether the column writes the day or the month first, from the days after the twelfth."""
    parts = text.str.extract(_SLASHED)
    first, second = (pd.to_numeric(parts[i]).to_numpy(dtype=float, na_value=np.nan) for i in (0, 1))
    day_first, month_first = bool((first > 12).any()), bool((second > 12).any())
    unclear = np.zeros(len(text), dtype=bool)
    if day_first and month_first:
        unclear = text.notna().to_numpy()
        wrong.append(Wrong(unclear, "The column mixes day/month and month/day.", _REMEDY))
    elif not day_first and not month_first:
        unclear = text.notna().to_numpy() & (first != second)
        if unclear.any():
            wrong.append(Wrong(unclear, "The date may be day/month or month/day.", _REMEDY))
    elif day_first:
        notes.append("Dates were read as day/month/year, as some days are after the twelfth.")
    else:
        notes.append("Dates were read as month/day/year, as some days are after the twelfth.")
    return ((2, 0, 1) if month_first else (2, 1, 0)), unclear


def _unread(text: pd.Series, values: pd.Series, wrong: list[Wrong]) -> None:
    left = text.notna().to_numpy() & values.isna().to_numpy()
    for mark in wrong:
        left = left & ~mark.mask
    serial = left & matches(text, r"^\d{5}(\.\d+)?$")
    if serial.any():
        remedy = "Format the column as a date before exporting. " + _REMEDY
        wrong.append(Wrong(serial, "This is a spreadsheet's day number, not a date.", remedy))
    left = left & ~serial
    if left.any():
        wrong.append(Wrong(left, "This is no date.", _REMEDY))
