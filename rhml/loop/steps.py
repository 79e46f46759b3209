"""Several things to compute of one question, one after the other or two at a time, telling what is being done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

Progress = Callable[[float, str], None]
AT_ONCE = 2


@dataclass(frozen=True)
class Step:
    """What is computed, in words that a waiting reader sees, and how."""

    words: str
    compute: Callable[[], Any]


def silent(share: float, words: str) -> None:
    """Tells nobody."""


def carried_out(
    steps: Mapping[str, Step], *, progress: Progress = silent, together: bool = False
) -> dict[str, Any]:
    """What each step found, by its name; `together`: two at a time, for long logs, whose arithmetic frees the other core."""
    if not together:
        found = {}
        for done, (name, step) in enumerate(steps.items()):
            progress(done / len(steps), step.words)
            found[name] = step.compute()
        return found
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(step.compute): step.words for step in steps.values()}
        futures = dict(zip(steps, waiting, strict=True))
        try:
            _watch(waiting, progress)
        finally:
            pool.shutdown(cancel_futures=True)
        return {name: future.result() for name, future in futures.items()}


def _watch(waiting: dict, progress: Progress) -> None:
    """Tells what is under way until all is done or one step fails."""
    left = list(waiting)
    while left:
        under_way = [waiting[one] for one in left[:AT_ONCE]]
        progress(1 - len(left) / len(waiting), "; ".join(under_way))
        done, _ = wait(left, return_when=FIRST_COMPLETED)
        for one in done:
            one.result()
        left = [one for one in left if one not in done]
