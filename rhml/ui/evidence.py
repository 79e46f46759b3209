"""One model version in full: verdict and numbers against the champion, what people taught, its card."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.stats.intervals import wilson
from rhml.stats.looks import bar_of
from rhml.stats.measure import Measure
from rhml.store.registry import Version
from rhml.ui import charts, filters, measured, words
from rhml.ui.versions import VERDICTS, Held

MOST_FACTORS = 12


def pick(found: Held) -> Version:
    """The version to look at: the newest unless the reader chose another."""
    names = [v.version for v in found.versions]
    chosen = st.selectbox("Look at", names, key="version", bind="query-params", width=300)
    return found.named(chosen)


def verdict(version: Version, found: Held, domain: DecisionDomain) -> None:
    """The gate's verdict with the paired numbers behind it."""
    st.header(f"{words.plain(version.version)}: {VERDICTS[version.verdict]}", anchor=False)
    st.markdown(words.told(version.paragraph))
    if version.judged_at:
        st.caption(f"Judged again {words.when(version.judged_at)}, with the outcomes since it was trained.")
    rows = _own(version, found) + _against(version.evidence)
    if rows:
        right = "Right" if domain.outcome else "Agrees with the final decision"
        table = pd.DataFrame(rows).rename(columns={"Right": right})
        measured.table_of(table, alt=words.own("The version and its rivals on the same cases"))
    if split := version.evidence.get("segments"):
        harmed = sum(row["harmed"] for row in split)
        with st.expander(
            f"By segment: {words.number(harmed) if harmed else 'none'} of {words.number(len(split))} shown to be harmed"
        ):
            measured.table_of(_segments(split, domain), alt="Segments: won and lost against the champion")
    measured.how(
        "All models answer the same cases, none of which they trained on: the bank, and cases whose outcome came after all "
        "of them had been trained. *Difference* is paired case by case, above 0 speaks for this version; its interval "
        f"reaches {words.number(bar_of(version.evidence.get('level', 0.9)), 1)} standard errors to either side: "
        "later looks at a version are stricter than the "
        "first, or it would be let in by chance at last. *Brier*: the mean squared distance between probability and "
        "outcome, 0 is best. A segment is harmed where losses outnumber wins by more than chance, with all segments tested "
        "together. Cases whose outcome was known before the champion was trained stand on their own: where newer "
        "outcomes contradict them, a person looks first.",
        key="verdict",
    )


def _own(version: Version, found: Held) -> list[dict[str, str]]:
    names = {"challenger": version.version, "champion": found.champion_at(version.trained_at)}
    names["reference"] = found.promotions[-1].version if found.promotions else None
    return [
        {"Model": f"{who} {names.get(who) or ''}", "Right": measured.share(Measure(**own["accuracy"])),
         "Brier score": measured.decimal(own["brier"], 3), "Only one right": ""}
        for who, own in version.evidence.get("own", {}).items()
        if who != "reference" or names["reference"] != names["champion"]
    ]  # fmt: skip


def _against(evidence: dict[str, Any]) -> list[dict[str, str]]:
    against = dict(evidence.get("against", {}))
    if against.get("reference") == against.get("champion"):
        against.pop("reference", None)
    rows = []
    for who, one in against.items():
        split = f"this {words.number(one['only_challenger_right'])}, {who} {words.number(one['only_rival_right'])}"
        rows.append({"Model": f"difference to the {who}", "Right": measured.difference(Measure(**one["accuracy"])),
                     "Brier score": brier(Measure(**one["brier"])),
                     "Only one right": f"{split} ({_chance(one['p'])})"})  # fmt: skip
    return rows


def _chance(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p {measured.decimal(p, 3)}"


def brier(found: Measure) -> str:
    """A difference of Brier scores: value and interval, or the reason there is none."""
    if not found.known:
        return words.own(found.why)
    between = f" ({_small(found.low)} to {_small(found.high)})" if found.low is not None else ""
    return f"{_small(found.value)}{between}"


def _small(value: float) -> str:
    """Four digits, and no sign before a zero."""
    return measured.decimal(round(value, 4) + 0.0, 4)


def _segments(rows: list[dict[str, Any]], domain: DecisionDomain) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Segment": [_segment(domain, row) for row in rows],
            words.own("Cases"): [row["n"] for row in rows],
            "Won": [row["better"] for row in rows],
            "Lost": [row["worse"] for row in rows],
            "Harmed": ["yes" if row["harmed"] else "not shown" for row in rows],
        }
    )


