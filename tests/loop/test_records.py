"""The register, the cards and the packs that are written from a log."""

import hashlib
import json
import zipfile

import pandas as pd
import pyarrow.parquet as pq
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import NotPermitted, PromotionRefused, RhmlError
from rhml.loop import erase, onboard, teams
from rhml.loop.records import answering, record_packs, records
from rhml.loop.records.examiners import POINTS
from rhml.loop.records.register import in_words, register
from rhml.loop.steps import silent
from rhml.store import audit, events
from rhml.store.audit import Filter
from rhml.store.chain import seals
from rhml.store.opening import open_store
from tests.answered_log import DAY, TEXT, answered
from tests.loans import NOW, csv, loan_cases

LATER = NOW + 3 * DAY


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    log = open_store(
        f"duckdb:///{tmp_path_factory.mktemp('records') / 'log.duckdb'}", now=NOW, secret="fixed for tests"
    )
    yield log, answered(log)
    log.close()


@pytest.fixture(scope="module")
def pack(lived, tmp_path_factory):
    out = tmp_path_factory.mktemp("pack") / "pack"
    return records.records(*lived, "ai-act", out, by="command line", at=LATER)


def rows(pack, name):
    return [json.loads(line) for line in (pack.path / f"{name}.jsonl").read_text().splitlines()]


def test_a_version_that_came_back_has_two_spells(lived):
    newest, first = register(*lived).entries
    assert [(s.live_from, s.live_to) for s in first.spells] == [(NOW, NOW + DAY), (NOW + 2 * DAY, None)]
    assert [s.before for s in first.spells] == [None, newest.version]
    assert first.is_live and not newest.is_live
    assert [s.why for s in newest.spells] == ["newer"] and newest.spells[0].against_verdict


def test_decisions_are_counted_under_the_version_that_was_live(lived):
    newest, first = register(*lived).entries
    assert (first.decided_while_live, first.shown_with, first.overridden) == (60, 60, 20)
    assert newest.decided_while_live == 0
    assert "back again" in in_words(register(*lived))


def test_a_model_card_tells_its_numbers_from_the_log(lived):
    log, domain = lived
    facts = answering.of_model(log, domain, "v1", at=LATER).facts
    [whole] = facts["in_use"]
    [(judged, right)] = log.read(
        "SELECT count(*), count(*) FILTER (recommended_action = right_action) FROM loans.decided "
        "WHERE NOT imported AND right_action IS NOT NULL"
    )
    assert (whole["judged"], whole["model_right"]["value"]) == (judged, pytest.approx(right / judged))
    assert whole["model_right"]["low"] < right / judged <= whole["model_right"]["high"]
    assert facts["about"]["chain_head"] == seals.head(log, "loans").hash


def test_what_a_person_gave_stands_and_what_is_missing_is_asked_for(lived):
    text = answering.of_model(*lived, "v1", at=LATER).form("md").decode()
    assert "Lending desk" in text and "Small loans" in text
    assert "To be added by a person" in text and "legal\\_basis" in text


def test_what_a_person_wrote_is_text_in_every_form(lived):
    log, domain = lived
    hostile = domain.model_copy(
        update={"card": domain.card.model_copy(update={"owner": "[x](javascript:a) <img src=x> | =1"})}
    )
    page = answering.of_model(log, hostile, "v1", at=LATER)
    assert "<img" not in page.form("html").decode()
    text = page.form("md").decode()
    assert "](" not in text.replace("\\](", "") and "<img" not in text.replace("\\<img", "")


def test_every_section_of_a_model_card_stands(lived):
    text = answering.of_model(*lived, "v1", at=LATER).form("html").decode()
    for title in ("Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data",
                  "Quantitative analyses", "Ethical considerations", "Caveats", "Conceptual soundness", "Outcomes analysis",
                  "Benchmarking", "Ongoing monitoring", "Overrides analysis", "Change log", "Effective challenge"):  # fmt: skip
        assert f"{title}" in text
    assert answering.of_model(*lived, "v1", at=LATER).form("pdf").startswith(b"%PDF")


def test_a_card_of_an_empty_log_says_what_is_missing(log, now):
    domain = parse_domain("loans", TEXT)
    onboard.onboard(log, domain, by="lead", at=now)
    text = answering.of_process(log, domain, at=now).form("md").decode()
    assert "no outcomes yet" in text and "No time per decision is on record yet." in text
    with pytest.raises(PromotionRefused, match="retrain first"):
        answering.of_model(log, domain, "v1", at=now)


def test_a_process_card_names_nobody(lived):
    text = answering.of_process(*lived, at=LATER).form("json").decode()
    assert "miller" not in text and "ann" not in json.loads(text)["roles"]
    [whole] = json.loads(text)["whole"]
    assert (whole["advised"], whole["overridden"]) == (60, 20)


def test_every_decision_is_one_use_with_its_input_and_output(lived, pack):
    log, _ = lived
    uses = pd.DataFrame(rows(pack, "events")).set_index("decision_id")
    assert len(uses) == pack.events == 280
    made = uses[~uses["imported"]]
    assert set(events.COLUMNS) - {"decision_id"} <= set(uses.columns)
    [(decision_id, amount, action)] = log.read(
        "SELECT x.decision_id, c.amount, x.recommended_action FROM loans.decisions x JOIN loans.cases c USING (case_id) "
        "WHERE NOT x.imported ORDER BY x.seq LIMIT 1"
    )
    assert (uses.loc[decision_id, "input_amount"], uses.loc[decision_id, "recommended_action"]) == (
        amount,
        action,
    )
    spent = pd.to_datetime(made["ended_at"]) - pd.to_datetime(made["began_at"])
    assert set(spent.dt.total_seconds()) == {30.0}
    assert made["model_hash"].notna().all() and int(made["overridden"].sum()) == 20


