"""The kernel machine: it learns what the formula says, and leaving an example out is training without it."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu import kernel_machine
from bot.nlu.kernel_machine import Axes, Fit, Kernel, UnsolvableError, fit

KERNEL = Kernel(words=1.0, meaning=2.0, sharpness=1.5)
RIDGE = 0.25
INTENTS = np.arange(30) % 3


def made(seed: int = 0) -> tuple[csr_matrix, NDArray[np.float32]]:
    """30 examples of three intents: five n-grams and vectors of four numbers, both telling something."""
    random = np.random.default_rng(seed)
    ngrams = random.integers(0, 2, (30, 5)) + np.eye(3, 5)[INTENTS]
    vectors = random.normal(size=(30, 4)) + 2 * np.eye(3, 4)[INTENTS]
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return csr_matrix(ngrams.astype(np.float32) / 4), unit.astype(np.float32)


def fitted(ridge: float = RIDGE) -> Fit:
    return fit(KERNEL, *made(), INTENTS, 3, ridge)


def scores(learnt: Fit, ngrams: csr_matrix, vectors: NDArray[np.float32], examples: NDArray[np.float32]) -> NDArray:  # type: ignore[type-arg]
    solution = learnt.solution
    return np.asarray(ngrams @ solution.word_weights + KERNEL.of_meaning(vectors, examples) @ solution.example_weights)


def test_the_solution_is_that_of_the_equations() -> None:
    ngrams, vectors = made()
    alike = (ngrams @ ngrams.T).toarray() + 2 * np.exp(1.5 * (vectors @ vectors.T - 1))
    wanted = np.eye(3)[INTENTS] - 1 / 3
    weights = np.linalg.solve(alike + RIDGE * np.eye(30), wanted)
    learnt = fitted()
    assert np.allclose(learnt.solution.example_weights, weights, atol=1e-4)
    assert np.allclose(scores(learnt, ngrams, vectors, vectors), alike @ weights, atol=1e-4)


def test_an_example_left_out_is_heard_as_by_a_training_without_it() -> None:
    ngrams, vectors = made()
    learnt = fitted()
    for left_out in range(30):
        others = np.arange(30) != left_out
        without = fit(KERNEL, ngrams[others], vectors[others], INTENTS[others], 3, RIDGE)
        heard = scores(without, ngrams[[left_out]], vectors[[left_out]], vectors[others]).argmax()
        assert heard == learnt.left_out[left_out]


def test_many_examples_are_solved_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted()
    monkeypatch.setattr(kernel_machine, "ROWS_AT_ONCE", 7)
    assert np.allclose(fitted().solution.example_weights, whole.solution.example_weights, atol=1e-5)


def test_chances_are_surer_the_more_the_examples_agree() -> None:
    ngrams, vectors = made()
    clear = fitted().solution.stretch
    muddled = fit(KERNEL, ngrams, vectors, np.random.default_rng(3).permutation(INTENTS), 3, RIDGE).solution.stretch
    assert clear > 2 * muddled


def test_a_few_easy_examples_do_not_make_certain() -> None:
    vectors = np.eye(3, dtype=np.float32)[INTENTS]
    few = fit(KERNEL, csr_matrix(vectors), vectors, INTENTS, 3, RIDGE).solution
    many = fit(KERNEL, csr_matrix(np.tile(vectors, (20, 1))), np.tile(vectors, (20, 1)), np.tile(INTENTS, 20), 3, RIDGE)
    assert few.stretch < many.solution.stretch
    assert few.chances(np.array([0.6, -0.3, -0.3], dtype=np.float32)).max() < 0.99


def test_an_example_without_a_vector_is_learnt_by_its_words() -> None:
    ngrams, vectors = made()
    vectors[4] = 0
    learnt = fit(KERNEL, ngrams, vectors, INTENTS, 3, RIDGE)
    assert not learnt.solution.example_weights[4].any()
    assert np.isfinite(learnt.solution.word_weights).all()


def test_a_ridge_that_is_too_small_is_named() -> None:
    with pytest.raises(UnsolvableError, match=r"a ridge of -1\.0 is too small for these 30 examples"):
        fitted(ridge=-1.0)


def test_axes_keep_what_differs_and_give_unit_length() -> None:
    random = np.random.default_rng(1)
    vectors = np.zeros((50, 6), dtype=np.float32)
    vectors[:, :2] = random.normal(size=(50, 2)) + 7
    axes = Axes.of(vectors, 2)
    along = axes.of_unit_length(vectors)
    assert along.shape == (50, 2)
    assert np.allclose(np.linalg.norm(along, axis=1), 1, atol=1e-5)
    assert np.allclose(axes.one_of_unit_length(vectors[3]), along[3], atol=1e-5)
    assert not axes.of_unit_length(np.zeros((1, 6), dtype=np.float32)).any()
