"""Words of headings and cells by which a column's role is guessed, in the languages that exports come in."""

from __future__ import annotations

import re

from rhml.intake.drafting.naming import slug


def listed(words: str) -> frozenset[str]:
    """Words with blanks or line ends between them as a set."""
    return frozenset(words.split())


CASE_ID = (
    "case_id", "id", "request_id", "application_id", "loan_id", "order_id", "ticket_id", "case", "key", "reference", "ref",
    "unnamed_0", "index", "nr", "no", "number", "case_no", "case_number", "aktenzeichen", "vorgang", "antragsnummer",
    "kennung", "numero", "identifier", "uuid", "guid",
)  # fmt: skip
RECEIVED = (
    "received_at", "received_on", "received", "created_at", "created_on", "submitted_at", "submitted_on",
    "requested_at", "requested_on", "date_received", "request_date", "application_date", "opened_at", "opened_on",
    "created", "submitted", "applied_on", "applied_at", "order_date", "ordered_on", "ordered_at", "issue_d", "issue_date",
    "date_created", "creation_date", "submission_date", "date_submitted", "opened", "open_date", "reported_at",
    "started_at", "start_time", "timestamp", "event_time", "datetime", "date", "datum", "eingang", "eingangsdatum",
    "eingegangen_am", "antragsdatum", "bestelldatum", "date_de_demande", "date_reception", "fecha", "fecha_solicitud", "ts",
)  # fmt: skip
DUE = (
    "due_at", "due_on", "due", "due_date", "deadline", "answer_by", "decide_by", "respond_by", "reply_by", "frist",
    "faellig_am", "fallig_am", "echeance", "fecha_limite",
)  # fmt: skip
KNOWN = (
    "known_at", "known_on", "settled_on", "settled_at", "resolved_at", "resolved_on", "closed_at", "closed_on",
    "outcome_date", "result_date", "date_closed", "close_date", "abgeschlossen_am",
)  # fmt: skip
DECIDED_AT = (
    "decided_at", "decided_on", "decision_date", "date_decided", "date_of_decision", "approved_on", "approved_at",
    "approval_date", "entschieden_am", "reviewed_at", "reviewed_on", "review_date",
)  # fmt: skip
DECIDED_BY = (
    "manager", "decided_by", "reviewer", "officer", "underwriter", "approver", "approved_by", "analyst", "agent", "handler",
    "assessor", "adjudicator", "caseworker", "bearbeiter", "sachbearbeiter", "reviewed_by", "loan_officer", "handled_by",
)  # fmt: skip

OUTCOME = listed("""
state outcome truth target label class result y status default defaulted chargeoff repaid paid bad good risk creditability churn
churned exited exit attrition left leaver quit resigned turnover retained stayed renewed cancelled canceled spam ham fraud
fraudulent phishing malicious malware attack threat late delayed delay breach breached failure failed fail passed pass
defect defective scrap scrapped nok conforming nonconforming replicated replicates replication success successful won
converted conversion response responded survived died death readmitted diagnosis returned noshow showed sold bought
purchased deposit recidivism reoffended claim dropout graduated completed accident outage
ausfall ausgefallen gekundigt kundigung ergebnis ausgang betrug betrugsfall verspatet verspatung zuruckgezahlt ausschuss
bestanden erfolg erfolgreich zahlungsausfall fluktuation mangelhaft repliziert resultat defaut retard depart demission
fraude reussite rembourse resultado impago abandono retraso exito baja moroso esito
""")
"""Words of a heading under which tables say how something ended."""

DECIDED_WORDS = listed("""
decision decided approved approve approval accepted accept acceptance admitted admission granted rejected reject rejection
declined denied deny action awarded award funded hired shortlisted escalated triaged triage entscheidung entschieden
bewilligt genehmigt genehmigung abgelehnt angenommen bewilligung accorde refuse decision aprobado concedido rechazado
""")
"""Words of a heading under which tables say what somebody decided."""

