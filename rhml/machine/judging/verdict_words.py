"""The gate's verdict as a paragraph that a manager understands, with its numbers."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.machine.judging.comparison import EARLIER
from rhml.stats.looks import bar_of

MOST_TOLD = 3
RIVALS = {"champion": "the champion", "reference": "the reference version"}


def paragraph(verdict: str, why: str, evidence: dict[str, Any], domain: DecisionDomain) -> str:
    """Some sentences: what is advised, on which cases, by how much, for whom, thanks to whom, how sure."""
    said = [_advice(verdict, why, evidence, domain)]
    if evidence["cases"]:
        said.append(_basis(evidence, domain))
    against = dict(evidence["against"])
    if against.get("champion") == against.get("reference"):
        against.pop("reference", None)
    said += [_against(who, one, evidence) for who, one in against.items()]
    said += [_harm(row, domain) for row in evidence["segments"] if row["harmed"]]
    if evidence["taught"]["why"] and evidence["taught"]["value"] == 0:
        said.append("What people called was left out of it, so it taught this version nothing.")
    elif evidence["taught"]["value"] is not None:
        said.append(
            f"What people taught is worth {_range(evidence['taught'])} against models of the same outcomes "
            "without their calls."
        )
    said += [_lessons(evidence["lessons"], domain), _looks(evidence["looks"], evidence)]
    return " ".join(sentence for sentence in said if sentence)


def _advice(verdict: str, why: str, evidence: dict[str, Any], domain: DecisionDomain) -> str:
    many, change = domain.terms.many, evidence["smallest_change"]
    advice = {
        "first": "This is the first model, so there is nothing to compare it with: a person decides whether "
        "it is good enough to recommend.",
        "better": "Promote: the challenger is at least as good as what it would replace, within the margin of "
        f"{_points(evidence['margin'])} that {domain.title} allows.",
        "worse": "Keep the champion: the challenger is shown to be worse.",
        "probabilities": "Keep the champion: the challenger's probabilities are shown to be further off.",
        "segment": "Keep the champion: the challenger harms a segment.",
        "contradicts": "Keep the champion for now: newer outcomes contradict what was known when it was trained. "
        "Either the world has changed, or some of them are wrong. Look at them first.",
        "lessons": "Keep the champion for now: its numbers allow the challenger, but lesson tests do not. A lead may "
        "waive them with a reason.",
        "no gain": "Keep the champion: the challenger is not shown to be as good, and a gain of "
        f"{_points(change)}, the smallest that matters here, is ruled out.",
    }
    if verdict != "too early":
        return advice[why]
    more = f"About {evidence['more']:,} more resolved {many} are needed"
    if evidence["more_if"]:
        more += f" to tell, if it is truly better by {_points(evidence['more_if'])}"
    if why == "probabilities unsure":
        more = "Its decisions are good enough; whether its probabilities are is not clear yet. " + more
    return f"Too early to say whether the challenger may take over. {more}."


def _basis(evidence: dict[str, Any], domain: DecisionDomain) -> str:
    own = evidence["own"]["challenger"]["accuracy"]
    said = "agreed with the final decision" if domain.outcome is None else "was right"
    kept = f"On {evidence['cases']:,} {domain.terms.many} that no model learned from"
    if evidence["live"]:
        kept += f" ({evidence['bank']:,} kept in the bank, {evidence['live']:,} since it was trained)"
    if own["value"] is None:
        return f"{kept}, too few to say how often it {said}."
    rival = evidence["own"].get("champion", {}).get("accuracy", {}).get("value")
    versus = "" if rival is None else f", the champion in {_share(rival)}"
    return f"{kept} it {said} in {_share(own['value'])} (between {_share(own['low'])} and {_share(own['high'])}){versus}."


def _against(who: str, one: dict[str, Any], evidence: dict[str, Any]) -> str:
    if one["gain"]["value"] is None:
        return ""
    what = {
        "accuracy": "right decisions",
        "agreement": "agreement",
        "cost": "cost, in hundredths of what is at stake in an average case",
    }[evidence["measure"]]
    said = (
        f"Against {RIVALS[who]}: {_range(one['gain'])} of {what}; only the challenger was right in "
        f"{one['only_challenger_right']:,}, only the other in {one['only_rival_right']:,}"
    )
    brier = one["brier"]
    if brier["value"] is not None and brier["high"] is not None:
        said += f"; Brier score {_signed(brier['value'], 4)} (at most {_signed(brier['high'], 4)}, lower is better)"
    return said + "."


def _harm(row: dict[str, Any], domain: DecisionDomain) -> str:
    if row["segment"] == EARLIER:
        return (
            f"Where the outcome was known before the champion was trained, it is worse by "
            f"{_points(-row['difference'])} ({row['worse']:,} lost, {row['better']:,} won, of {row['n']:,})."
        )
    label = next((f.label for f in domain.features if f.name == row["segment"]), row["segment"])
    return (
        f"Where {label} is {row['is']} it is worse by {_points(-row['difference'])} "
        f"({row['worse']:,} lost, {row['better']:,} won, of {row['n']:,})."
    )


def _lessons(found: dict[str, Any], domain: DecisionDomain) -> str:
    """Which lesson tests fail, whose they are, and which bind nobody."""
    failed, passed = found["failed"], len(found["passed"])
    said = []
    if failed:
        total = len(failed) + passed
        said.append(f"It fails {len(failed):,} of {total:,} lesson tests: " + "; ".join(
            f"{t['manager']} says {domain.label(t['action'])} on {t['case_id']}, it would {domain.label(t['got'] or '')}"
            for t in failed[:MOST_TOLD]
        ) + (f"; and {len(failed) - MOST_TOLD:,} more." if len(failed) > MOST_TOLD else "."))  # fmt: skip
    elif passed:
        said.append(
            "It passes the one lesson test." if passed == 1 else f"It passes all {passed:,} lesson tests."
        )
    if found["void"]:
        said.append(_count(len(found["void"]), "lesson test is void, because the outcome contradicts it",
                           "lesson tests are void, because the outcomes contradict them"))  # fmt: skip
    if found["contested"]:
        said.append(_count(len(found["contested"]), "lesson test is contested between managers and binds nobody",
                           "lesson tests are contested between managers and bind nobody"))  # fmt: skip
    return " ".join(said)


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}."


def _looks(looks: dict[str, int], evidence: dict[str, Any]) -> str:
    """How often the bank was used, and what a further look costs."""
    if looks["verdicts"] < 2:
        return ""
    versions = "1 version" if looks["versions"] == 1 else f"{looks['versions']:,} versions"
    said = f"The bank has judged {versions} so far, in {looks['verdicts']:,} verdicts."
    if looks["look"] > 1:
        said += f" This is look {looks['look']} at this one, so each limit is held at {bar_of(evidence['level']):.1f} standard errors."
    return said


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _signed(number: float, digits: int) -> str:
    """A difference as print shows it: a true minus sign, and no sign before a zero."""
    rounded = round(number, digits) + 0.0
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded):.{digits}f}"


def _points(share: float) -> str:
    return f"{100 * share:.3g} points"


def _range(measure: dict[str, Any]) -> str:
    value = f"{_signed(100 * measure['value'], 1)} points"
    if measure["low"] is None or measure["high"] is None:
        return value
    return f"{value} (between {_signed(100 * measure['low'], 1)} and {_signed(100 * measure['high'], 1)})"
