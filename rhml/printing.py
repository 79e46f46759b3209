"""How the command line speaks: JSON or words on stdout, progress and refusals on stderr."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pandas as pd

from rhml.errors import WithProblems
from rhml.loop.files import check_destination, write_whole
from rhml.loop.onboard import Onboarded
from rhml.printed.tables import safe

SHOWN = 20
"""Problems or rows printed in words; --json and --out give all of them."""


def progress(share: float, message: str) -> None:
    """One line of progress on stderr."""
    print(f"{share:4.0%}  {message}", file=sys.stderr)


def patiently(seconds: float = 1.0) -> Callable[[float, str], None]:
    """The same, silent until so many seconds have passed: what is quick says nothing."""
    begun = monotonic()

    def tell(share: float, message: str) -> None:
        if monotonic() - begun >= seconds:
            progress(share, message)

    return tell


def stay_readable() -> None:
    """Let no letter that a terminal cannot show end a command: it is printed as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """A reader of the output who has left, as `head` does, is no error."""
    try:
        yield
    except BrokenPipeError:
        _let_go()


def _let_go() -> None:
    """Send what is still to be printed nowhere; else the interpreter would try, and complain, once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@reader_may_leave()
def finish() -> None:
    """Hand over what was printed, while a failure can still be told."""
    if sys.stdout is None or sys.stdout.closed:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError:
        _let_go()
        raise


@reader_may_leave()
def show(result: Any, as_json: bool, plain: str | None = None) -> None:
    """A result as one JSON document, or in words."""
    values = asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
    if as_json:
        is_utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
        print(json.dumps(values, default=_plain, ensure_ascii=not is_utf8, allow_nan=False))
    elif plain is not None:
        print(plain)
    else:
        print(
            "\n".join(
                f"{key}: {_words(value)}" for key, value in values.items() if value not in (None, [], ())
            )
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_words(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_words(v) for v in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def watched(found: dict[str, Any]) -> str:
    """What a look at the live version found: every change with what to do, and whether its sets hold."""
    findings = [*found["calibration"]["findings"], *found["population"]["findings"]]
    lines = [f"{f['sentence']}\n  {f['advice']}" for f in findings] or [found["message"]]
    held = found["coverage"]["shown"] if found["coverage"]["shown"]["n"] else found["coverage"]["bank"]
    if held["value"] is not None and held["low"] is not None:
        lines.append(
            f"Its sets, stated to hold in {found['coverage']['level']:.0%}, held in {held['value']:.0%} "
            f"({held['low']:.0%} to {held['high']:.0%}; n {held['n']:,})."
        )
    return "\n".join(lines)


def onboarded(done: Onboarded) -> dict[str, Any]:
    """What an import came to, with a sentence where it changed nothing."""
    result = asdict(done)
    result["changed"] = done.changed
    result["message"] = "Imported." if done.changed else "Nothing changed: the log holds all of this already."
    return result


def problems(refused: WithProblems) -> None:
    """A refusal with its table of problems."""
    print(refused, file=sys.stderr)
    for problem in refused.problems[:SHOWN]:
        value = f" ({problem.value})" if problem.value else ""
        print(f"  - {problem.where}{value}: {problem.problem} {problem.remedy}", file=sys.stderr)
    if len(refused.problems) > SHOWN:
        print(f"  … and {len(refused.problems) - SHOWN:,} more", file=sys.stderr)


@reader_may_leave()
def listing(table: pd.DataFrame, out: Path | None, as_json: bool) -> None:
    """A table to a file, as JSON records, or as CSV on stdout."""
    if out is not None:
        write_table(table, out)
    if as_json:
        records = json.loads(table.to_json(orient="records"))
        show({"count": len(table), "out": str(out) if out else None, "recommendations": records}, as_json)
    elif out is None:
        safe(table).to_csv(sys.stdout, index=False)
    else:
        print(f"Wrote {len(table):,} rows to {out}.")


def check_table(out: Path | None) -> None:
    """Refuse, before any work is done, a file that no table could be written to."""
    check_destination(out, (".csv", ".parquet"))


def write_table(table: pd.DataFrame, out: Path) -> None:
    """CSV or Parquet by suffix; an earlier file is replaced by the whole new one or stays as it was."""
    check_table(out)
    is_parquet = out.suffix.lower() == ".parquet"
    put = table.to_parquet if is_parquet else safe(table).to_csv
    write_whole(out, lambda part: put(part, index=False))


def report(found: dict[str, Any]) -> str:
    """The answer in five sentences, then the measures as lines: name, value, interval, count or why there is none."""
    lines = [
        f"{one['title']:>20}  {one['mark'].capitalize() + '. ' if one['mark'] else ''}{one['text']}"
        for one in (found.get("answer") or {}).values()
    ]
    for key, measure in found.items():
        if isinstance(measure, dict) and {"value", "low", "high", "n"} <= measure.keys():
            lines.append(f"{key:>20}  {_measure(measure)}")
        elif isinstance(measure, int | str):
            lines.append(f"{key:>20}  {measure}")
    for who, verdict in (found.get("improvement") or {}).items():
        if isinstance(verdict, dict) and "verdict" in verdict:
            lines.append(f"{who + ' improved?':>20}  {verdict['verdict']}")
    for key in ("growth", "cycles", "versions"):
        if said := (found.get(key) or {}).get("sentence"):
            lines.append(f"{key:>20}  {said}")
    if said := (found.get("complementarity_detail") or {}).get("allows"):
        lines.append(f"{'a perfect chooser':>20}  {said}")
    for total in (found.get("ledger") or {}).get("totals", {}).values():
        lines.append(f"{'who taught whom':>20}  {total['words']}")
    if (treated := found.get("equal_treatment") or {}).get("columns"):
        lines += [f"{'equal treatment':>20}  {one['sentence']}" for one in treated["questions"]] or [
            f"{'equal treatment':>20}  {treated['said']}"
        ]
    if (segments := found.get("found_segments") or {}).get("asked"):
        lines.append(
            f"{'segments found':>20}  {segments['confirmed']} of {segments['asked']} rules asked about"
        )
        lines += [f"{'':>20}  {one['question']}: {one['rule']}" for one in segments["segments"][:5]]
    if data := found.get("fingerprint"):
        lines.append(f"{'data':>20}  {data['short']}")
    return "\n".join(lines)


def prices(found: dict[str, Any]) -> str:
    """What each part of people's decisions taught, as lines; marginal, so they do not add up."""
    if found["why"]:
        return str(found["why"])
    lines = [
        f"What people taught {found['version']}, on {found['cases']:,} cases of the bank. Prices are marginal:"
    ]
    lines[0] += " each says what is lost without that part alone, and they do not add up."
    for price in found["prices"]:
        said = "  (without it no call is used at all)" if price["decisive"] else ""
        lines.append(f"{price['column'] + ' ' + price['name']:>40}  {_measure(price['accuracy'])}{said}")
    return "\n".join(lines)