EARLIER = listed("""
prev previous prior past last history historic historical earlier before num number count n cnt times ever previously
existing old former pre initial expected planned requested estimated predicted probability prob score rate ratio pct
percent share days months years hours fruher fruhere vorherige anzahl precedent anterior total avg mean max min type kind
reason code limit source channel level
""")
"""Words that make a heading speak of something else than how this case ended."""

GOOD = listed("""
pif yield yields ausbeute good ok okay paid repaid settled success successful succeeded pass passed passes accept accepted approve approved approval
granted grant awarded funded hired admitted won win converted retained stayed stay stays active renewed renew ham legit
legitimate genuine benign normal clean safe ontime timely early conforming conform compliant replicated replicates replicate
responded survived alive healthy negative graduated completed complete solvent low kept honoured delivered valid true_story
lowrisk ontime gut bezahlt zuruckgezahlt bestanden genehmigt bewilligt angenommen erfolgreich erfolg punktlich geblieben io rembourse
accorde reussi reussite bon bueno pagado aprobado concedido exito bonne satisfied prime
""")
BAD = listed("""
bad highrisk chargedoff chgoff default defaulted chargeoff charged written unpaid delinquent failure failed fail fails nok reject rejected rejection
decline declined deny denied refused refuse lost lose churn churned exited exit attrition left leave leaver quit resigned
turnover cancelled canceled cancel spam fraud fraudulent phishing malicious malware attack threat abnormal anomaly late
delayed delay overdue breach breached defect defective scrap scrapped nonconforming died death dead readmitted malignant
positive returned noshow missed recidivism reoffended dropout insolvent bankrupt high risk risky bankruptcy writeoff invalid
outage accident schlecht ausfall ausgefallen gekundigt kundigung betrug betrugsfall verspatet verspatung ausschuss
abgelehnt zahlungsausfall fluktuation mangelhaft nichtbestanden nio defaut retard depart demission fraude malo impago
abandono retraso baja moroso rechazado refus mauvais subprime escalate escalated
""")
OPEN = listed("""
live open pending current ongoing unknown waiting progress issued new submitted processing review tbd offen laufend unbekannt
hangig encours attente pendiente undecided unresolved
""")
"""Words of a cell that say that nothing is known yet."""

NEGATIONS = frozenset({"no", "not", "non", "never", "un", "kein", "keine", "nicht", "pas", "sin"})
VAGUE = listed(
    "low high early valid active normal clean complete completed prime negative positive delivered kept good clean"
)
"""Words that say how something ended in a cell, and hardly anything in a heading."""

NAMING = frozenset({"id", "nr", "no", "num", "number", "key", "ref", "reference", "uuid", "code"})
"""Words of headings of names that systems give."""

DECIDED_CELLS = listed("""
approve approved approval accept accepted reject rejected rejection decline declined deny denied grant granted refuse refused
award awarded fund funded hire hired admit admitted escalate escalated dismiss dismissed bewilligt genehmigt abgelehnt
angenommen accorde refusee aprobado rechazado concedido
""")

AFTERWARDS = listed("""
duration elapsed pledged raised backers refund refunded refunds chargeoff chargeback recovery recoveries recovered collection collections closed closure close
resolved resolution settled settlement final exit termination terminated resignation severance returned return actual
delivered arrived overdue writeoff penalty paid payoff repayment offboarding dunning legal complaint claim scrap rework
inspection verdict appeal disbursed postmortem post after outcome result ended finished completed completion mahnung
austritt kundigung rucksendung erstattung schlussrechnung
""")
"""Words of headings of what is usually written down after the end; they count only beside what the cells say."""

PLANNED = listed("""
due deadline planned plan expected scheduled promised promise requested needed required target maturity expiry expires
birth born dob next start begin valid until by eta estimated frist geplant wunsch faellig fallig wanted renewal
""")
"""Words of headings of dates that lie ahead and are known all the same."""

DECIDED = frozenset({
    "decision_id", "decided_at", "decided_by", "first_action", "first_confidence", "final_action", "final_confidence",
    "recommended_action", "recommended_confidence", "recommendation", "rationale", "override", "model_version",
})  # fmt: skip
DECIDED_BESIDE = frozenset({"reason", "verdict", "manager", "mode", "seconds"})
"""Beside one of those, these belong to a log of decisions too; alone they may mean anything."""

