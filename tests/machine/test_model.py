import hashlib

import numpy as np
import pytest

from rhml.machine.learning.fitting import train
from rhml.machine.model import DIGEST, MAGIC, Model, ModelUnreadable


def test_bytes_come_back_as_the_same_model(model, cases):
    again = Model.from_bytes(model.to_bytes())
    assert again.to_bytes() == model.to_bytes()
    assert again.version == model.version
    np.testing.assert_array_equal(again.probabilities(cases), model.probabilities(cases))


def test_same_seed_gives_the_same_version_and_another_seed_another(model, cases, domain, hot):
    assert train(cases, hot(cases), domain=domain, seed=1).version == model.version
    assert train(cases, hot(cases), domain=domain, seed=2).version != model.version


def test_any_changed_byte_is_refused(model):
    stored = model.to_bytes()
    for at in (0, len(MAGIC) + 3, len(MAGIC) + DIGEST + 20, len(stored) // 2, len(stored) - 1):
        broken = bytearray(stored)
        broken[at] ^= 1
        with pytest.raises(ModelUnreadable, match="cannot be read"):
            Model.from_bytes(bytes(broken))


@pytest.mark.parametrize("kept", [0, 5, 60, 4000])
def test_cut_bytes_are_refused(model, kept):
    with pytest.raises(ModelUnreadable):
        Model.from_bytes(model.to_bytes()[:kept])


def test_signed_nonsense_is_refused_too(model):
    for body in (b"", b"\x00" * 8, b"\xff" * 40, model.to_bytes()[len(MAGIC) + DIGEST : -7]):
        with pytest.raises(ModelUnreadable):
            Model.from_bytes(MAGIC + hashlib.sha256(body).digest() + body)


def test_no_cases_get_no_probabilities(model, cases):
    assert model.probabilities(cases.iloc[:0]).shape == (0, 2)
