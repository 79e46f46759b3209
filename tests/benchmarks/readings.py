"""What the Overrides page's readings take over a large log: words, searches, what recurs, agreement, limits.

python -m tests.benchmarks.readings [decisions] [file]      (a million by default; ten million take some minutes to build)

Processor and wall seconds; a search and each view are promised within 2 s on two cores.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rhml.loop import privacy, wrote
from rhml.loop.agreement import agreement
from rhml.loop.limits import limits
from rhml.store import rationales
from rhml.store.explorer import Filters
from rhml.store.opening import utc_now
from rhml.store.reading import making
from tests.benchmarks.log_of_many import build


def timed(name: str, ask: Callable[[], Any]) -> Any:
    wall, spent = time.perf_counter(), time.process_time()
    found = ask()
    wall, spent = time.perf_counter() - wall, time.process_time() - spent
    print(f"{name:<52} {wall:6.2f} s wall {spent:6.2f} s processor", flush=True)
    return found


def main() -> None:
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        at = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "log.duckdb"
        store, domain = timed("build or open the log", lambda: build(at, decisions))
        timed("make the reading copy", lambda: making.make(store, domain, at=utc_now()))
        veil = privacy.veil(store, domain, reader="reader", role="analyst")
        everything = Filters(seen_by=veil)
        print("rationales:", rationales.standing(store, domain)[0])
        book = timed("learn the words", lambda: wrote.book(store, domain, everything))
        print(f"  of {book.texts:,} different rationales, {len(book.words):,} words")
        for typed in ("guarantee", "suplier familly", "contract market payment", "the model late new order"):
            looked_at = Filters(words=typed, seen_by=veil)
            found = timed(
                f"search: {typed}", lambda looked_at=looked_at: wrote.search(store, domain, looked_at, book)
            )
            print(f"  {found.texts:,} different, {found.overrides:,} overrides")
        one = found.hits[0].decision_id
        timed("similar to one", lambda: wrote.similar(store, domain, everything, one, book))
        timed("the newest ten", lambda: rationales.latest(store, domain, everything, 1, 10))
        found = timed("what recurs", lambda: wrote.recurring(store, domain, everything, book))
        print(
            f"  {found.overrides:,} overrides, {found.tested} terms tested, {len(found.right) + len(found.wrong)} found"
        )
        timed("agreement", lambda: agreement(store, domain, everything))
        timed(
            "agreement by segment", lambda: agreement(store, domain, everything, by=domain.segment_columns[0])
        )
        timed("limits", lambda: limits(store, domain, everything))
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
        store.close()


if __name__ == "__main__":
    main()
