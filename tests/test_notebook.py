"""A snapshot is whole and says what it is of; `rhml.frames` reads it, and says what to do where there is none."""

import json
import subprocess
import sys
from zipfile import ZipFile

import duckdb
import pandas as pd
import pytest

import rhml
from rhml.errors import LogLocked, NotPermitted, RhmlError
from rhml.loop import look
from rhml.loop.snapshot import snapshot, zipped
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.store.questions.question import VIEWS, dictionary
from tests.ui.log_of_loans import NOW, WITH_OUTCOMES, fill


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('taken') / 'log.duckdb'}", now=NOW)
    fill(store, WITH_OUTCOMES)
    store.write(lambda tx: organization.set_role(tx, "boss", "lead", at=NOW, by="rhml"))
    yield store, organization.domain(store, "loans")
    store.close()


def people(store):
    return {name for (name,) in store.read('SELECT DISTINCT manager FROM "loans".decisions')}


def test_a_snapshot_holds_every_view_with_its_meaning_and_nobodys_name(held, tmp_path):
    store, domain = held
    made = snapshot(store, domain, tmp_path / "taken", by="command line", at=NOW)
    views = rhml.frames(made.path)
    assert list(views) == list(VIEWS) and len(views["decided"]) == 360 == made.about["rows"]["decided"]
    assert not set(views.decided["manager"]) & people(store)
    pd.testing.assert_frame_equal(
        views.meaning.sort_values(["view", "column"], ignore_index=True)[["view", "column", "meaning"]],
        dictionary(store, domain).sort_values(["view", "column"], ignore_index=True)[
            ["view", "column", "meaning"]
        ],
    )
    for view in VIEWS:
        parquet = pd.read_parquet(made.path / f"{view}.parquet")
        assert list(parquet) == list(views[view]) and len(parquet) == made.about["rows"][view]
    assert views.about == json.loads((made.path / "metadata.json").read_text())
    assert "360 rows" in (made.path / "README.txt").read_text() and views.decided is views["decided"]


def test_names_are_asked_for_and_the_look_is_on_record(held, tmp_path):
    store, domain = held
    with pytest.raises(NotPermitted, match="Names are for leads"):
        store.write(lambda tx: organization.set_role(tx, "ana1", "analyst", at=NOW, by="boss"))
        snapshot(store, domain, tmp_path / "no", by="ana1", names=True, at=NOW)
    made = snapshot(store, domain, tmp_path / "yes", by="boss", names=True, at=NOW)
    named = set(rhml.frames(made.path).decided["manager"]) & people(store)
    looked = store.read("SELECT about FROM \"loans\".looks WHERE by_whom = 'boss' AND what = 'snapshot'")
    assert named and named == {about for (about,) in looked}


def test_a_manager_takes_the_own_decisions_along(held, tmp_path):
    store, domain = held
    [one, *_] = sorted(people(store))
    store.write(lambda tx: organization.set_role(tx, one, "manager", at=NOW, by="boss"))
    taken = rhml.frames(snapshot(store, domain, tmp_path / "own", by=one, at=NOW).path).decided
    assert set(taken["manager"]) == {one} and not taken["bank"].any()


def test_a_snapshot_is_whole_or_not_there(held, tmp_path, monkeypatch):
    store, domain = held

    def refused(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(look, "seen", refused)
    with pytest.raises(OSError, match="no space"):
        snapshot(store, domain, tmp_path / "half", by="command line", at=NOW)
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    snapshot(store, domain, tmp_path / "whole", by="command line", at=NOW)
    with pytest.raises(RhmlError, match="there already"):
        snapshot(store, domain, tmp_path / "whole", by="command line", at=NOW)
    with pytest.raises(RhmlError, match="no folder"):
        snapshot(store, domain, tmp_path / "nowhere" / "x", by="command line", at=NOW)


def test_one_file_holds_the_same(held, tmp_path):
    store, domain = held
    made = zipped(store, domain, tmp_path / "taken.zip", by="command line", at=NOW)
    with ZipFile(made.path) as packed:
        packed.extractall(tmp_path)
    assert len(rhml.frames(tmp_path / "taken").overrides) == made.about["rows"]["overrides"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "taken.zip"]


def test_where_there_is_no_snapshot_the_words_say_what_to_do(held, tmp_path):
    with pytest.raises(RhmlError, match="There is no snapshot at "):
        rhml.frames(tmp_path / "nowhere")
    with pytest.raises(RhmlError, match="holds no snapshot"):
        rhml.frames(tmp_path)
    with duckdb.connect(str(tmp_path / "other.duckdb")) as other:
        other.execute("CREATE TABLE t (x INTEGER)")
    with pytest.raises(RhmlError, match="is no snapshot"):
        rhml.frames(tmp_path / "other.duckdb")
    with pytest.raises(RhmlError, match="There is no log"):
        rhml.frames(f"duckdb:///{tmp_path / 'none.duckdb'}")


def test_the_log_itself_is_read_while_no_app_has_it_open(tmp_path):
    url = f"duckdb:///{tmp_path / 'log.duckdb'}"
    store = open_store(url, now=NOW)
    fill(store, WITH_OUTCOMES)
    names = people(store)
    store.close()
    views = rhml.frames(url)
    assert len(views.decided) == 360 and not set(views.decided["manager"]) & names
    with pytest.raises(AttributeError, match="Views: decided"):
        _ = views.decisions
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb; c = duckdb.connect({str(tmp_path / 'log.duckdb')!r}); print(); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with holder:
        holder.stdout.readline()
        with pytest.raises(LogLocked, match="rhml snapshot"):
            _ = rhml.frames(url)
        holder.kill()


def test_naming_the_product_loads_nothing():
    loaded = subprocess.run(
        [sys.executable, "-c", "import rhml, sys; print(*(m for m in ('pandas', 'duckdb', 'pydantic') if m in sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout.strip() == ""