PROTECTED = listed("""
sex gender race ethnicity ethnic religion nationality citizenship disability disabled marital married pregnant pregnancy
minority black white hispanic hispan asian female male foreign foreigner immigrant migrant birthplace age ageyears dob
birthdate born senior seniorcitizen orientation union geschlecht alter herkunft staatsangehorigkeit nationalitat religionszugehorigkeit behinderung
familienstand verheiratet geburtsdatum schwerbehindert sexe genre origine nationalite sexo genero raza edad nacionalidad eta
""")
NOT_PROTECTED = listed("""
account card vehicle car machine equipment building house credit history invoice device tool roof domain website loan
sender page company firm asset inventory stock storage part customer policy contract site url certificate oven mould mold
""")
"""Beside one of these, an age is not a person's."""

MESSAGES = frozenset({
    "message", "text", "sms", "email", "mail", "subject", "body", "content", "complaint", "request", "query", "question",
    "tweet", "ticket", "headline", "transcript", "enquiry", "inquiry", "abstract", "title", "nachricht", "betreff",
    "anfrage", "mensaje",
})  # fmt: skip
"""Words of headings of texts that arrive with the case; whatever else people write may come after the decision."""

AT_STAKE = frozenset({
    "amount", "value", "price", "cost", "loan", "budget", "amt", "loanamt", "betrag", "summe", "wert",
    "preis", "gross", "montant", "prix", "importe", "monto", "valor", "requested", "revenue", "salary", "kreditsumme", "freight",
})  # fmt: skip
ID_ENDINGS = (
    "_id", "_number", "_no", "_nr", "_ref", "_reference", "_key", "_uuid", "_nummer", "_code_id", "_phone", "_iban",
)  # fmt: skip
PLACES = frozenset({"zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "cp"})
"""Words of headings of numbers that name a place."""

NOTHING_SAID = frozenset({
    "?", "-", "--", "---", "—", "–", ".", "..", "n.a.", "n.a", "na.", "n/a.", "n.v.", "k.a.", "k. a.", "k.a", "keine angabe",
    "unbekannt", "unknown", "unk", "missing", "not available", "not applicable", "not known", "not stated", "no data",
    "none", "nil", "tbd", "s/o", "sin dato", "inconnu", "nd", "n.d.", "(null)", "(blank)", "blank", "empty", "(leer)",
    "leer", "-na-", "\\n", "*", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!", "xx", "not recorded",
})  # fmt: skip
"""Cells that say nothing in a column of numbers, dates or yes and no; small letters."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(text: str) -> tuple[str, ...]:
    """The words of a heading or a cell in small plain letters.

    >>> words_of("LoanStatus"), words_of("Fully Paid (€)"), words_of("is_late?")
    (('loan', 'status'), ('fully', 'paid'), ('is', 'late'))
    """
    plain = slug(_HUMP.sub("_", text), "")
    return tuple(word for word in plain.removeprefix("n_").split("_") if word)


def polarity(text: str) -> int:
    """Whether words speak of a good end (1), a bad one (-1) or neither; a *no* in front turns it round.

    >>> [polarity(t) for t in ("Fully Paid", "Charged Off", "not paid", "No default", "on time", "green")]
    [1, -1, -1, 1, 1, 0]
    """
    words = words_of(text)
    whole = "".join(words)
    if whole in GOOD or whole in BAD:
        return 1 if whole in GOOD else -1
    said, at = set(), 0
    while at < len(words):
        pair = "".join(words[at : at + 2])
        paired = pair in GOOD or pair in BAD
        word = pair if paired else words[at]
        if word in GOOD or word in BAD:
            turned = at > 0 and words[at - 1] in NEGATIONS
            said.add((1 if word in GOOD else -1) * (-1 if turned else 1))
        at += 2 if paired else 1
    return -1 if -1 in said else 1 if 1 in said else 0
