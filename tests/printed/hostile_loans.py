"""A printed report of a small log in which everything that people name is hostile or foreign."""

from datetime import datetime

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.edition import edition
from rhml.loop.onboard import onboard
from rhml.printed.edition import Edition
from tests.ui.log_of_loans import DECIDED, WITH_OUTCOMES, rows

AT = datetime(2026, 3, 1, 9, 0)
TITLE = "<script>alert(1)</script> & *Δάνεια* #x[$1$] Займы ≥ 1 €"
SECTORS = {"retail": 'Łódź "<img src=x onerror=alert(1)>"', "farming": "漢字 農業"}


def hostile(store, **how) -> Edition:
    """The edition of a log whose domain and segments are named like this."""
    text = WITH_OUTCOMES.replace('"Loans"', f"'{TITLE}'").replace(
        "[segments]", 'use = false\n[segments]\nprotected = ["sector"]'
    )
    domain, table = parse_domain("loans", text), rows(360).replace({"sector": SECTORS})

    def file(columns: list[str]):
        return read_bytes("table.csv", table[columns].to_csv(index=False).encode())

    onboard(
        store, domain, cases=file(["case_id", "amount", "late", "sector", "received_at"]), decisions=file(DECIDED),
        outcomes=file(["case_id", "right_action", "known_at"]), by="lead", at=AT,
    )  # fmt: skip
    return edition(store, domain, at=AT, **how)
