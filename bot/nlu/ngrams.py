"""Word and character n-grams of a sentence, and the vocabulary of those that training met."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

WORD = re.compile(r"\w+")
CHARACTERS = (3, 4)
# Longer words are not typed; of what is pasted the beginning does.
LONGEST_WORD = 40


def word_ngrams(text: str) -> set[str]:
    """Its words in lower case, and its pairs of neighbours: `where`, `where is`."""
    words = WORD.findall(text.lower())
    return {*words, *(f"{first} {second}" for first, second in pairwise(words))}


def character_ngrams(text: str) -> set[str]:
    """Three and four characters in a row within a word, a blank standing for its edge: ` whe`, `her`."""
    return {gram for word in set(text.lower().split()) for gram in _within(f" {word[:LONGEST_WORD]} ")}


def _within(word: str) -> Iterator[str]:
    for length in CHARACTERS:
        for start in range(max(1, len(word) - length + 1)):
            yield word[start : start + length]


KINDS = (word_ngrams, character_ngrams)


class Vocabulary:
    """The n-grams training met, numbered: words first, then characters.

    A sentence's features are 1 for each n-gram it has, however often, each kind scaled so that both weigh the
    same and two sentences' product is the mean of their cosines.
    """

    def __init__(self, ngrams: list[list[str]]) -> None:
        """The n-grams of each kind of KINDS."""
        self.ngrams = ngrams
        self._numbers: list[dict[str, int]] = []
        for kind in ngrams:
            first = len(self)
            self._numbers.append({gram: first + place for place, gram in enumerate(kind)})

    @classmethod
    def of(cls, texts: Iterable[str], at_least: int) -> Vocabulary:
        """What `at_least` so many of `texts` hold."""
        sentences = list(texts)
        held = (Counter(gram for text in sentences for gram in kind(text)) for kind in KINDS)
        return cls([sorted(gram for gram, count in counter.items() if count >= at_least) for counter in held])

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self._numbers))

    def features(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The numbers of the n-grams of `text` and their values, both empty when it has none that is known."""
        places: list[int] = []
        values: list[float] = []
        for kind, numbers in zip(KINDS, self._numbers, strict=True):
            found = [numbers[gram] for gram in kind(text) if gram in numbers]
            if found:
                places += found
                values += [(len(found) * len(KINDS)) ** -0.5] * len(found)
        return np.array(places, dtype=np.int32), np.array(values, dtype=np.float32)

    def matrix(self, texts: list[str]) -> csr_matrix:
        """The features of `texts`, one row each."""
        rows = [self.features(text) for text in texts]
        ends = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows]) if rows else np.empty(0, dtype=np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.empty(0, dtype=np.float32)
        return csr_matrix((values, places, ends), shape=(len(rows), len(self)))
