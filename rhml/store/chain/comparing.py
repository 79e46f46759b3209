"""Holds the facts of a window against what its seals hold of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from rhml.store.chain.entries import as_rows, salt_all
from rhml.store.chain.windows import Window

TABLES = 256
"""More tables than a chain may have: number and table together are one whole number."""


@dataclass(frozen=True)
class Found:
    """Facts as the log holds them now: number, place of the table in the list of all tables, 32 bytes a row."""

    seqs: np.ndarray
    codes: np.ndarray
    digests: np.ndarray


@dataclass(frozen=True)
class Redacted:
    """Facts that an erasure redacted: what each was sealed with, and its salted digest since."""

    keys: np.ndarray
    sealed: np.ndarray
    now: np.ndarray


@dataclass(frozen=True)
class Compared:
    """What is wrong in a window: pairs of number and table, and the places of seals that do not fit."""

    changed: list[tuple[int, int]]
    missing: list[tuple[int, int]]
    added: list[tuple[int, int]]
    seals: list[int]


def key(seqs: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Number and table as one whole number; numbers beyond all reason are cut, and then fit nothing."""
    return np.clip(seqs, -(2**54), 2**54) * TABLES + codes


def compare(window: Window, found: Found, redacted: Redacted) -> Compared:
    """Every fact of a window that was changed, removed or added, and every seal whose digest does not fit."""
    keys = key(window.seqs, window.codes)
    order = np.lexsort((window.checks, keys))
    wanted, checks = keys[order], window.checks[order].copy()
    erased = _erased(wanted, redacted)
    checks[erased >= 0] = _checks(redacted.now[erased[erased >= 0]])
    here = key(found.seqs, found.codes)
    at = np.searchsorted(wanted, here)
    known = at < len(wanted)
    known[known] = wanted[at[known]] == here[known]
    full = np.zeros((len(here), 32), np.uint8)
    full[known] = salt_all(window.salts[order][at[known]], found.digests[known])
    place, given = _places(at, here, known, _checks(full), wanted)
    fits = (
        given & (checks[np.minimum(place, max(len(checks) - 1, 0))] == _checks(full))
        if len(checks)
        else given
    )
    held = np.zeros(len(wanted), bool)
    held[place[given]] = True
    digests = np.zeros((len(wanted), 32), np.uint8)
    digests[place[fits]] = full[fits]
    sound = np.zeros(len(wanted), bool)
    sound[place[fits]] = True
    still = erased >= 0
    sound[still] &= (digests[still] == redacted.now[erased[still]]).all(axis=1)
    changed = held & ~sound
    digests[still] = redacted.sealed[erased[still]]
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return Compared(
        changed=_pairs(wanted[changed]),
        missing=_pairs(wanted[~held]),
        added=_pairs(here[~given]),
        seals=_unfit(window, digests[back], sound[back]),
    )


def _erased(wanted: np.ndarray, redacted: Redacted) -> np.ndarray:
    """For each fact its place among the redacted ones, or -1."""
    if not len(redacted.keys):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(redacted.keys, wanted), len(redacted.keys) - 1)
    return np.where(redacted.keys[at] == wanted, at, -1)


def _checks(digests: np.ndarray) -> np.ndarray:
    if not len(digests):
        return np.empty(0, np.uint64)
    return np.ascontiguousarray(digests[:, :8]).view(">u8").ravel().astype(np.uint64)


def _places(
    at: np.ndarray, here: np.ndarray, known: np.ndarray, checks: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which sealed fact each fact found stands for; a second row under one number goes by its digest."""
    order = np.lexsort((checks, here))
    ranks = np.empty(len(here), np.int64)
    starts = np.r_[True, here[order][1:] != here[order][:-1]] if len(here) else np.empty(0, bool)
    run = np.arange(len(here))
    ranks[order] = run - np.maximum.accumulate(np.where(starts, run, 0)) if len(here) else run
    place = at + ranks
    given = known & (place < len(wanted))
    given[given] = wanted[place[given]] == here[given]
    return np.where(given, place, 0), given


def _pairs(keys: np.ndarray) -> list[tuple[int, int]]:
    return [(int(k) // TABLES, int(k) % TABLES) for k in keys]


def _unfit(window: Window, digests: np.ndarray, sound: np.ndarray) -> list[int]:
    """Places of seals whose facts all fit their eight bytes, but not the digest over them."""
    wrong = []
    flat, width = digests.tobytes(), 32
    for place, seal in enumerate(window.seals):
        start, end = int(window.starts[place]), int(window.starts[place + 1])
        if (
            sound[start:end].all()
            and hashlib.sha256(flat[start * width : end * width]).digest() != seal.digest
        ):
            wrong.append(place)
    return wrong


def nothing_redacted() -> Redacted:
    """Where no fact was ever redacted."""
    return Redacted(np.empty(0, np.int64), as_rows(b""), as_rows(b""))
