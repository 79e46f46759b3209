"""What a pack says of itself: article by article, what it holds, and what no log can prove.

Regulation (EU) 2024/1689, Articles 12 and 14, and SR 11-7 (Federal Reserve and OCC, 4 April 2011), in our own words.
"""

from __future__ import annotations

from collections.abc import Mapping

from rhml.core.domain import DecisionDomain
from rhml.printed.markdown import plain

PURPOSES = {
    "ai-act": "EU AI Act, Articles 12 and 14",
    "sr11-7": "Validation of models in the manner of SR 11-7",
}

Row = tuple[str, str, str]

AI_ACT: tuple[Row, ...] = (
    ("12(1) events are recorded automatically over the system's lifetime",
     "events.*: one row a use, written in the same commit as the decision; audit.*: every other fact. manifest.json: the "
     "head of the hash chain, which `verify` holds against the log",
     "uses outside this product; decisions marked `imported`, which an older system recorded"),
    ("12(2)(a) situations of risk and substantial change can be identified",
     "register.json and cards/model-*: each version, when it was live, what changed; drift and alarms; audit.*: domain "
     "files with the keys that changed",
     "whether a situation is a risk in the sense of Article 79, or a change substantial: a judgement"),
    ("12(2)(b) post-market monitoring is facilitated",
     "events.*: output beside decision and outcome; cards/model-*: month by month",
     "the monitoring plan of Article 72"),
    ("12(2)(c) operation can be monitored by who deploys the system",
     "cards/process.*: modes, overrides, oversight, reliance", "that somebody reads it"),
    ("12(3)(a) period of each use (a minimum for remote biometric identification alone; given here all the same)",
     "events.*: began_at, ended_at", "began_at where no time was measured"),
    ("12(3)(b) reference data checked against (as above)",
     "events.*: model_version and model_hash, which stand for what the model learned from; no database is searched here",
     "a reference database: this system has none"),
    ("12(3)(c) input data that led to the result (as above)", "events.*: input_… as they stood at the decision",
     "whether the input was true"),
    ("12(3)(d) persons who verified the result (as above; Article 14(5))",
     "events.*: person, signed_by, refused_by, second_opinions", "identity beyond the name that was signed in with"),
    ("14(4)(a) capacities and limits are understood, anomalies noticed",
     "cards/model-*: metrics, caveats, drift; events.*: notes and `unlike` as they were shown",
     "competence and training of the people who oversee (Articles 4 and 26(2))"),
    ("14(4)(b) awareness of automation bias",
     "cards/process.*: own calls before the model's, reliance, seconds a card was open, alarms",
     "what anybody was aware of"),
    ("14(4)(c) the output is interpreted rightly",
     "events.*: probabilities, ranges, points and remarks as shown; `shown` puts any screen on record again",
     "what anybody understood"),
    ("14(4)(d) not using, overriding or reversing the output",
     "events.*: overridden, reason, rationale, reversed_at; cards/process.*: how often", "pressure outside the product"),
    ("14(4)(e) intervening or stopping",
     "audit.*: promotions, rollbacks, corrections switched off; nothing is decided unless a person decides",
     "a stop procedure for what surrounds the product"),
    ("14(5) confirmation by two persons (remote biometric identification alone)",
     "audit.*: signatures and blind second opinions, where the domain asks for them", "that it applies here"),
    ("19 and 26(6) logs are kept at least six months",
     "cards/process.*: the domain's period of retention", "what happens to copies outside the log"),
)  # fmt: skip

SR_11_7: tuple[Row, ...] = (
    ("Purpose and use are stated", "cards/model-*, sections 1 and 2", "intended use and owner, unless the domain file has them"),
    ("Conceptual soundness", "cards/model-*, section 10; domain_files/: declared effects and policies",
     "that the theory fits the business: a reviewer's judgement"),
    ("Data: quality, relevance, representativeness", "cards/model-*, section 6; events.*: inputs as they stood",
     "where the data come from and whether they are true"),
    ("Outcomes analysis and back-testing", "cards/model-*, sections 5, 7 and 11; events.*: output beside outcome",
     "outcomes that are not known yet, or are hidden by the decision itself"),
    ("Benchmarking", "cards/model-*, section 12: champion, first version, twins without human input", "models outside this log"),
    ("Ongoing monitoring", "cards/model-*, section 13; audit.*: looks at drift, alarms", "that findings were acted on"),
    ("Overrides are tracked and analysed", "cards/model-*, section 14; cards/process.*; events.*: every override with reason",
     "decisions taken outside the product"),
    ("Limitations and assumptions", "cards/model-*, section 9", "limits nobody has met yet"),
    ("Inventory, versions and change control", "register.json; cards/model-*, section 15; audit.*", "models outside this log"),
    ("Effective challenge and independence", "cards/model-*, section 16: verdicts, promotions against them, waived tests",
     "independence, competence and standing of who challenged"),
)  # fmt: skip

POINTS = {"ai-act": AI_ACT, "sr11-7": SR_11_7}


def readme(
    purpose: str,
    domain: DecisionDomain,
    about: Mapping[str, str],
    *,
    uses: int,
    lines: int,
    columns: Mapping[str, str],
) -> str:
    """The pack's first page, as Markdown."""
    facts = "\n".join(f"* **{plain(name)}:** {plain(said)}" for name, said in about.items())
    points = "\n".join(f"| {plain(a)} | {plain(b)} | {plain(c)} |" for a, b, c in POINTS[purpose])
    meant = "\n".join(f"| `{name}` | {plain(said)} |" for name, said in columns.items())
    inputs = "\n".join(f"| `input_{f.name}` | {plain(f.label or f.name)} |" for f in domain.features)
    return f"""# {plain(about["title"])}

{facts}

{uses:,} uses and {lines:,} lines of the trail. The same rows stand in Parquet and in JSON Lines. `manifest.json` has the
SHA-256 of every file here and the heads of the chains: `python -m rhml verify DOMAIN --head HASH` finds a head in the log
again. What was typed freely may name people, whatever stands for their names elsewhere.

## Point by point

This says where the evidence of this log stands. It is no legal opinion, and it does not say that the requirement is met.

| Point, in our words | In this pack | Not the product's to prove |
| --- | --- | --- |
{points}

## events.parquet, events.jsonl

| Column | Meaning |
| --- | --- |
{meant}
{inputs}
"""
