"""Keys of other systems: a lead's to give and to take, never in the log, valid for one thing until a day."""

from datetime import timedelta

import pytest

from rhml.errors import NotPermitted
from rhml.loop import keys, teams
from rhml.loop.keys import KeyRefused, KeyUnknown
from tests.loans import NOW


@pytest.fixture
def held(log, resolved_loans):
    teams.set_role(log, "lead", "lead", by="lead", at=NOW)
    for role in ("manager", "analyst", "trainee"):
        teams.set_role(log, role, role, by="lead", at=NOW)
    return log, resolved_loans, keys.make(log, resolved_loans, "Warehouse", days=30, by="lead", at=NOW)


def test_a_key_opens_until_it_expires_and_not_a_moment_longer(held):
    log, _, made = held
    assert keys.holder(log, made.key, at=NOW + timedelta(days=30, seconds=-1)).key_id == made.key_id
    with pytest.raises(KeyUnknown):
        keys.holder(log, made.key, at=NOW + timedelta(days=30))


def test_a_revoked_key_opens_nothing_and_stays_on_record(held):
    log, _, made = held
    keys.revoke(log, made.key_id, why="the  system is gone", by="lead", at=NOW)
    with pytest.raises(KeyUnknown):
        keys.holder(log, made.key, at=NOW)
    [kept] = keys.listed(log, "loans")
    assert (kept.state(NOW), kept.revoked_by, kept.why) == ("revoked", "lead", "the system is gone")


def test_unknown_expired_and_revoked_are_told_in_the_same_words(held):
    log, loans, made = held
    gone = keys.make(log, loans, "Gone", by="lead", at=NOW)
    keys.revoke(log, gone.key_id, why="x", by="lead", at=NOW)
    told = set()
    for presented, at in [(made.key, NOW + timedelta(days=99)), (gone.key, NOW), ("nonsense", NOW),
                          (made.key[:-1] + "!", NOW), (f"rhml_{made.key_id}_{'A' * 43}", NOW)]:  # fmt: skip
        with pytest.raises(KeyUnknown) as refused:
            keys.holder(log, presented, at=at)
        told.add(str(refused.value))
    assert len(told) == 1


@pytest.mark.parametrize("presented", ["", " ", "rhml_", "\x00", "ß" * 99, "rhml_" + "0" * 12 + "_" + "\ud800" * 43,
                                       "' OR 1=1 --", "x" * 100_000])  # fmt: skip
def test_what_is_no_key_is_refused_whatever_it_is(held, presented):
    log, _, _ = held
    with pytest.raises(KeyUnknown):
        keys.holder(log, presented, at=NOW)


def test_the_key_itself_is_nowhere_in_the_log(held, tmp_path):
    log, _, made = held
    log.close()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("log.duckdb*"))
    assert made.key_id.encode() in written
    assert made.key.rpartition("_")[2].encode() not in written and made.key.encode() not in written


def test_two_logs_hash_a_key_differently(held, tmp_path):
    from rhml.store.opening import open_store

    log, _, made = held
    other = open_store(f"duckdb:///{tmp_path / 'other.duckdb'}", now=NOW, secret="another")
    assert keys._hash(log, made.key) != keys._hash(other, made.key)
    other.close()


@pytest.mark.parametrize("who", ["manager", "analyst", "trainee", ""])
def test_only_a_lead_makes_and_revokes_keys(held, who):
    log, loans, made = held
    with pytest.raises(NotPermitted):
        keys.make(log, loans, "Mine", by=who, at=NOW)
    with pytest.raises(NotPermitted):
        keys.revoke(log, made.key_id, why="x", by=who, at=NOW)
    assert [k.key_id for k in keys.listed(log) if k.state(NOW) == "valid"] == [made.key_id]


@pytest.mark.parametrize(("name", "days"), [("", 90), ("a\nb", 90), ("x" * 121, 90), ("x", 0), ("x", 367)])
def test_a_key_without_a_plain_name_or_an_end_is_not_made(held, name, days):
    log, loans, _ = held
    with pytest.raises(KeyRefused):
        keys.make(log, loans, name, days=days, by="lead", at=NOW)


def test_a_key_is_revoked_once_and_with_a_reason(held):
    log, _, made = held
    with pytest.raises(KeyRefused, match="why"):
        keys.revoke(log, made.key_id, why="  ", by="lead", at=NOW)
    keys.revoke(log, made.key_id, why="x", by="lead", at=NOW)
    with pytest.raises(KeyRefused, match="already"):
        keys.revoke(log, made.key_id, why="x", by="lead", at=NOW)
    with pytest.raises(KeyRefused, match="no such key"):
        keys.revoke(log, "000000000000", why="x", by="lead", at=NOW)


def test_uses_and_refusals_are_counted(held):
    log, _, made = held
    key = keys.holder(log, made.key, at=NOW)
    for refused in (False, False, True):
        keys.used(log, key, refused=refused, at=NOW + timedelta(hours=1))
    [kept] = keys.listed(log)
    assert (kept.uses, kept.refused, kept.last_used_at) == (2, 1, NOW + timedelta(hours=1))


def test_a_domain_holds_a_bounded_number_of_valid_keys(held, monkeypatch):
    log, loans, _ = held
    monkeypatch.setattr(keys, "MOST_VALID", 2)
    keys.make(log, loans, "Second", by="lead", at=NOW)
    with pytest.raises(KeyRefused, match="Revoke one"):
        keys.make(log, loans, "Third", by="lead", at=NOW)
