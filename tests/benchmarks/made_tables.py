"""Tables of organizations nobody has seen, made by seed, with what is true about them.

A table is of one of seven kinds (loans, attrition, grants, messages, deliveries, process runs, claims). Its columns come
from pools of headings, its cells are written as exports write them: dates and decimals in many forms, many spellings of
*missing*, headings with blanks, umlauts, emoji, words of SQL, leading digits, 200 characters, or twice the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

KINDS = {
    "loans": {
        "ids": ["Loan ID", "loan_no", "Aktenzeichen", "Application number", None],
        "numbers": ["Loan amount (€)", "annual_inc", "dti", "credit score", "open_accounts", "Années d'ancienneté", "term"],
        "levels": ["purpose", "home ownership", "Bundesland", "grade"],
        "flags": ["co-signer?", "first time borrower"],
        "people": ["gender", "Applicant age", "marital_status"],
        "received": ["application date", "issue_d", "Antragsdatum"],
        "outcomes": [
            ("loan_status", "Fully Paid", "Charged Off", ["Current"]), ("default", "0", "1", []),
            ("Zahlungsausfall", "nein", "ja", []), ("repaid", "yes", "no", []), ("bad_flag", "N", "Y", []),
        ],
        "decisions": [("approved", "1", "0"), ("Decision", "Approved", "Rejected"), ("Entscheidung", "genehmigt", "abgelehnt")],
        "after": ["total_recovered", "days_overdue_final", "collection agency", "charge_off_date", "last payment ratio"],
    },
    "attrition": {
        "ids": ["EmployeeNumber", "employee_id", "Personalnummer", "staff id", None],
        "numbers": ["MonthlyIncome", "YearsAtCompany", "Overtime hours", "Pendelzeit (km)", "engagement score", "trainings"],
        "levels": ["Department", "JobRole", "Standort", "contract type"],
        "flags": ["remote?", "shift worker"],
        "people": ["Gender", "Age", "MaritalStatus"],
        "received": ["review_date", "created_on", "Datum"],
        "outcomes": [
            ("Attrition", "No", "Yes", []), ("left", "0", "1", []), ("Kündigung", "nein", "ja", []),
            ("status", "Stayed", "Resigned", []), ("retained", "true", "false", []),
        ],
        "decisions": [("retention offer approved", "yes", "no")],
        "after": ["severance_paid", "exit interview score", "exit_reason", "exit_interview_date", "knowledge handover index"],
    },
    "grants": {
        "ids": ["Proposal ID", "grant_ref", "Antragsnummer", "call-ref", None],
        "numbers": ["Requested amount", "h-index of lead", "team size", "pages", "earlier grants", "Budget overhead %"],
        "levels": ["discipline", "institution type", "Land", "call"],
        "flags": ["interdisciplinary", "early career"],
        "people": ["sex of applicant", "nationality", "age group"],
        "received": ["submitted_on", "submission date", "Eingang"],
        "outcomes": [
            ("Outcome", "success", "failure", ["ongoing"]), ("replicated", "1", "0", []), ("Ergebnis", "bestanden", "nicht bestanden", []),
        ],
        "decisions": [("funded", "yes", "no"), ("panel decision", "Accept", "Reject"), ("awarded", "Y", "N")],
        "after": ["amount disbursed", "final report score", "rejection letter code", "award letter date", "publications after award"],
    },
    "messages": {
        "ids": ["msg_id", "Ticket", "message id", None],
        "numbers": ["length", "links", "capital share", "sender age days", "hour", "exclamation marks"],
        "levels": ["channel", "language", "Sprache des Absenders", "device"],
        "flags": ["has attachment", "known sender"],
        "people": [],
        "received": ["received_at", "timestamp", "created_at"],
        "outcomes": [
            ("v1", "ham", "spam", []), ("is_spam", "0", "1", []), ("label", "legitimate", "phishing", []), ("Betrug", "nein", "ja", []),
        ],
        "decisions": [("triage", "dismiss", "escalate"), ("analyst action", "dismissed", "escalated")],
        "after": ["refund_amount", "takedown hours", "blocklist entry", "blocked_on", "complaints received after"],
        "text": ["text", "message", "Betreff"],
    },
    "deliveries": {
        "ids": ["Shipment No.", "order_id", "Lieferscheinnummer", "parcel", None],
        "numbers": ["Distance (km)", "weight_kg", "order value", "stops", "planned days", "load share"],
        "levels": ["carrier", "Route", "warehouse", "service level"],
        "flags": ["express?", "customs needed"],
        "people": [],
        "received": ["order_date", "created", "Bestelldatum"],
        "outcomes": [
            ("late", "no", "yes", []), ("Late_delivery", "0", "1", []), ("Delivery status", "On time", "Delayed", ["In progress"]),
            ("verspätet", "nein", "ja", []),
        ],
        "decisions": [("escalated", "no", "yes")],
        "after": ["penalty paid", "delay minutes final", "complaint code", "actual delivery date", "customer rating after arrival"],
    },
    "process runs": {
        "ids": ["Lot", "batch id", "wafer_no", "Charge Nr.", None],
        "numbers": ["temperature °C", "Druck (bar)", "speed", "humidity", "tool age (h)", "viscosity", "feed rate"],
        "levels": ["line", "recipe", "Schicht", "supplier of resin"],
        "flags": ["cleaned before", "new mould"],
        "people": [],
        "received": ["start_time", "date", "timestamp"],
        "outcomes": [
            ("Pass/Fail", "-1", "1", []), ("quality check", "OK", "NOK", []), ("defect", "0", "1", []), ("Ausschuss", "nein", "ja", []),
            ("result", "pass", "fail", []),
        ],
        "decisions": [],
        "after": ["scrap weight", "rework minutes", "defect code", "rework date", "final inspection reading"],
    },
    "claims": {
        "ids": ["Claim ID", "claim_number", "Schadennummer", None],
        "numbers": ["claim amount", "days to report", "policy tenure (months)", "vehicle age", "witnesses", "deductible"],
        "levels": ["cause", "region", "Sparte", "broker"],
        "flags": ["police report", "injury involved"],
        "people": ["insured_sex", "age of insured"],
        "received": ["reported_at", "date_received", "Eingangsdatum"],
        "outcomes": [("fraud_reported", "N", "Y", []), ("fraud", "0", "1", []), ("Betrugsfall", "nein", "ja", [])],
        "decisions": [("claim approved", "yes", "no"), ("decision", "accept", "decline")],
        "after": ["recovered from insured", "investigation hours final", "legal case code", "closed_at", "prosecution index"],
    },
}  # fmt: skip
MISSING = ["", "", "NA", "?", "n/a", "k.A.", "-", "unknown", "NULL", "n.a.", "#N/A", "-999"]
DATES = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y-%m-%dT%H:%M:%S",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%d.%m.%y",
    "%Y%m%d",
]
ODD = [
    "select", "order", "bank", "seq", "action", "mode", "fold", "2nd reading", "größe 📏", "reason ", "x" * 200, "value", "period",
    "p_raw", "case", "Überhang %", "Ampel 🚦", "user", "stake", "index #2", "p-value (raw)", "Länge/Breite", "DROP TABLE cases",
]  # fmt: skip


@dataclass
class Made:
    """A table as a file holds it, and what is true about it."""

    kind: str
    rows: int
    name: str
    content: bytes
    case_id: str | None
    outcome: str | None
    decision: str | None
    leaks: dict[str, str] = field(default_factory=dict)
    honest: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def make(seed: int, rows: int | None = None) -> Made:
    """One table and its truth."""
    draw = np.random.default_rng([seed, 77])
    kind = list(KINDS)[int(draw.integers(len(KINDS)))]
    pool = KINDS[kind]
    n = rows or int(draw.choice([176, 260, 400, 800, 1500, 3000], p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]))
    columns: dict[str, np.ndarray | list] = {}
    score = _honest(columns, pool, draw, n)
    honest = [*columns]
    bad = draw.random(n) < 1 / (
        1 + np.exp(-(float(draw.uniform(0.8, 1.6)) * score - float(draw.uniform(0.2, 1.8))))
    )
    people = list(draw.permutation(pool["people"])[: int(draw.integers(0, 3))])
    for name in people:
        columns[name] = (
            draw.integers(19, 67, n)
            if "ge" in name.lower()[:3] or "age" in name.lower()
            else draw.choice(["f", "m", "x"], n)
        )
    arrived = pd.Timestamp("2022-03-01") + pd.to_timedelta(np.sort(draw.uniform(0, 900, n)), unit="D")
    form = str(draw.choice(DATES))
    if draw.random() < 0.75:
        columns[str(draw.choice(pool["received"]))] = arrived.strftime(form)
    leaks = _leaks(columns, pool, draw, bad, arrived, form)
    outcome, decision = _answers(columns, pool, draw, bad, score)
    case_id = pool["ids"][int(draw.integers(len(pool["ids"])))]
    if case_id:
        columns[case_id] = (
            [f"{kind[0].upper()}{1000 + i}" for i in range(n)]
            if draw.random() < 0.6
            else list(range(1, n + 1))
        )
    frame = _shuffled(pd.DataFrame(columns, dtype=object), draw, outcome or decision, case_id)
    frame = frame.iloc[draw.permutation(n)]
    twin = ""
    headings = list(frame.columns)
    if draw.random() < 0.15:  # the same heading twice
        twin = str(draw.choice(honest))
        headings.append(twin)
        frame = pd.concat(
            [frame, frame[twin].sample(frac=1, random_state=seed).set_axis(frame.index)], axis=1
        )
        frame.columns = headings
    separator = str(draw.choice([",", ";", "\t"], p=[0.6, 0.3, 0.1]))
    content = frame.to_csv(index=False, sep=separator).encode(str(draw.choice(["utf-8", "utf-8-sig"])))
    return Made(
        kind,
        n,
        f"{kind.replace(' ', '_')} {seed}.csv",
        content,
        case_id,
        outcome,
        decision,
        leaks,
        tuple(honest),
        tuple(people),
    )


def _honest(columns: dict, pool: dict, draw: np.random.Generator, n: int) -> np.ndarray:
    """Honest columns of every kind; the score that drives how cases end."""
    score = np.zeros(n)
    for at, name in enumerate(draw.permutation(pool["numbers"])[: int(draw.integers(3, 7))]):
        x = draw.normal(size=n)
        score += x * float(draw.uniform(-1.2, 1.2)) * (1.0 if at < 3 else 0.1)
        style = int(draw.integers(5))
        values = [
            np.round(np.exp(x + 8)),
            np.round(40 + 12 * x),
            np.round(x * 3 + 20, 2),
            np.round(np.abs(x) * 5),
            np.round(100 * x, 1),
        ][style]
        columns[name] = _written(values, draw, gaps=float(draw.choice([0, 0, 0.05, 0.3])))
    for name in draw.permutation(pool["levels"])[: int(draw.integers(1, 4))]:
        k = int(draw.choice([3, 5, 9, 60]))
        codes = draw.integers(0, k, n)
        score += draw.normal(0, 0.5, k)[codes]
        words = np.array([f"{str(name)[:4].strip()} {chr(65 + i % 26)}{i}" for i in range(k)])
        columns[name] = np.where(draw.random(n) < 0.03, "", words[codes])
    for name in draw.permutation(pool["flags"])[: int(draw.integers(0, 3))]:
        flag = draw.random(n) < float(draw.uniform(0.15, 0.7))
        score += flag * float(draw.normal(0, 0.7))
        yes, no = [("yes", "no"), ("1", "0"), ("ja", "nein"), ("Y", "N"), ("oui", "non"), ("True", "False")][
            int(draw.integers(6))
        ]
        columns[name] = np.where(flag, yes, no)
    for name in draw.permutation(ODD)[: int(draw.integers(0, 4))]:
        x = draw.normal(size=n)
        score += 0.3 * x
        columns[name] = np.round(x * 7, 2)
    if pool.get("text"):
        words = np.array(
            ["meeting", "invoice", "offer", "please", "account", "today", "team", "win", "link", "report"]
        )
        lengths = draw.integers(4, 14, n)
        columns[str(draw.choice(pool["text"]))] = [
            " ".join(draw.choice(words, k)) + f" {i}" for i, k in enumerate(lengths)
        ]
    return (score - score.mean()) / max(score.std(), 0.3) * 1.3


def _written(values: np.ndarray, draw: np.random.Generator, *, gaps: float) -> list[str]:
    """Numbers as exports write them, all of a column in one style, with gaps in one or two spellings."""
    style = int(draw.integers(6))
    whole = bool((values == np.round(values)).all())
    said = [f"{v:.0f}" if whole else f"{v:.2f}" for v in values]
    if style == 1:
        said = [s.replace(".", ",") for s in said]
    elif style == 2 and values.min() >= 0:
        said = [f"{s} €" for s in said]
    elif style == 3 and whole:
        said = [f"{v:,.0f}" for v in values]
    elif style == 4:
        said = [f"{s}%" for s in said]
    nothing = draw.choice(MISSING, 2)
    if values.min() < 0 or style in (2, 3, 4):
        nothing = np.where(nothing == "-999", "", nothing)
    gone = draw.random(len(values)) < gaps
    return [str(draw.choice(nothing)) if g else s for s, g in zip(said, gone, strict=True)]


def _leaks(
    columns: dict, pool: dict, draw: np.random.Generator, bad: np.ndarray, arrived, form: str
) -> dict[str, str]:
    """Columns that were written after the end, each of another make."""
    n, found = len(bad), {}
    makers = {
        0: ("an amount afterwards", lambda: np.where(bad & (draw.random(n) < draw.uniform(0.8, 1)), np.round(draw.gamma(2, 200, n), 2), 0.0)),
        1: ("a number that shifts", lambda: np.round(draw.normal(size=n) + float(draw.uniform(2.8, 3.8)) * bad, 2)),
        2: ("a word afterwards", lambda: np.where(bad & (draw.random(n) < draw.uniform(0.6, 1)), draw.choice(["K1", "K2", "K7"], n), "")),
        3: ("a date afterwards", lambda: np.where(bad & (draw.random(n) < draw.uniform(0.6, 1)), (arrived + pd.to_timedelta(draw.integers(5, 60, n), unit="D")).strftime(form), "")),
        4: ("a number that shifts", lambda: np.round(50 + 10 * draw.normal(size=n) - 10 * float(draw.uniform(2.8, 3.8)) * bad, 1)),
    }  # fmt: skip
    for place in draw.permutation(5)[: int(draw.integers(0, 4))]:
        name, maker = pool["after"][place], makers[int(place)]
        columns[name] = maker[1]()
        found[name] = maker[0]
    if draw.random() < 0.35:
        name = str(draw.choice(["internal code", "Kz", "flag_b", "state2", "typ"]))
        other = draw.random(n) < draw.uniform(0.001, 0.015)
        columns[name] = np.where(bad ^ other, "B", "A")
        found[name] = "a near copy"
    return found


def _answers(
    columns: dict, pool: dict, draw: np.random.Generator, bad: np.ndarray, score: np.ndarray
) -> tuple[str | None, str | None]:
    """How cases ended, what was decided, or both, as the table says it."""
    n, lot = len(bad), draw.random()
    outcome = decision = None
    if lot < 0.75 or not pool["decisions"]:
        outcome, good_word, bad_word, others = pool["outcomes"][int(draw.integers(len(pool["outcomes"])))]
        said = np.where(bad, bad_word, good_word).astype(object)
        open_share = float(draw.choice([0, 0.05, 0.15])) if others or draw.random() < 0.3 else 0.0
        still = draw.random(n) < open_share
        said[still] = draw.choice(others) if others else ""
        columns[outcome] = said
    if pool["decisions"] and (lot > 0.65):
        decision, yes, no = pool["decisions"][int(draw.integers(len(pool["decisions"])))]
        refused = bad if outcome is None else draw.random(n) < 1 / (1 + np.exp(-score))
        columns[decision] = np.where(refused, no, yes)
    return outcome, decision


def _shuffled(
    frame: pd.DataFrame, draw: np.random.Generator, answer: str | None, case_id: str | None
) -> pd.DataFrame:
    """Columns as exports order them: the name in front, the answer often at the end, the rest anyhow."""
    rest = [c for c in frame.columns if c not in (answer, case_id)]
    rest = [rest[i] for i in draw.permutation(len(rest))]
    last = [answer] if answer else []
    order = [*([case_id] if case_id else []), *rest]
    at = len(order) if draw.random() < 0.6 else int(draw.integers(1 if case_id else 0, len(order) + 1))
    return frame[[*order[:at], *last, *order[at:]]]
