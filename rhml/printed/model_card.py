"""A model card in print, in the sections of Mitchell et al. (2019), then what a validation of models asks besides.

Mitchell, Wu, Zaldivar, Barnes, Vasserman, Hutchinson, Spitzer, Raji and Gebru: Model Cards for Model Reporting, FAT*
2019, section 4. The second half follows the elements of validation in SR 11-7 (Federal Reserve, OCC 2011).
"""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.answering import by_a_person, itself, moment, shares, spells, what_matters
from rhml.printed.blocks import Block, Document, Pairs, Paragraph, Section, Table
from rhml.printed.measured import decimal, of, share
from rhml.printed.numbers import number, percent
from rhml.printed.validation import validation
from rhml.reports.tallied import share as tallied

MOST = 15


def document(card: dict[str, Any], domain: DecisionDomain) -> Document:
    """The card of one version; parts without facts say so."""
    version = card["register"]["version"]
    live = "live" if card["register"]["is_live"] else "not live"
    covers = (
        f"{version}, {live} · hash {card['register']['hash'][:16]} · made {moment(card['about']['made'])}"
    )
    sections = (
        _details(card, domain), _use(card, domain), _factors(card, domain), _metrics(card, domain), _evaluation(card, domain),
        _training(card), _segments(card, domain), _ethics(card, domain), _caveats(card, domain),
        *validation(card, domain), itself(card["about"]),
    )  # fmt: skip
    return Document(card["about"]["title"], covers, sections)


def _details(card: dict[str, Any], domain: DecisionDomain) -> Section:
    entry, training = card["register"], card["training"]
    pairs = (
        ("Version", entry["version"]),
        ("Hash", entry["hash"]),
        ("Trained", f"{moment(entry['trained_at'])} by {entry['trained_by']}"),
        ("Kind", f"gradient-boosted decision trees (XGBoost, {number(training.get('trees'))} trees), calibrated on cases it "
                 "had not seen; the same material gives the same bytes"),
        ("Reads", ", ".join(_label(domain, name) for name in card["features"]) or "nothing"),
        ("Answers", f"{domain.question or domain.title} ({', '.join(a.label for a in domain.actions)})"),
        ("What matters now", what_matters(card["intent"])),
        ("Owner, and where to send questions", by_a_person(card["by_a_person"], "owner")),
    )  # fmt: skip
    return Section("1 Model details", (Pairs(pairs), spells(entry)))


def _use(card: dict[str, Any], domain: DecisionDomain) -> Section:
    held = card["by_a_person"]
    return Section("2 Intended use", (
        Paragraph(f"It suggests one of the actions for each {domain.terms.case}; a person decides every one of them."),
        Pairs((("Intended use", by_a_person(held, "intended_use")), ("Users", by_a_person(held, "users")),
               ("Out of scope", by_a_person(held, "out_of_scope")))),
    ))  # fmt: skip


def _factors(card: dict[str, Any], domain: DecisionDomain) -> Section:
    rows = tuple(
        (
            _label(domain, one["feature"]),
            f"{decimal(100 * one['points'], 1)} points",
            _declared(domain, one["feature"]),
        )
        for one in card["training"].get("importance", [])[:MOST]
    )
    weights: Block = Paragraph("It uses no factor.")
    if rows:
        weights = Table("What moves it, in an average training case", ("Factor", "Moves the probability by", "Declared effect"),
                        rows)  # fmt: skip
    split = ", ".join(_label(domain, column) for column in domain.segments.columns) or "none declared"
    watched = ", ".join(_label(domain, column) for column in domain.segments.protected) or "none declared"
    return Section("3 Factors", (Pairs((("Reported by segment", split), ("Protected, never read by the model", watched))),
                                 weights))  # fmt: skip


def _metrics(card: dict[str, Any], domain: DecisionDomain) -> Section:
    found = card["training"].get("out_of_fold") or {}
    n = found.get("n") or 0
    told = f"on {number(n)} training cases that the answering model had not seen"
    pairs = [("Share right", "how often the suggested action proved right"),
             ("Brier score", "mean squared distance between probability and outcome, 0 is best"),
             ("AUC", "how often a case of one action is put above one of the other; two actions only")]  # fmt: skip
    blocks: list[Block] = [Pairs(tuple(pairs))]
    if n:
        blocks.append(Paragraph(
            f"Out of fold: right in {share(tallied(round(found['accuracy'] * n), n))}, Brier {decimal(found['brier'], 3)}, "
            f"AUC {decimal(found['auc'], 3)}, {told}; the last two are reports of the training, without an interval."
        ))  # fmt: skip
    else:
        blocks.append(
            Paragraph(
                f"No outcomes {'yet' if domain.outcome else 'are declared'}, so nothing says how often it is right."
            )
        )
    blocks.append(_calibration(card))
    return Section("4 Metrics", tuple(blocks))


