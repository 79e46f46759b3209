"""What is found of each version and each learning cycle: scores, comparisons, and the sentence that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.stats.measure import Measure
from rhml.stats.verdicts import Verdict

FOREIGN = "What recommended in this log is not stored here, so it cannot be asked about other cases."


@dataclass(frozen=True)
class Known:
    """A version as the register has it: when it was trained and first went live, and until when; None where not.

    imported: named by a log that was brought in, whose versions are not stored here.
    """

    version: str
    trained_at: datetime | None = None
    live_from: datetime | None = None
    live_until: datetime | None = None
    is_live: bool = False
    imported: bool = False


@dataclass(frozen=True)
class Scores:
    """How often right, how well it parts the actions (area under the ROC curve), and its Brier score (0 best)."""

    accuracy: Measure
    auc: Measure
    brier: Measure

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {name: getattr(self, name).as_dict() for name in ("accuracy", "auc", "brier")}


@dataclass(frozen=True)
class Against:
    """A version against another on the same bank cases: above zero speaks for it, of the Brier score below."""

    other: str
    verdict: Verdict
    accuracy: Measure
    only_this: int
    only_other: int
    p: float
    auc: Measure
    auc_p: float | None
    brier: Measure

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        measures = {name: getattr(self, name).as_dict() for name in ("accuracy", "auc", "brier")}
        return {
            "other": self.other,
            "verdict": self.verdict.words,
            "only_this": self.only_this,
            "only_other": self.only_other,
            "p": self.p,
            "auc_p": self.auc_p,
            **measures,
        }


@dataclass(frozen=True)
class VersionRow:
    """One version with its scores on the bank and live, against the one before and the first; the newest one, where it is
    not live, against the live one."""

    known: Known
    bank: Scores
    live: Scores
    against_before: Against | None = None
    against_first: Against | None = None
    against_live: Against | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        times = {
            name: at.isoformat() if (at := getattr(self.known, name)) is not None else None
            for name in ("trained_at", "live_from", "live_until")
        }
        return {
            "version": self.known.version,
            **times,
            "is_live": self.known.is_live,
            "imported": self.known.imported,
            "bank": self.bank.as_dict(),
            "live": self.live.as_dict(),
            "against_before": self.against_before and self.against_before.as_dict(),
            "against_first": self.against_first and self.against_first.as_dict(),
            "against_live": self.against_live and self.against_live.as_dict(),
        }


@dataclass(frozen=True)
class Cycle:
    """From one promotion to the next: unaided first calls, recommendations as shown, final decisions, as counted."""

    version: str
    since: datetime | None
    until: datetime | None
    human: Measure
    model: Measure
    team: Measure

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        found = {name: getattr(self, name).as_dict() for name in ("human", "model", "team")}
        return {
            "version": self.version,
            "from": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            **found,
        }


@dataclass(frozen=True)
class Versions:
    """Every version, oldest first, and every learning cycle; `uses` counts the verdicts the bank has given."""

    rows: tuple[VersionRow, ...]
    cycles: tuple[Cycle, ...]
    why: str = ""
    bank_cases: int = 0
    replayed: int = 0
    uses: int = 0
    level: float = 0.95

    @property
    def live(self) -> VersionRow | None:
        """The version that recommends now."""
        return next((row for row in self.rows if row.known.is_live), None)

    @property
    def headline(self) -> str:
        """The live version against the first, and a newer one against it; nothing where neither shows anything."""
        live, newest = self.live, self.rows[-1] if self.rows else None
        said = [_more(live.known.version, live.against_first)] if live else []
        if newest and newest.against_live:
            said.append(_more(f"{newest.known.version}, which is not live,", newest.against_live))
        return " ".join(one for one in said if one)

    @property
    def sentence(self) -> str:
        """The headline; else what stands in its way, or that no difference is shown."""
        if self.headline or self.why:
            return self.headline or self.why
        live = self.live
        if live is None:
            named = any(row.known.imported for row in self.rows)
            return FOREIGN if named else "No version has been live so far."
        if live.against_first is None:
            return f"{live.known.version} is the first version that was live, so there is none before to compare it with."
        return (
            f"{live.known.version} against {live.against_first.other} on the same bank cases: "
            f"{live.against_first.verdict.words}."
        )

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        bank = {
            "cases": self.bank_cases, "replayed": self.replayed, "uses": self.uses,
            "sampled": self.replayed < self.bank_cases,
        }  # fmt: skip
        return {
            "headline": self.headline,
            "sentence": self.sentence,
            "why": self.why,
            "bank": bank,
            "level": self.level,
            "versions": [row.as_dict() for row in self.rows],
            "cycles": [cycle.as_dict() for cycle in self.cycles],
        }


def _more(who: str, found: Against | None) -> str:
    """By how many more of 100 cases a version is right than another; nothing where that is not shown."""
    if found is None or found.verdict.words not in ("improved", "fell"):
        return ""
    gap = found.accuracy
    ends = sorted((abs(gap.low), abs(gap.high))) if gap.low * gap.high > 0 else (gap.low, gap.high)
    between = f"[{100 * ends[0]:.1f}, {100 * ends[1]:.1f}]".replace("-", "−")
    more = "more" if gap.value > 0 else "fewer"
    return f"{who} is right in {100 * abs(gap.value):.1f} {more} of 100 in the bank than {found.other} {between}."
