"""The Models page's register: which version is live, which there are, and who promoted them and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.store import frames, registry
from rhml.store.registry import Promotion, Version
from rhml.ui import measured, words
from rhml.ui.shell import Here

VERDICTS = {
    "first": "first model",
    "promote": "promote",
    "keep": "keep the champion",
    "too early": "too early to say",
}


@dataclass(frozen=True)
class Held:
    """Every version and every promotion of a domain, both newest first."""

    versions: tuple[Version, ...]
    promotions: tuple[Promotion, ...]

    @property
    def live(self) -> str | None:
        """The champion's name; None before the first promotion."""
        return self.promotions[0].version if self.promotions else None

    @property
    def ever_live(self) -> set[str]:
        """Versions that are or were the champion."""
        return {p.version for p in self.promotions}

    def named(self, name: str) -> Version:
        """The version of this name."""
        return next(v for v in self.versions if v.version == name)

    def champion_at(self, at: datetime) -> str | None:
        """Which version was live at a moment."""
        return next((p.version for p in self.promotions if p.promoted_at <= at), None)

    def spans(self, name: str) -> list[tuple[datetime, datetime | None]]:
        """From when to when a version was live, newest first; None for *still*."""
        ends = [None, *(p.promoted_at for p in self.promotions)]
        return [
            (p.promoted_at, end) for p, end in zip(self.promotions, ends, strict=False) if p.version == name
        ]


def held(here: Here) -> Held:
    """The register as the log stands."""
    name = here.domain.name
    return Held(tuple(registry.versions(here.store, name)), tuple(registry.promotions(here.store, name)))


def standing(found: Held, domain: DecisionDomain) -> None:
    """Which version recommends now, since when and why."""
    if not found.versions:
        return
    if not found.promotions:
        st.markdown(
            f"**No version is live**, so {words.plain(domain.terms.many)} wait without a recommendation."
        )
        return
    now = found.promotions[0]
    st.markdown(
        f"**{words.plain(now.version)} is live** since {words.when(now.promoted_at)}, promoted by "
        f"{words.plain(now.promoted_by)}: “{words.plain(now.why.rstrip('.'))}”"
        f"{', **against its verdict**' if now.against_verdict else ''}."
    )
    newest = found.versions[0]
    if newest.version != now.version and newest.version not in found.ever_live:
        st.markdown(
            f"Newest challenger: **{words.plain(newest.version)}**, verdict **{VERDICTS[newest.verdict]}**"
            f"{_by_itself(newest, domain)}."
        )


def _by_itself(version: Version, domain: DecisionDomain) -> str:
    """Whether a version was trained without anybody asking for it."""
    if not version.trained_by.startswith("rhml ("):
        return ""
    what = "outcomes" if domain.outcome else "decisions"
    return f", trained by itself after {words.number(domain.training.every)} new {what}; only a person promotes it"


def nothing(here: Here, found: Held) -> bool:
    """Says why there is no model yet and what is missing; False if there is one."""
    if found.versions:
        return False
    domain = here.domain
    totals = frames.totals(here.store, domain)
    what, have = (
        ("decided", totals["decisions"])
        if domain.outcome is None
        else ("with an outcome", totals["resolved"])
    )
    st.info(
        f"Here you will see each model, what it learned from and how it compares with the one before. There is none yet: a "
        f"first model needs about {words.number(domain.training.minimum)} {words.plain(domain.terms.many)} {what}; "
        f"the log holds {words.number(have)}."
    )
    if have < domain.training.minimum:
        st.page_link(
            "pages/organization.py", label="Bring outcomes or old decisions", icon=":material/upload:"
        )
    return True


def table(found: Held) -> None:
    """Every version: when and by whom it was trained, from what, its verdict, and when it was live."""
    st.header("Versions", anchor=False)
    st.dataframe(
        pd.DataFrame(
            {
                "Version": [v.version for v in found.versions],
                "Now": [_state(found, v) for v in found.versions],
                "Verdict": [VERDICTS[v.verdict] for v in found.versions],
                **_sources(found.versions),
                "Trained": [f"{words.when(v.trained_at)} by {v.trained_by}" for v in found.versions],
                "Live": [
                    "; ".join(_span(*span) for span in found.spans(v.version)) or "never"
                    for v in found.versions
                ],
            }
        ),
        hide_index=True,
        column_config={
            "Version": st.column_config.Column(pinned=True),
            **{name: st.column_config.NumberColumn(format="localized") for name in _sources(found.versions)},
        },
        alt="Model versions, newest first",
    )
    measured.how(
        "Each retraining makes a version; nothing recommends until a person promotes it. *Learned from outcomes* counts "
        "cases whose outcome is known, the bank left out. *From what people called* counts cases without an outcome for "
        "which the managers' calls, weighed by how reliable they proved, stand in.",
        key="versions",
    )


def _sources(listed: Sequence[Version]) -> dict[str, list[int]]:
    """What each version learned from, in cases; where no outcome is declared, decisions are all there is."""
    if all(v.card.get("imitates") for v in listed):
        return {"Learned from decisions": [v.card.get("cases", 0) for v in listed]}
    return {
        "Learned from outcomes": [v.card.get("outcomes", 0) for v in listed],
        "From what people called": [v.card.get("posterior_labels", 0) for v in listed],
    }


def _state(found: Held, version: Version) -> str:
    if version.version == found.live:
        return "● live"
    if version.version in found.ever_live:
        return "was live"
    return "challenger" if version == found.versions[0] else "not promoted"


def _span(start: datetime, end: datetime | None) -> str:
    return f"{words.when(start)} – {words.when(end) if end else 'now'}"


def audit(found: Held) -> None:
    """Every promotion and rollback with its reason."""
    if not found.promotions:
        return
    st.header("Promotions", anchor=False)
    measured.table_of(
        pd.DataFrame(
            {
                "When": [words.when(p.promoted_at) for p in found.promotions],
                "Version": [p.version for p in found.promotions],
                "By": [p.promoted_by for p in found.promotions],
                "Why": [p.why for p in found.promotions],
                "Against its verdict": ["yes" if p.against_verdict else "no" for p in found.promotions],
                "Waived": [p.waived or "nothing" for p in found.promotions],
            }
        ),
        alt="Promotions and rollbacks, newest first",
    )
