"""The fingerprint of what a report rests on: gather, compute."""

from __future__ import annotations

from rhml.loop.asked import Asked
from rhml.reports.fingerprint import Fingerprint
from rhml.store import fingerprint as reads
from rhml.store import frames, organization


def fingerprint(asked: Asked) -> Fingerprint:
    """Over all facts of the domain, whatever span or segment of them is reported: alarms and skill rest on more."""
    found = reads.sums(asked.store, asked.domain)
    version, digest = organization.file_version(asked.store, asked.domain)
    return Fingerprint(
        {name: rows for name, (rows, _) in found.items()},
        {name: total for name, (_, total) in found.items()},
        digest,
        version,
        frames.counter(asked.store, asked.domain),
    )
