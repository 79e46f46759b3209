"""The override feed on a large log: what a page costs at the beginning, in the middle and at the end, and a file.

PYTHONPATH=. python tests/benchmarks/feed.py [DECISIONS] [FOLDER]
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from rhml.loop import feed
from rhml.store import frames
from tests.benchmarks.log_of_many import build


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        store, domain = build(Path(folder) / "log.duckdb", count)
        store.write(lambda tx: tx.run(
            f"UPDATE {domain.name}.decisions SET recommendation_id = CAST(uuid() AS TEXT) "
            "WHERE recommended_action IS NOT NULL"
        ))  # fmt: skip
        newest = frames.counter(store, domain)
        for name, after in (("beginning", 0), ("middle", newest // 2), ("end", newest - 5)):
            for limit in (100, 1_000):
                cpu, begun = time.process_time(), time.monotonic()
                found = feed.page(store, domain, after=after, limit=limit)
                print(f"page of {limit:5} at the {name:9}: {len(found.entries):5} entries  "
                      f"{time.process_time() - cpu:6.2f} s of the processor  {time.monotonic() - begun:6.2f} s by the clock",
                      flush=True)  # fmt: skip
        before, cpu, begun = _peak(), time.process_time(), time.monotonic()
        out = Path(folder) / "feed.jsonl"
        last = feed.write(store, domain, out)
        with out.open("rb") as lines:
            written = sum(1 for _ in lines) - 1
        with out.open("rb") as lines:
            json.loads(next(lines))
        print(f"file of {written:,} entries, {out.stat().st_size / 2**20:,.0f} MB, up to {last.next:,}: "
              f"{time.process_time() - cpu:.0f} s of the processor, {time.monotonic() - begun:.0f} s by the clock, "
              f"peak of memory {before:,.0f} -> {_peak():,.0f} MB ({os.cpu_count()} cores)")  # fmt: skip
        store.close()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
