"""The command that proves the product on simulated organizations whose truth is known."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from rhml import printing
from rhml.commands.frame import AsJson, app
from rhml.proof.printed import headline, in_words
from rhml.proof.run import prove as run_proof
from rhml.proof.tally import tally


@app.command()
def prove(
    organizations: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many to simulate.")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Other seeds, other organizations.")] = 7,
    out: Annotated[Path | None, typer.Option(help="Folder that keeps what is done, to resume from.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Processes; else one a core.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate organizations with planted truth and count how often the reports are right."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped either way, its workers stop with it
    with tempfile.TemporaryDirectory() as nowhere:
        lines = run_proof(
            organizations, seed=seed, out=out or Path(nowhere), workers=workers, progress=printing.progress
        )
    counts = tally(lines)
    found = {
        "organizations": organizations,
        "seed": seed,
        "said": headline(counts, organizations),
        "counts": [one.as_dict() for one in counts],
    }
    printing.show(found, as_json, plain=in_words(counts, organizations))
