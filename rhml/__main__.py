"""python -m rhml …: the loop's verbs on the command line, and how a refusal ends one."""

from __future__ import annotations

import sys

from rhml import printing
from rhml.commands import (
    chain,
    daily,
    drafting,
    exporting,
    intending,
    learning,
    limiting,
    outside,
    people,
    proving,
    records,
    reporting,
    reviewing,
    snapshots,
)
from rhml.commands.frame import app
from rhml.errors import RhmlError, WithProblems

__all__ = [
    "app",
    "chain",
    "daily",
    "drafting",
    "exporting",
    "intending",
    "learning",
    "limiting",
    "main",
    "outside",
    "people",
    "proving",
    "records",
    "reporting",
    "reviewing",
    "snapshots",
]  # these modules put their commands into the application


def main() -> None:
    """Run the command line; a refusal is a sentence on stderr and exit code 1."""
    printing.stay_readable()
    try:
        try:
            app()
        finally:
            printing.finish()
    except WithProblems as refused:
        printing.problems(refused)
        sys.exit(1)
    except RhmlError as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
    except OSError as refused:  # a full disk, a lost folder: the system's refusal, not a defect
        print(f"The system refused: {refused}. Look at free space, paths and rights.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
