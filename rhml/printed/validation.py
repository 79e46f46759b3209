"""What a validation of models asks beside the model card: soundness, back-testing, benchmarks, monitoring, challenge."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.answering import by_a_person, moment, shares
from rhml.printed.blocks import Block, Paragraph, Section, Table
from rhml.printed.measured import difference, gain, of, share
from rhml.printed.numbers import number


def validation(card: dict[str, Any], domain: DecisionDomain) -> tuple[Section, ...]:
    """The sections in the order of the guidance."""
    return (_soundness(card, domain), _outcomes(card, domain), _benchmarks(card), _monitoring(card), _overrides(card),
            _changes(card), _challenge(card))  # fmt: skip


def _soundness(card: dict[str, Any], domain: DecisionDomain) -> Section:
    ordered = [f.label or f.name for f in domain.inputs if f.effect != "any"]
    said = (
        "Trees are fitted to outcomes, each case once for every action with the weight of what is known of it; probabilities "
        "are calibrated on folds that the fit had not seen; the bank stays out of all of it.",
        f"Declared effects hold by construction for: {', '.join(ordered)}." if ordered
        else "The domain file declares no effect that must hold, so none is enforced.",
        f"Kept from acting together: {'; '.join(' with '.join(pair) for pair in domain.training.apart)}." if domain.training.apart
        else "No pair of factors is kept from acting together.",
        f"Stated policies beside the model: {'; '.join(one.why for one in domain.policy)}." if domain.policy
        else "No policy is stated beside the model.",
    )  # fmt: skip
    return Section("10 Conceptual soundness", tuple(Paragraph(text) for text in said))


def _outcomes(card: dict[str, Any], domain: DecisionDomain) -> Section:
    if domain.outcome is None:
        return Section(
            "11 Outcomes analysis", (Paragraph("No outcomes are declared, so back-testing is not possible."),)
        )
    blocks: list[Block] = [
        shares(
            "Back-testing on live cases, month by month: recommendations as they were shown",
            card["by_month"],
            domain,
            "Month",
        ),
        shares("Of these, cases of the bank", card["bank"], domain, ""),
    ]
    return Section("11 Outcomes analysis", tuple(blocks))


def _benchmarks(card: dict[str, Any]) -> Section:
    blocks: list[Block] = []
    rows = tuple(
        (f"the {who}", difference(of(one["accuracy"])), f"{number(one['only_challenger_right'])} against "
         f"{number(one['only_rival_right'])}", f"{one['p']:.3g}")
        for who, one in card["evidence"].get("against", {}).items()
    )  # fmt: skip
    if rows:
        blocks.append(
            Table(
                "Difference in cases right, paired case by case",
                ("Against", "Difference", "Only one right", "p"),
                rows,
            )
        )
    else:
        blocks.append(Paragraph("No other version stood to be compared with."))
    taught = card["evidence"].get("taught")
    if taught:
        found = of(taught)
        blocks.append(
            Paragraph(
                f"Against twins trained without any human input: {gain(found) if found.known else found.why}"
            )
        )
    return Section("12 Benchmarking", tuple(blocks))


def _monitoring(card: dict[str, Any]) -> Section:
    drift = card["drift"]
    if drift is None:
        return Section(
            "13 Ongoing monitoring", (Paragraph("No look at drift is on record for this version."),)
        )
    told = [Paragraph(f"Last looked at {moment(card['drift_at'])}: {drift['message']}")]
    for part, words in (
        ("population", "Cases that arrive"),
        ("calibration", "Probabilities against outcomes"),
    ):
        held = drift[part]
        told.append(Paragraph(f"{words}: {number(held['cases'])} cases, {number(held['looks'])} looks."))
        told += [Paragraph(found["sentence"]) for found in held["findings"] if found.get("sentence")]
    return Section("13 Ongoing monitoring", tuple(told))


def _overrides(card: dict[str, Any]) -> Section:
    [whole] = card["in_use"] or [None]
    if whole is None:
        return Section(
            "14 Overrides analysis", (Paragraph("No decision was made with this version so far."),)
        )
    said = (
        f"{number(whole['overridden'])} of {number(whole['advised'])} recommendations were overridden: "
        f"{share(of(whole['override_rate']))}. Of overrides that outcomes can judge, {number(whole['rescued'])} rescued and "
        f"{number(whole['spoiled'])} spoiled; right when they differed: {share(of(whole['overrides_right']))}."
    )
    return Section("14 Overrides analysis", (
        Paragraph(said), Paragraph("A high rate is not bad in itself: what overrides came to is what counts.", small=True),
    ))  # fmt: skip


def _changes(card: dict[str, Any]) -> Section:
    rows = tuple(
        (one["version"], moment(one["trained_at"]), one["verdict"],
         "; ".join(f"{moment(s['live_from'])} to {moment(s['live_to'])}" for s in one["spells"]) or "never",
         number(one["decided_while_live"]))
        for one in card["registered"]
    )  # fmt: skip
    blocks: list[Block] = [
        Table("Every version", ("Version", "Trained", "Verdict", "Live", "Decisions while live"), rows)
    ]
    told = tuple((one["correction_id"], one["state"], one["sentence"]) for one in card["corrections"])
    blocks.append(Table("Corrections of this version", ("Correction", "State", "Sentence"), told) if told
                  else Paragraph("Corrections of this version: none."))  # fmt: skip
    return Section("15 Change log", tuple(blocks))


def _challenge(card: dict[str, Any]) -> Section:
    held, entry = card["by_a_person"], card["register"]
    against = [one for one in entry["spells"] if one["against_verdict"] or one["waived"]]
    said = [
        f"The gate’s verdict at training: {entry['verdict']}. Judged again {number(len(entry['judged']))} times since.",
        f"Promoted against the verdict or with tests waived: {number(len(against))} times." if against
        else "Never promoted against a verdict, and no test was waived.",
        f"Independent validation: {by_a_person(held, 'validated_by')}",
        f"Effective challenge by people: {by_a_person(held, 'challenge')}",
    ]  # fmt: skip
    return Section("16 Effective challenge", tuple(Paragraph(text) for text in said))