def _measure(measure: dict[str, Any]) -> str:
    if measure["value"] is None:
        return f"— ({measure['why']})"
    return f"{measure['value']:.4f} [{measure['low']:.4f}, {measure['high']:.4f}] n {measure['n']:,}"


def corrected(found: dict[str, Any]) -> str:
    """Corrections as lines: what the look came to, then each with its state and what later outcomes said."""
    lines = [found["message"]]
    for one in found["corrections"]:
        lines.append(f"{one['correction_id']}  {one['state']}: {one['sentence']}")
        if since := one["since"]:
            gain = since["gain"]
            lines.append(
                f"  since it was proposed: right in {since['right_after']:,} of {gain['n']:,} with it, "
                f"{since['right_before']:,} without; {one['tested']}"
            )
    return "\n".join(lines)


def proposed(found: list[dict[str, Any]]) -> str:
    """Proposals as lines: id, what, what it would cost or gain, who asks for it, and what was answered."""
    lines = []
    for one in found:
        gain = one["evidence"]["gain"]
        answer = f", {one['decided']} by {one['decided_by']}: {one['why']}" if one["decided"] else ""
        lines += [f"{one['proposal_id']}  {one['title']}{answer}", f"  {one['sentence']}",
                  f"  gain of accuracy (below 0: cost): {_measure(gain)}"]  # fmt: skip
    return (
        "\n".join(lines)
        or "Nothing to propose so far: no marks, words or exceptions with enough behind them."
    )