def test_both_forms_hold_the_same_rows(pack):
    for name in ("events", "audit"):
        assert pq.read_table(pack.path / f"{name}.parquet").num_rows == len(rows(pack, name))


def test_the_trail_in_the_pack_is_the_whole_trail(lived, pack):
    assert pack.lines == audit.count(*lived, Filter())


def test_people_stand_under_other_names_unless_their_own_are_asked_for(lived, pack, tmp_path):
    for path in pack.path.rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert "miller" not in path.read_text() and "ann lead" not in path.read_text(), path
    people = {one["person"] for one in rows(pack, "events")}
    assert len(people) == 3 and all(name.startswith("person ") for name in people)
    named = records.records(*lived, "ai-act", tmp_path / "named", by="command line", at=LATER, names=True)
    assert {one["person"] for one in rows(named, "events")} == {"m0", "m1 miller", "m2 miller"}


def test_the_manifest_holds_every_files_hash_and_the_head_of_the_chain(lived, pack):
    manifest = json.loads((pack.path / "manifest.json").read_text())
    files = {p.relative_to(pack.path).as_posix() for p in pack.path.rglob("*") if p.is_file()} - {
        "manifest.json"
    }
    assert set(manifest["files"]) == files
    for name, held in manifest["files"].items():
        assert hashlib.sha256((pack.path / name).read_bytes()).hexdigest() == held["sha256"]
    assert manifest["chain"]["domain"]["hash"] == seals.head(lived[0], "loans").hash == pack.head


@pytest.mark.parametrize("purpose", POINTS)
def test_each_point_says_what_is_not_the_products_to_prove(lived, purpose):
    assert all(all(part.strip() for part in row) for row in POINTS[purpose])


def test_the_readme_maps_every_point_of_the_articles(pack):
    text = (pack.path / "README.md").read_text()
    for point in ("12(1)", "12(2)(a)", "12(2)(b)", "12(2)(c)", "12(3)(a)", "12(3)(b)", "12(3)(c)", "12(3)(d)", "14(4)(a)",
                  "14(4)(b)", "14(4)(c)", "14(4)(d)", "14(4)(e)", "14(5)"):  # fmt: skip
        assert f"| {point} " in text
    assert "no legal opinion" in text


def test_a_span_of_time_takes_its_uses_alone(lived, tmp_path):
    out = tmp_path / "span.zip"
    done = records.records(*lived, "sr11-7", out, by="command line", at=LATER, since=NOW + DAY)
    assert done.events == 0 and done.lines > 0
    with zipfile.ZipFile(out) as packed:
        assert {"span/manifest.json", "span/cards/model-v2.html", "span/README.md"} <= set(packed.namelist())
    assert list(tmp_path.iterdir()) == [out]


def test_a_pack_appears_whole_or_not_at_all(lived, tmp_path, monkeypatch):
    monkeypatch.setattr(
        records, "readme", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(RhmlError, match="No space left"):
        records.records(*lived, "ai-act", tmp_path / "pack", by="command line", at=LATER)
    assert list(tmp_path.iterdir()) == []


def test_a_pack_is_for_leads_and_into_a_new_place(lived, pack, tmp_path):
    log, domain = lived
    teams.set_role(log, "m9", "manager", by="ann lead", at=NOW)
    with pytest.raises(NotPermitted, match="only a lead"):
        records.records(log, domain, "ai-act", tmp_path / "mine", by="m9", at=LATER)
    with pytest.raises(RhmlError, match="exists already"):
        records.records(log, domain, "ai-act", pack.path, by="command line", at=LATER)
    with pytest.raises(RhmlError, match="no purpose"):
        records.records(log, domain, "gdpr", tmp_path / "x", by="command line", at=LATER)


def test_an_input_filled_in_later_stands_as_it_was_decided_on(log, now):
    domain = parse_domain("loans", TEXT.replace("[features.late]", "[features.late]\ncollect = true"))
    cases = loan_cases(4).assign(late=[None, 1, 2, 3])
    older = cases[["case_id"]].assign(manager="m1", final_action="lend", decided_at="2026-02-20")
    onboard.onboard(log, domain, cases=csv(cases), decisions=csv(older), by="lead", at=now)
    for day, late in enumerate((7, 8), 1):
        onboard.onboard(
            log, domain, cases=csv(loan_cases(4).assign(late=late)), by="lead", at=now + day * DAY
        )
    sql = events.query(domain, since=None, until=None, veil=None, involved=None, filled={"late"})
    found = log.frame(f"SELECT case_id, input_late FROM ({sql}) ORDER BY case_id")
    assert found["input_late"].fillna(-1).tolist() == [-1, 1, 2, 3]


def test_a_lead_gets_a_pack_beside_the_log_and_an_erasure_takes_it_away(lived):
    log, domain = lived
    made = record_packs.make(log, domain, "ai-act", by="ann lead", at=LATER, progress=silent)
    [path] = record_packs.packs(log, domain)
    assert path.name == made["file"] and "280 uses" in made["message"]
    with zipfile.ZipFile(path) as packed:
        assert "miller" not in packed.read(f"{path.stem}/events.jsonl").decode()
    erase.forget(log, ["loans"])
    assert record_packs.packs(log, domain) == []
