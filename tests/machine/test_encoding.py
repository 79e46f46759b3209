import json

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import Feature
from rhml.machine.encoding import Encoding

FEATURES = (
    Feature(name="amount", label="Amount", kind="number"),
    Feature(name="region", label="Region", kind="category"),
    Feature(name="since", label="Since", kind="date"),
    Feature(name="owner", label="Owner", kind="yes_no"),
    Feature(name="note", label="Note", kind="text", use=False),
    Feature(name="watched", label="Watched", kind="category", use=False),
)
CASES = pd.DataFrame(
    {
        "amount": [1.0, 2.0, 9.0],
        "region": ["south", "north", "south"],
        "since": pd.to_datetime(["1970-01-02", None, "1970-01-11"]),
        "owner": [1.0, 0.0, 1.0],
        "note": ["x", "y", "z"],
        "watched": ["a", "b", "c"],
    }
)


@pytest.fixture
def encoding():
    return Encoding.fit(CASES, FEATURES)


def test_unused_features_are_no_inputs(encoding):
    assert encoding.names == ("amount", "region", "since", "owner")


def test_matrix_holds_codes_days_and_nan(encoding):
    expected = [[1, 1, 1, 1], [2, 0, np.nan, 0], [9, 1, 10, 1]]
    np.testing.assert_array_equal(encoding.matrix(CASES), np.array(expected, dtype=np.float32))


def test_typical_values_are_a_persons_own(encoding):
    assert encoding.typical == {"amount": 2.0, "region": "south", "since": "1970-01-02", "owner": True}


@pytest.mark.parametrize("dtype", ["object", "str", "category"])
def test_every_kind_of_text_column_is_read_alike(encoding, dtype):
    other = CASES.assign(region=CASES["region"].astype(dtype))
    np.testing.assert_array_equal(encoding.matrix(other), encoding.matrix(CASES))


def test_unseen_category_is_missing_and_said(encoding):
    odd = CASES.iloc[:1].assign(region="moon")
    assert np.isnan(encoding.matrix(odd)[0, 1])
    assert encoding.notes(odd) == [
        ("Region: “moon” is not among the values the model learned from; it counts as missing.",)
    ]


def test_missing_value_is_said_only_where_it_was_always_known(encoding):
    odd = CASES.iloc[:1].assign(amount=np.nan, since=pd.NaT)
    assert encoding.notes(odd) == [("Amount is missing here, and was always known in the training cases.",)]


def test_value_out_of_range_is_said_with_the_range(encoding):
    odd = CASES.assign(amount=[0.5, 2.0, 12345.0])
    below, inside, above = encoding.notes(odd)
    assert below == ("Amount: 0.5 is below anything the model learned from (lowest 1).",)
    assert inside == ()
    assert above == ("Amount: 12,345 is above anything the model learned from (highest 9).",)


def test_column_the_frame_lacks_is_missing(encoding):
    assert np.isnan(encoding.matrix(CASES.drop(columns="region"))[:, 1]).all()


def test_number_beyond_float32_stays_finite(encoding):
    assert np.isfinite(encoding.matrix(CASES.assign(amount=1e300))[:, 0]).all()


def test_encoding_survives_json(encoding):
    assert Encoding.from_dict(json.loads(json.dumps(encoding.to_dict()))) == encoding
