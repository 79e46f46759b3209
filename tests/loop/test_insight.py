from datetime import timedelta

import numpy as np
import pytest

from rhml.errors import NoChampion, PromotionRefused
from rhml.loop.insight import CHANGES, VIEW, before, in_words, insight
from rhml.loop.promote import promote
from rhml.machine.learning.fitting import train
from rhml.store import frames, registry, studies
from tests.loans import NOW


def quiet(share, words):
    """Progress that nobody watches."""


def explained(log, domain, version=None, **named):
    return insight(log, domain, version, by="analyst", at=NOW, progress=quiet, **named)


def learned(domain, cases):
    """A model of these cases' outcomes."""
    right = np.column_stack([cases["right_action"] == key for key in domain.action_keys])
    return train(cases, right.astype(float), domain=domain, seed=1)


def register(log, domain, name, model, *, at):
    """Put a model on record as a version."""
    entry = registry.Version(
        name, model.version, model.features, {}, "first", "", {}, 1, NOW + timedelta(hours=at), "lead"
    )
    log.write(lambda tx: registry.add(tx, domain.name, entry, model.to_bytes()))


@pytest.fixture(scope="module")
def models():
    """Two models of the same cases, the first of fewer outcomes; trained once for all tests here."""
    return {}


@pytest.fixture
def two(log, resolved_loans, models):
    """Two versions, the first of them live."""
    cases = frames.cases(log, resolved_loans)
    if not models:
        models |= {"v1": learned(resolved_loans, cases.iloc[:120]), "v2": learned(resolved_loans, cases)}
    register(log, resolved_loans, "v1", models["v1"], at=0)
    promote(log, resolved_loans, "v1", by="lead", why="The first.", at=NOW + timedelta(hours=1))
    register(log, resolved_loans, "v2", models["v2"], at=2)
    return resolved_loans


def test_the_findings_are_on_record_as_they_were_given(log, two):
    found = explained(log, two, "v2")
    assert (found.version, found.against) == ("v2", "v1")
    kept = studies.newest(log, "loans", VIEW, "v2")
    assert kept.content["n"] == found.view["n"] > 200 and kept.made_by == "analyst"
    assert studies.newest(log, "loans", CHANGES, "v2").content["against"] == "v1"
    assert found.changes["waiting"] == 60


def test_the_bank_is_not_explained(log, two):
    [(bank,)] = log.read("SELECT count(*) FROM loans.cases WHERE bank")
    assert explained(log, two, "v2").view["n"] == 300 - bank


def test_the_live_version_is_explained_where_none_is_named(log, two):
    found = explained(log, two)
    assert (found.version, found.against, found.changes) == ("v1", None, None)
    assert "v1, explained on" in in_words(found, two)


def test_a_version_is_compared_with_the_champion_at_its_training_or_with_one_named(log, two):
    assert before(log, two, "v2") == "v1" and before(log, two, "v1") is None
    assert explained(log, two, "v1", against="v2").against == "v2"


def test_what_changed_is_told_in_words(log, two):
    said = in_words(explained(log, two, "v2"), two)
    assert "Against v1: another recommendation in" in said and "of the 60 that wait" in said


def test_unknown_versions_and_none_at_all_are_refused(log, two, loans):
    with pytest.raises(PromotionRefused, match="v9"):
        explained(log, two, "v9")
    with pytest.raises(PromotionRefused, match="v8"):
        explained(log, two, "v2", against="v8")


def test_without_a_model_there_is_nothing_to_explain(log, resolved_loans):
    with pytest.raises(NoChampion, match="Retrain"):
        explained(log, resolved_loans)
    assert registry.versions(log, "loans") == []