def _calibration(card: dict[str, Any]) -> Block:
    from_card = card["training"].get("calibration") or []
    if not from_card:
        return Paragraph("Whether its probabilities hold: too few outcomes so far.")
    rows = tuple(
        (percent(r["stated"]), share(tallied(round(r["observed"] * r["n"]), r["n"]))) for r in from_card
    )
    return Table("Whether its probabilities hold, out of fold", ("Said on average", "Came true"), rows)


def _evaluation(card: dict[str, Any], domain: DecisionDomain) -> Section:
    evidence = card["evidence"]
    bank, live = number(evidence.get("bank", 0)), number(evidence.get("live", 0))
    blocks: list[Block] = [Paragraph(
        f"The verdict rests on {number(evidence.get('cases', 0))} cases: {bank} of the bank, which no model ever trains on "
        f"({percent(domain.training.bank)} of cases, drawn by a keyed lot), and {live} whose outcome came after training."
    )]  # fmt: skip
    own = evidence.get("own", {})
    rows = tuple((who, share(of(one["accuracy"])), decimal(one["brier"], 3)) for who, one in own.items())
    blocks.append(
        Table(
            "On the same cases",
            ("Model", "Right" if domain.outcome else "Agrees with the final decision", "Brier score"),
            rows,
        )
        if rows
        else Paragraph("Not tested on any case yet.")
    )
    blocks.append(Paragraph(card["paragraph"]))
    return Section("5 Evaluation data", tuple(blocks))


def _training(card: dict[str, Any]) -> Section:
    held = card["training"]
    window = held.get("window") or {}
    span = f"{(window.get('since') or '—')[:10]} to {(window.get('until') or '—')[:10]}"
    pairs = (
        ("Material", held.get("labels") or f"{number(held.get('cases', 0))} cases"),
        ("Cases received", span),
        ("Population", held.get("population", "")),
        ("Decisions read", f"{number(held.get('decisions', 0))} by {number(held.get('managers', 0))} people"),
        (
            "What people called",
            (held.get("calls") or {}).get("said") or "Nothing that people called was used.",
        ),
        ("Where the data come from", by_a_person(card["by_a_person"], "data_sources")),
    )
    return Section("6 Training data", (Pairs(pairs),))


def _segments(card: dict[str, Any], domain: DecisionDomain) -> Section:
    blocks = [shares("Recommendations of this version in use", card["in_use"], domain, "")]
    blocks += [
        shares(_label(domain, column), rows, domain, _label(domain, column))
        for column, rows in card["by_segment"].items()
    ]
    return Section("7 Quantitative analyses", tuple(blocks))


def _ethics(card: dict[str, Any], domain: DecisionDomain) -> Section:
    held = card["by_a_person"]
    blocks: list[Block] = [
        Pairs((("Who is affected", by_a_person(held, "affected")), ("Harms weighed", by_a_person(held, "harms")),
               ("Legal basis", by_a_person(held, "legal_basis")), ("Risk class", by_a_person(held, "risk_class"))))
    ]  # fmt: skip
    for column, rows in card["protected"].items():
        label = _label(domain, column)
        blocks.append(shares(f"Equal treatment: {label}", rows, domain, label))
    if not card["protected"]:
        blocks.append(
            Paragraph("The domain file declares no protected column, so equal treatment was not measured.")
        )
    else:
        blocks.append(
            Paragraph(
                "Counts by name alone; cases held alike are compared in the report, view Equal treatment.",
                small=True,
            )
        )
    return Section("8 Ethical considerations", tuple(blocks))


def _caveats(card: dict[str, Any], domain: DecisionDomain) -> Section:
    said = [card["training"].get("about", "")]
    if domain.selective:
        said.append(
            "Outcomes are seen only after some actions: numbers of right and wrong rest on cases tried by lot."
        )
    if domain.outcome is None:
        said.append("No outcome is known here: it foretells what this team decides, not what is right.")
    drift = card["drift"]
    said.append(drift["message"] if drift else "Nobody has looked for drift since this version learned.")
    return Section("9 Caveats and recommendations", tuple(Paragraph(text) for text in said if text))


def _label(domain: DecisionDomain, name: str) -> str:
    return next((f.label or f.name for f in domain.features if f.name == name), name)


def _declared(domain: DecisionDomain, name: str) -> str:
    effect = next((f.effect for f in domain.features if f.name == name), "any")
    return {"increasing": f"more of it never speaks against {domain.actions[0].label}",
            "decreasing": f"more of it never speaks for {domain.actions[0].label}"}.get(effect, "free")  # fmt: skip
