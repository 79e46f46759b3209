"""Many organizations, on every core; what is done is on disk, so that a proof can be stopped and resumed."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rhml.errors import RhmlError
from rhml.proof.examination import examined
from rhml.proof.plan import edition, planned
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress, silent

LINES = "organizations.jsonl"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Line = dict[str, Any]
Key = tuple[str, int, int]


def prove(
    organizations: int,
    *,
    seed: int,
    out: Path | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> list[Line]:
    """A line for each organization, in the order of the plan; those in `out` already are not examined again.

    RhmlError where it is stopped by Ctrl-C, or `out` holds lines of another edition of the product.
    """
    asked = planned(organizations, seed)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    lines = _held(out)
    missing = [one for one in asked if _key(one) not in lines]
    try:
        for done, line in enumerate(_examine(missing, workers or os.cpu_count() or 1), start=1):
            lines[_of(line)] = line
            if out:
                _keep(out, line)
            progress(done / len(missing), f"{done:,} of {len(missing):,} organizations")
    except KeyboardInterrupt as stopped:
        raise RhmlError(_stopped(sum(_key(one) in lines for one in asked), organizations, out)) from stopped
    return [lines[_key(one)] for one in asked]


def _stopped(done: int, organizations: int, out: Path | None) -> str:
    if out is None:
        return f"Stopped after {done:,} of {organizations:,} organizations. Nothing was kept: name a folder with --out."
    return f"Stopped. {done:,} of {organizations:,} organizations are in {out}; the same command goes on from there."


def _key(one: tuple[Plant, int]) -> Key:
    return one[0].name, one[0].calls, one[1]


def _of(line: Line) -> Key:
    return line["plant"], line["calls"], line["seed"]


def _keep(out: Path, line: Line) -> None:
    with (out / LINES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line | {"edition": edition()}) + "\n")


def _held(out: Path | None) -> dict[Key, Line]:
    """Lines of an earlier run; a last line that was cut off while it was written does not count."""
    file = out / LINES if out else None
    if file is None or not file.exists():
        return {}
    found, texts = {}, file.read_bytes().splitlines()
    for place, text in enumerate(texts):
        try:
            line = json.loads(text)
            key, made_by = _of(line), line.pop("edition", "")
            found[key] = line
        except (ValueError, TypeError, KeyError, AttributeError) as broken:
            if place < len(texts) - 1:
                raise RhmlError(
                    f"Line {place + 1} of {file} is damaged. Remove that line, or name another folder."
                ) from broken
            texts.pop()
            break
        if made_by != edition():
            raise RhmlError(
                f"{file} holds a proof of another edition of the product, and the two do not add up. Name another folder."
            )
    # Written anew: what follows must not be glued to a line that lost its end.
    file.write_bytes(b"".join(text + b"\n" for text in texts))
    return found


def _examine(asked: list[tuple[Plant, int]], workers: int) -> Iterator[Line]:
    """Every organization's line as soon as it is ready; one worker works in this very process."""
    if workers == 1 or len(asked) < 2:
        yield from (examined(*one) for one in asked)
        return
    with _one_thread_each():
        before = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(
            min(workers, len(asked)), mp_context=get_context("spawn"), initializer=_deaf
        )
        futures = [pool.submit(_from_plain, asdict(one), seed) for one, seed in asked]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - before:
                child.terminate()
            raise
        pool.shutdown()


def _deaf() -> None:
    """Ctrl-C is for the process that asked; it ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _from_plain(plain: dict[str, Any], seed: int) -> Line:
    return examined(Plant(**plain), seed)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers share the cores among them: each keeps to one thread of arithmetic."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
