"""The feed and its keys on the command line."""

import json

from tests.cds_hooks import check
from tests.test_command_line import ONBOARD
from tests.test_command_line import files as files
from tests.test_command_line import run as run


def test_a_feed_goes_to_the_terminal_or_to_a_file_and_says_where_to_go_on(run, files):
    run(*ONBOARD)
    code, out, _ = run("feed", "loans")
    check(json.loads(out))
    assert code == 0
    code, out, _ = run("feed", "loans", "--out", "feed.jsonl", "--json")
    assert code == 0 and json.loads(out) == {"out": "feed.jsonl", "next": json.loads(out)["next"]}
    code, _, err = run("feed", "loans", "--after", "99999999")
    assert code == 1 and "ends at" in err
    assert run("feed", "loans", "--out", "feed.csv")[0] == 1


def test_a_key_is_made_listed_and_revoked(run, files):
    run(*ONBOARD)
    code, out, _ = run("key", "make", "loans", "--name", "Warehouse", "--json")
    made = json.loads(out)
    assert code == 0 and made["key"].startswith(f"rhml_{made['key_id']}_")
    code, out, _ = run("key", "list", "--json")
    [held] = json.loads(out)["keys"]
    assert (held["state"], held["made_by"]) == ("valid", "command line") and "hash" not in held
    assert made["key"] not in out
    assert run("key", "revoke", made["key_id"])[0] == 1
    assert run("key", "revoke", made["key_id"], "--why", "replaced")[0] == 0
    assert "revoked" in run("key", "list", "loans")[1]
    assert run("key", "make")[0] == 2
