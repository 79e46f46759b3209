import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from rhml.machine import peers
from rhml.machine.peers import nearest


@pytest.mark.parametrize("cells", [peers.CELLS, 500])
def test_peers_are_those_of_an_exhaustive_search(monkeypatch, cells):
    monkeypatch.setattr(peers, "CELLS", cells)
    rng = np.random.default_rng(1)
    queries, pool = rng.normal(size=(300, 7)), rng.normal(size=(1500, 7)).astype(np.float32)
    indices, distances = nearest(queries, pool, 10)
    search = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(pool.astype(float))
    expected_distances, expected = search.kneighbors(queries)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(distances, expected_distances, rtol=1e-6)


def test_of_equally_near_cases_the_earlier_comes_first(monkeypatch):
    monkeypatch.setattr(peers, "CELLS", 4)
    indices, distances = nearest(np.zeros((1, 2)), np.ones((50, 2)), 3)
    assert indices.tolist() == [[0, 1, 2]]
    np.testing.assert_allclose(distances, np.sqrt(2))


def test_a_small_pool_gives_all_it_has():
    assert nearest(np.zeros((2, 1)), np.array([[2.0], [1.0]]), 5)[0].tolist() == [[1, 0], [1, 0]]
    assert nearest(np.zeros((2, 1)), np.zeros((0, 1)), 5)[0].shape == (2, 0)
