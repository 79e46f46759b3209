"""Every hostile text at the box, on a small log and through a copy, with what it cost the app: seconds and memory.

    PYTHONPATH=. python tests/benchmarks/hostile.py [FAMILY …]

Ends with 1 if a text made a file, read one, told a name, or if a question after it was not answered.
"""

import sys
import tempfile
import time
from pathlib import Path

import pytest

from rhml.store.questions.question import answer
from rhml.store.reading import making, shelf
from tests.loans import NOW
from tests.store import hostile, test_hostile


def families() -> dict[str, list[str]]:
    """The texts by family."""
    return {**hostile.REFUSED_BY_READING, "parser bombs": hostile.PARSER_BOMBS, "names": hostile.NAMES,
            "bombs": hostile.BOMBS}  # fmt: skip


def ran(held, family: str, texts: list[str], mode: str) -> int:
    """Try one family; says how it went and gives the number of texts that got through."""
    log, domain, _, _ = held
    before, cpu, begun, bad = test_hostile._resident(), time.process_time(), time.monotonic(), 0
    for text in texts:
        try:
            test_hostile.tried(held, text)
        except AssertionError as found:
            bad += 1
            print(f"THROUGH  {text[:120]!r}: {str(found)[:300]}")
    after = answer(log, domain, "SELECT count(*) AS n FROM decided").table["n"].tolist()
    bad += after != [150]
    grown = (test_hostile._resident() - before) / 2**20
    print(f"{mode:10} {family:40} {len(texts):4} texts  {bad} through  {time.process_time() - cpu:6.1f} s of the app's "
          f"processor  {time.monotonic() - begun:6.1f} s by the clock  {grown:+7.1f} MB", flush=True)  # fmt: skip
    return bad


def main() -> int:
    chosen = {name: texts for name, texts in families().items() if not sys.argv[1:] or name in sys.argv[1:]}
    with tempfile.TemporaryDirectory() as folder:
        making_log = test_hostile.build(Path(folder))
        held = next(making_log)
        bad = sum(ran(held, name, texts, "small log") for name, texts in chosen.items())
        making.make(held[0], held[1], at=NOW)
        bad += sum(ran(held, name, texts, "copy") for name, texts in chosen.items() if name != "parser bombs")
        shelf.drop(held[0], held[1])
        next(making_log, None)
    print(f"{hostile.COUNT} texts, {bad} got through")
    return 1 if bad else 0


if __name__ == "__main__":
    pytest.MonkeyPatch().setenv("A_SECRET", test_hostile.SECRET)
    sys.exit(main())
