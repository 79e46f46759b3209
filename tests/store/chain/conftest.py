"""A log that organizations have lived in, and a copy of its file for each test to tamper with."""

import shutil

import pytest

from tests.store.chain.tampering import lived_in


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    path = tmp_path_factory.mktemp("log") / "log.duckdb"
    lived_in(path)[0].close()
    return path


@pytest.fixture
def file(untouched, tmp_path):
    return shutil.copy(untouched, tmp_path / "log.duckdb")
