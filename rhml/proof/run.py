"""Many organizations, one after another on every core; what is done is on disk, so that a proof can be resumed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rhml.errors import RhmlError
from rhml.proof import plant
from rhml.proof.examination import examined
from rhml.proof.plant import Plant

Progress = Callable[[float, str], None]

PLAN: tuple[Plant, ...] = (
    plant.STABLE, plant.DESKILLING, plant.LEARNING.sized(3_000), plant.HARDER, plant.DRIFTING, plant.STABLE.sized(3_000),
    plant.EASIER, plant.DESKILLING, plant.LEARNING, plant.VERSION, plant.SEGMENT, plant.HARD_AND_DEFERRING,
    plant.STABLE.sized(500), plant.LEARNING.sized(500),
)  # fmt: skip
"""Organizations take turns in this order, so that a proof cut short has still seen every kind."""
LINES = "organizations.jsonl"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def planned(organizations: int, seed: int) -> list[tuple[Plant, int]]:
    """Which organizations a proof examines: plant and seed of each, always the same for a seed."""
    return [(PLAN[i % len(PLAN)], _seed(seed, i)) for i in range(organizations)]


def _seed(seed: int, place: int) -> int:
    return int.from_bytes(sha256(f"{seed} {place}".encode()).digest()[:4], "big")


def prove(
    organizations: int,
    *,
    seed: int,
    out: Path | None = None,
    workers: int | None = None,
    progress: Progress = lambda share, words: None,
) -> list[dict[str, Any]]:
    """A line for each organization, in the order of the plan; those in `out` already are not examined again."""
    asked = planned(organizations, seed)
    lines = _held(out)
    missing = [one for one in asked if _key(one) not in lines]
    if out:
        out.mkdir(parents=True, exist_ok=True)
    for done, line in enumerate(_examine(missing, workers or os.cpu_count() or 1), start=1):
        lines[line["plant"], line["calls"], line["seed"]] = line
        if out:
            with (out / LINES).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        progress(done / len(missing), f"{done:,} of {len(missing):,} organizations")
    return [lines[_key(one)] for one in asked]


def _key(one: tuple[Plant, int]) -> tuple[str, int, int]:
    return one[0].name, one[0].calls, one[1]


def _held(out: Path | None) -> dict[tuple[str, int, int], dict[str, Any]]:
    """Lines of an earlier run; a last line that was cut off while it was written does not count."""
    file = out / LINES if out else None
    if file is None or not file.exists():
        return {}
    found = {}
    for place, text in enumerate(texts := file.read_text("utf-8").splitlines()):
        try:
            line = json.loads(text)
        except json.JSONDecodeError as broken:
            if place < len(texts) - 1:
                raise RhmlError(
                    f"Line {place + 1} of {file} is damaged. Remove that line, or name another folder."
                ) from broken
            file.write_text("".join(f"{t}\n" for t in texts[:-1]), "utf-8")
            break
        found[line["plant"], line["calls"], line["seed"]] = line
    return found


def _examine(asked: list[tuple[Plant, int]], workers: int) -> Iterator[dict[str, Any]]:
    """Every organization's line as soon as it is ready; one worker works in this very process."""
    if workers == 1 or len(asked) < 2:
        yield from (examined(*one) for one in asked)
        return
    with _one_thread_each(), ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures = [pool.submit(_from_plain, asdict(one), seed) for one, seed in asked]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _from_plain(plain: dict[str, Any], seed: int) -> dict[str, Any]:
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
