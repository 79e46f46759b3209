"""One reading of a whole log: changes of people, model and team, shares, segments and alarms against the truth."""

from __future__ import annotations

from typing import Any

import numpy as np

from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.proof import truth
from rhml.proof.judged import Judged
from rhml.proof.log import BY, NOW, files, fresh_log
from rhml.proof.organization import Organization, organization
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress

WHO = ("human", "model", "team")
NAMES = {"human": "people", "model": "model", "team": "team"}
THREE = (
    "human", "model", "team", "oracle", "rair", "rsr", "switch_fraction", "error_correlation", "override_precision",
    "team_minus_human", "team_minus_model", "human_cost", "model_cost", "team_cost",
)  # fmt: skip
JOINT = ("complementarity", "headroom")
ALL = {"model_all": "model", "team_all": "team", "override_precision_all": "override_precision", "agreement_final": "agreement_final"}  # fmt: skip
KEPT = ("verdict", "value", "low", "high", "n", "more")


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What one report said of an organization whose whole log was brought in at once, against the plant."""
    made = organization(plant, seed)
    progress(0.2, "Bringing the files in")
    with fresh_log() as store:
        onboard(store, Organization.domain(), **files(made), by=BY, at=NOW)
        progress(0.5, "Computing the report")
        said = report(store, Organization.domain(), seed=seed, parts=("complementarity_detail",)).as_dict()
    true = truth.changes_at(made, said["improvement"]["cut"])
    sheet = Judged()
    sides(sheet, said, true)
    _segments(sheet, said, true, plant)
    _shares(sheet, said, made)
    _alarms(sheet, said, plant)
    return {"truth": true, **in_short(said), **sheet.as_dict()}


def in_short(said: dict[str, Any]) -> dict[str, Any]:
    """The three verdicts with their numbers, and the alarms' states, as a page shows them."""
    improvement = said["improvement"]
    return {
        **{who: {k: improvement[who].get(k) for k in KEPT} for who in WHO},
        "alarms": {a["kind"]: a["state"] for a in said["alarms"]},
    }


def sides(sheet: Judged, said: dict[str, Any], true: dict[str, float]) -> None:
    """The three changes: interval and verdict."""
    for who in WHO:
        side = said["improvement"][who]
        sheet.interval(f"change of {NAMES[who]}", true[who], side)
        sheet.change(NAMES[who], true[who], side["verdict"])


def _segments(sheet: Judged, said: dict[str, Any], true: dict[str, float], plant: Plant) -> None:
    """Each segment's change of unaided accuracy: interval, words, and whether the one that learned is named."""
    found, false, named = 0, 0, 0
    for part in (said["skill"] or {}).get("by_segment") or ():
        here = true.get(part["name"], true["human"])
        sheet.interval("change of people in a segment", here, part)
        before = len(sheet.claims)
        sheet.change("people in a segment", here, part["verdict"])
        words, wrong, _ = sheet.claims[before][1:]
        named += words in ("improved", "fell")
        false += wrong
        found += words == "improved" and part["name"] == plant.segment
    if plant.segment:
        sheet.search("segments that learned", plant.calls, planted=1, hit=found, reported=named, false=false)
    if plant.change > 0 and not plant.segment:
        sheet.power(f"people: gain of {plant.change * 100:.0f} points", plant.calls,
                    hit=said["improvement"]["human"]["verdict"] == "improved")  # fmt: skip
    if plant.better and plant.named:
        gain = round(true["model"] * 100)
        sheet.power(f"model: a version better by {gain} points", plant.calls,
                    hit=said["improvement"]["model"]["verdict"] == "improved")  # fmt: skip


def _shares(sheet: Judged, said: dict[str, Any], made: Organization) -> None:
    """Every share and value of the report on deciding together, over the rows that it speaks of."""
    unaided = (made.decisions["mode"] == "first_call").to_numpy()
    three, everything = truth.shares(made, unaided), truth.shares(made, np.ones(len(unaided), bool))
    for name in THREE:
        sheet.interval(_kind(name), three[name], said[name])
    for name in JOINT:
        sheet.interval("complementarity and headroom", three[name], said[name])
    detail = said["complementarity_detail"]
    for name in ("team_minus_human", "team_minus_model"):
        sheet.interval("T − H and T − M, at once", three[name], detail[name])
    if three["headroom"] > 0:
        realised = three["complementarity"] / three["headroom"]
        sheet.interval("realised share of the headroom", realised, detail["realised"])
    sheet.interval("share: agreement of first calls", three["agreement_first"], said["agreement_first"])
    for name, of in ALL.items():
        sheet.interval("share over all decisions", everything[of], said[name])
    for name, measure in said["breakdown"].items():
        sheet.interval("breakdown of team minus people", three[name], measure)
    value = said["override_value"]
    sheet.interval(
        "overrides' worth in the domain's unit", everything["saved_each"] * (value["n"] or 0), value
    )
    if not made.plant.deferring:
        sheet.interval("weight of advice", made.plant.follows + (1 - made.plant.follows) * 0.15, said["weight_of_advice"])  # fmt: skip
    for segment in said["segments"]:
        if segment["column"] == "region":
            _in_segment(sheet, segment, made, unaided)


def _in_segment(sheet: Judged, said: dict[str, Any], made: Organization, unaided: np.ndarray) -> None:
    there = (made.cases["region"] == said["segment"]).to_numpy()
    own, whole = truth.shares(made, there & unaided), truth.shares(made, there)
    sheet.interval("share right in a segment", own["human"], said["human"])
    for who in ("model", "team"):
        sheet.interval("share right in a segment", whole[who], said[who])
    sheet.interval("team minus model in a segment", whole["team_minus_model"], said["team_minus_model"])
    value = said["override_value"]
    sheet.interval("overrides' worth in a segment", whole["saved_each"] * (value["n"] or 0), value)


def _kind(name: str) -> str:
    named = {"rair": "RAIR", "rsr": "RSR", "error_correlation": "error correlation φ", "team_minus_human": "T − H",
             "team_minus_model": "T − M", "switch_fraction": "switch fraction",
             "override_precision": "override precision"}  # fmt: skip
    if name.endswith("_cost"):
        return "cost a case"
    return named.get(name, f"share right: {NAMES.get(name, name)}")


def _alarms(sheet: Judged, said: dict[str, Any], plant: Plant) -> None:
    """Deskilling found where planted, and no alarm where nothing of the kind was."""
    raised = {a["kind"]: a["state"] == "raised" for a in said["alarms"]}
    if plant.change < 0:
        sheet.power(
            f"alarm: {-plant.change * 100:.0f} points lost while deferring",
            plant.calls,
            hit=raised["deskilling"],
        )
        return
    sheet.claim(
        "alarm: deskilling", "raised" if raised["deskilling"] else "quiet", false=raised["deskilling"]
    )
    if not plant.deferring:
        bias = raised["automation bias"]
        sheet.claim("alarm: automation bias", "raised" if bias else "quiet", false=bias)
