"""Finds training examples that copy utterances from outside: word for word, nearly, or in all but the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nlu_evaluation.examples import Example
from nlu_evaluation.outside import Utterance
from nlu_evaluation.wording import SimilarWords, content_words, without_numbers, words_of

Kind = Literal["same words", "nearly the same words", "the same put differently"]
Encode = Callable[[list[str]], NDArray[np.float32]]

LEAST_JACCARD = 0.8
WORDS_FOR_JACCARD = 4
LEAST_COSINE = 0.95
# Fewer words than these cannot be put in many ways: "hello", "cancel order".
WORDS_OF_ONES_OWN = 3
ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Copy:
    """A training example and an utterance from outside that are too alike; `nearness` is 0 to 1."""

    example: Example
    utterance: Utterance
    kind: Kind
    nearness: float
    unavoidable: bool


def find_copies(examples: Sequence[Example], utterances: Sequence[Utterance], encode: Encode) -> list[Copy]:
    """Every pair that is too alike, in the order of the examples, each once under the plainest kind.

    `encode` gives sentences' embeddings, (sentences, dimensions), each of unit length.
    """
    ours = [words_of(example.text) for example in examples]
    theirs = [words_of(utterance.text) for utterance in utterances]
    found: dict[tuple[int, int], tuple[Kind, float]] = {}
    for pair in _same(examples, utterances):
        found[pair] = ("same words", 1.0)
    for pair, nearness in _nearly_same(ours, theirs):
        found.setdefault(pair, ("nearly the same words", nearness))
    for pair, nearness in _put_differently(examples, utterances, encode):
        if content_words(ours[pair[0]]) & content_words(theirs[pair[1]]):
            found.setdefault(pair, ("the same put differently", nearness))
    return [
        Copy(examples[one], utterances[other], *found[one, other], _is_unavoidable(ours[one], theirs[other]))
        for one, other in sorted(found)
    ]


def _is_unavoidable(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return min(len(ours - {"0"}), len(theirs - {"0"})) < WORDS_OF_ONES_OWN


def _same(examples: Sequence[Example], utterances: Sequence[Utterance]) -> list[tuple[int, int]]:
    said: dict[str, list[int]] = defaultdict(list)
    for other, utterance in enumerate(utterances):
        said[without_numbers(utterance.text)].append(other)
    said.pop("", None)
    return [(one, other) for one, e in enumerate(examples) for other in said.get(without_numbers(e.text), ())]


def _nearly_same(
    ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]
) -> list[tuple[tuple[int, int], float]]:
    similar = SimilarWords(ours, LEAST_JACCARD)
    return [
        ((one, other), nearness)
        for other, words in enumerate(theirs)
        if len(words) >= WORDS_FOR_JACCARD
        for one, nearness in similar.to(words)
        if len(ours[one]) >= WORDS_FOR_JACCARD
    ]


def _put_differently(
    examples: Sequence[Example], utterances: Sequence[Utterance], encode: Encode
) -> list[tuple[tuple[int, int], float]]:
    if not examples or not utterances:
        return []
    ours = encode([example.text for example in examples])
    theirs = encode([utterance.text for utterance in utterances])
    near: list[tuple[tuple[int, int], float]] = []
    for start in range(0, len(theirs), ROWS_AT_ONCE):
        cosines: NDArray[Any] = ours @ theirs[start : start + ROWS_AT_ONCE].T
        for one, other in np.argwhere(cosines >= LEAST_COSINE):
            near.append(((int(one), start + int(other)), float(cosines[one, other])))
    return near
