"""Regularised least squares on the one-hot intents, with a kernel of n-grams and sentence vectors.

Two sentences are alike by  words * mean of the n-gram cosines + meaning * exp(sharpness * (cosine - 1)),
the cosine being that of their standardised vectors. The first term is linear and kept as one weight for each
n-gram; the second is kept as the examples' vectors. The solution is a single Cholesky factorisation: no
iterations, no random start. Its inverse gives, for nothing, what every example would have been heard as
without itself, and by these answers the confidence is made honest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax

Floats: TypeAlias = NDArray[np.float32]
ROWS_AT_ONCE = 1024
# How far a sentence's scores may be stretched to become chances.
STRETCHES = (1.0, 60.0)


class UnsolvableError(Exception):
    """The least squares have no stable solution; the message says what would help."""


@dataclass(frozen=True)
class Kernel:
    """What makes two sentences alike; see the module's docstring."""

    words: float
    meaning: float
    sharpness: float

    def of_meaning(self, left: Floats, right: Floats) -> Floats:
        """The second term for vectors of unit length, (left, right)."""
        return self.of_cosines(left @ right.T)

    def of_cosines(self, cosines: Floats) -> Floats:
        """The second term for such `cosines`, which it overwrites."""
        cosines -= 1
        cosines *= np.float32(self.sharpness)
        np.exp(cosines, out=cosines)
        cosines *= np.float32(self.meaning)
        return cosines


@dataclass(frozen=True)
class Axes:
    """Takes vectors to the `axes` (kept, width) along which the examples differ most, after standardising."""

    centre: Floats
    scale: Floats
    axes: Floats

    @classmethod
    def of(cls, vectors: Floats, kept: int) -> Axes:
        """Learns from `vectors`, (examples, width)."""
        centre, spread = vectors.mean(axis=0), vectors.std(axis=0)
        scale = np.where(spread > 0, 1 / np.maximum(spread, 1e-9), 0).astype(np.float32)
        standard = _unit((vectors - centre) * scale)
        _, axes = np.linalg.eigh(standard.T @ standard)
        return cls(centre, scale, np.ascontiguousarray(axes.T[::-1][:kept], dtype=np.float32))

    def of_unit_length(self, vectors: Floats) -> Floats:
        """`vectors` along the axes, (rows, kept), of unit length; zeros stay zeros."""
        along = _unit(((vectors - self.centre) * self.scale) @ self.axes.T)
        along[~vectors.any(axis=1)] = 0
        return along

    def one_of_unit_length(self, vector: Floats) -> Floats:
        """The same for one vector, (kept,), on one core."""
        along = product_on_one_core(self.axes, (vector - self.centre) * self.scale)
        return along / max(np.float32(1e-9), np.linalg.norm(along))


@dataclass(frozen=True)
class Solution:
    """What was learnt: `word_weights` (n-grams, intents), `example_weights` (examples, intents), `stretch`."""

    word_weights: Floats
    example_weights: Floats
    stretch: float

    def chances(self, scores: Floats) -> Floats:
        """The chances (intents,) that go with a sentence's scores (intents,)."""
        odds = np.exp(np.float32(self.stretch) * (scores - scores.max()))
        return np.asarray(odds / odds.sum(), dtype=np.float32)


@dataclass(frozen=True)
class Fit:
    """A solution, and what each example is heard as by what was learnt from all the others."""

    solution: Solution
    left_out: NDArray[np.intp]


def fit(
    kernel: Kernel, ngrams: csr_matrix, vectors: Floats, intents: NDArray[np.intp], count: int, ridge: float
) -> Fit:
    """Learns from examples with the features `ngrams` and `vectors` and the numbers of their intents.

    It takes 4 bytes for each pair of examples, and time with the cube of their number.

    Raises:
        UnsolvableError: `ridge` is too small for these examples.
    """
    wanted = np.full((len(intents), count), -1 / count, dtype=np.float32)
    wanted[np.arange(len(intents)), intents] += 1
    alike = np.empty((len(intents), len(intents)), dtype=np.float32)
    untold = ~vectors.any(axis=1)
    for rows in _slices(len(intents)):
        # What is above the diagonal is all that is read.
        further = slice(rows.start, None)
        meaning = kernel.of_meaning(vectors[rows], vectors[further])
        meaning[untold[rows]] = 0
        meaning[:, untold[further]] = 0
        meaning += (ngrams[rows] @ ngrams[further].T).toarray() * np.float32(kernel.words)
        alike[rows, further] = meaning
    alike[np.diag_indices_from(alike)] += np.float32(ridge)
    # LAPACK reads columns where numpy has rows, so this is its lower half; and nothing is copied.
    factor, failed = lapack.spotrf(alike.T, lower=1, clean=0, overwrite_a=1)
    if failed:
        raise UnsolvableError(f"a ridge of {ridge} is too small for these {len(intents)} examples; try a larger one")
    weights, _ = lapack.spotrs(factor, wanted, lower=1)
    inverse, _ = lapack.strtri(factor, lower=1, overwrite_c=1)
    own = np.array([np.square(inverse[row:, row]).sum() for row in range(len(intents))], dtype=np.float32)
    left_out = wanted - weights / own[:, np.newaxis]
    word_weights = np.float32(kernel.words) * (ngrams.T @ weights)
    stretch = _honest_stretch(left_out, intents)
    example_weights = np.where(untold[:, np.newaxis], np.float32(0), np.ascontiguousarray(weights))
    solution = Solution(np.ascontiguousarray(word_weights, dtype=np.float32), example_weights, stretch)
    return Fit(solution, left_out.argmax(axis=1))


def product_on_one_core(matrix: Floats, vector: Floats) -> Floats:
    """`matrix` @ `vector`. BLAS would wake every core for a millisecond's work, and messages side by side wait.

    Nor is it faster on one: the encoder has swept the caches, and what takes the time is reading the matrix.
    """
    return np.asarray(np.einsum("ij,j->i", matrix, vector), dtype=np.float32)


def _honest_stretch(scores: Floats, intents: NDArray[np.intp]) -> float:
    """The stretch under which the chances of `scores` fit best how often they are right.

    One answer in as many as there are is taken to be wrong, so that a few easy examples do not make certain.
    """
    doubt = 1 / (len(intents) + 2)

    def surprise(stretch: float) -> float:
        logs = log_softmax(stretch * scores, axis=1)
        right = logs[np.arange(len(intents)), intents]
        return -float(((1 - doubt) * right + doubt * logs.mean(axis=1)).mean())

    return float(minimize_scalar(surprise, bounds=STRETCHES, method="bounded").x)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _slices(length: int) -> Iterator[slice]:
    return (slice(start, start + ROWS_AT_ONCE) for start in range(0, length, ROWS_AT_ONCE))