def _segment(domain: DecisionDomain, row: dict[str, Any]) -> str:
    if row["segment"] == "earlier":
        return "Outcome known before the champion was trained"
    return f"{filters.label(domain, row['segment'])}: {row['is']}"


def taught(version: Version) -> None:
    """What people's calls added to the machine: the version against its twins."""
    st.header("What people taught it", anchor=False)
    found = Measure(**version.evidence["taught"])
    if found.known:
        sure = (found.low or 0) > 0 or (found.high or 0) < 0
        more = "people taught it something" if found.value > 0 else "people's calls made it worse"
        same = found.value == found.low == found.high == 0
        said = "" if same else f": {more if sure else 'no difference is shown yet'}"
        st.markdown(f"**{measured.gain(found)}**{said}.")
    else:
        st.markdown(words.told(found.why))
    calls = version.card.get("calls")
    if calls:
        st.markdown(words.plain(calls["said"]))
    measured.how(
        "With every version, five *twins* are trained from the same outcomes with all human input left out, and five "
        "siblings with it. The mean difference in cases decided right, on cases none of them saw, is what people taught "
        "the model: 95 % interval in brackets. It is small where outcomes are plentiful.",
        key="taught",
    )


def card(version: Version, domain: DecisionDomain) -> None:
    """What the version learned from, whether its probabilities hold, and which factors move it."""
    held = version.card
    st.header("What it learned from", anchor=False)
    st.markdown(
        f"{words.told(held['about'])} {words.told(held['population'])}  \n"
        f"{words.plain(held.get('labels') or _counted(held, domain))} {words.number(held['decisions'])} decisions by {words.number(held['managers'])} {'person' if held['managers'] == 1 else 'people'}."
    )
    left, right = st.columns(2)
    with left:
        _calibration(held, domain)
    with right:
        _importance(held, domain)


def _counted(held: dict[str, Any], domain: DecisionDomain) -> str:
    """What a version of an earlier release learned from; newer ones say it themselves."""
    return (
        f"{words.number(held['cases'])} {domain.terms.many}, {words.number(held['outcomes'])} with an outcome, "
        f"{words.number(held['posterior_labels'])} with a label from what people called."
    )


def _calibration(held: dict[str, Any], domain: DecisionDomain) -> None:
    st.subheader("Do its probabilities hold?", anchor=False)
    rows = [
        (row["stated"], Measure.of(row["observed"], *wilson(row["observed"] * row["n"], row["n"]), row["n"]))
        for row in held["calibration"]
    ]
    action = domain.actions[0].label if len(domain.actions) == 2 else "the likeliest action"
    figure = charts.reliability(rows, action)
    table = pd.DataFrame([{"Said": words.percent(said), "Came true": measured.share(m)} for said, m in rows])
    if figure is None:
        few = (
            "Too few outcomes so far to tell."
            if domain.outcome
            else "Only outcomes could tell; none are known here."
        )
        st.markdown(few)
        return
    off = sum(not m.low <= said <= m.high for said, m in rows)
    charts.draw(figure, key="calibration", alt=f"Said against came true in {len(rows)} bands; {off} of the intervals "
                "leave out what was said.")  # fmt: skip
    measured.how(
        "Each mark is a tenth of the training cases, by a model that had not seen them: what it said on average, and how "
        "often that came true, with 95 % bars. Where a bar crosses the dashed line, the two agree within chance.",
        key="calibration",
        table=table,
    )


def _importance(held: dict[str, Any], domain: DecisionDomain) -> None:
    st.subheader("What moves it", anchor=False)
    labels = {f.name: filters.label(domain, f.name) for f in domain.features}
    rows = [(labels.get(row["feature"], row["feature"]), row["points"]) for row in held["importance"]]
    if not rows:
        st.markdown("It uses no factor.")
        return
    strongest = ", ".join(f"{name} {words.number(points * 100, 1)}" for name, points in rows[:3])
    charts.draw(
        charts.importance(rows[:MOST_FACTORS]),
        key="importance",
        alt=f"Strongest factors in points: {strongest}.",
    )
    measured.how(
        f"By how many points a factor raises or lowers the probability in an average case, over up to 2,000 of "
        f"{words.number(held['cases'])} training cases; a description of the model, not of causes, so it has no interval. "
        "Factors that go together share their weight.",
        key="importance",
        table=pd.DataFrame([{"Factor": name, "Points": round(points * 100, 1)} for name, points in rows]),
    )
