import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from rhml.machine.explaining import peers
from rhml.machine.explaining.explanation import explain
from rhml.machine.explaining.peers import Pool, nearest, view


@pytest.mark.parametrize("block", [peers.BLOCK, 100, 7])
@pytest.mark.parametrize("offset", [0.0, 30.0])
def test_peers_are_those_of_an_exhaustive_search(monkeypatch, block, offset):
    monkeypatch.setattr(peers, "BLOCK", block)
    rng = np.random.default_rng(1)
    queries, pool = (
        rng.normal(size=(300, 7)) + offset,
        (rng.normal(size=(1500, 7)) + offset).astype(np.float32),
    )
    indices, distances = nearest(queries, pool, 10)
    search = NearestNeighbors(n_neighbors=10, algorithm="brute", metric="sqeuclidean").fit(pool.astype(float))
    exact = ((queries[:, None] - pool[None].astype(float)) ** 2).sum(axis=2)
    expected = np.argsort(exact, axis=1, kind="stable")[:, :10]
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(distances**2, np.take_along_axis(exact, expected, axis=1), rtol=1e-9)
    if not offset:  # the library itself rounds where cases lie far from the origin
        np.testing.assert_array_equal(indices, search.kneighbors(queries)[1])


@pytest.mark.parametrize("block", [peers.BLOCK, 4])
def test_of_equally_near_cases_the_earlier_comes_first(monkeypatch, block):
    monkeypatch.setattr(peers, "BLOCK", block)
    indices, distances = nearest(np.zeros((1, 2)), np.ones((50, 2)), 3)
    assert indices.tolist() == [[0, 1, 2]]
    np.testing.assert_allclose(distances, np.sqrt(2))


def test_a_pool_laid_out_once_answers_like_a_fresh_one():
    rng = np.random.default_rng(2)
    queries, pool = rng.normal(size=(5, 3)), rng.normal(size=(40, 3)).astype(np.float32)
    once = Pool.of(pool)
    for row in range(5):
        np.testing.assert_array_equal(
            nearest(queries[[row]], once, 4)[0], nearest(queries, pool, 4)[0][[row]]
        )


def test_a_small_pool_gives_all_it_has():
    assert nearest(np.zeros((2, 1)), np.array([[2.0], [1.0]]), 5)[0].tolist() == [[1, 0], [1, 0]]
    assert nearest(np.zeros((2, 1)), np.zeros((0, 1)), 5)[0].shape == (2, 0)
    assert nearest(np.zeros((0, 1)), np.ones((3, 1)), 2)[0].shape == (0, 2)


def test_cases_on_both_sides_of_the_line_stay_near(model, cases):
    scored = explain(model, cases)
    gap = scored.probabilities[:, 0] - 0.5
    just_above = int(np.flatnonzero(gap > 0)[gap[gap > 0].argmin()])
    found = nearest(view(scored)[[just_above]], view(scored), 30)[0][0]
    assert {0, 1} <= set(scored.action_index[found].tolist())


def test_three_actions_are_seen_by_two(three):
    _, cases, model = three
    scored = explain(model, cases.iloc[:10])
    assert view(scored).shape == (10, 2 * len(model.features))
