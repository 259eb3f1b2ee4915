"""When two sentences are the same words, or nearly: pure, no model."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

# Words that say nothing of the matter: two sentences that share only these share nothing.
_FUNCTION_WORDS = """
a an the this that these those i im ive id ill me my mine we us our you your u ur he she it its they them their
am is are was were be been being do does did dont doesnt didnt have has had having can cant cannot could couldnt
will wont would wouldnt shall should may might must not no nor and or but if so as than then there here when where
what which who whom whose why how of in on at to from by for with about into onto out up down off over under again
just only very too also please pls plz hi hello hey dear ok okay yes yeah all any some each both more most other
such own same get got go
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
_APOSTROPHES = re.compile("['\u2019\u2018\u00b4`]")
# With what is written onto it: AC-64071, 12.5, 3rd.
_NUMBER = re.compile(r"(?<![\w/.-])(?=[\w/.-]*\d)[\w/.-]+")
_NO_WORD = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """`text` without what typing habits change: case, punctuation, runs of blanks, accents written apart."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _NO_WORD.sub(" ", plain).strip()


def without_numbers(text: str) -> str:
    """`text` normalised, every number (an order's, a day, an amount) as `0`: another one makes no other sentence."""
    return normalised(_NUMBER.sub(" 0 ", unicodedata.normalize("NFKC", text)))


def words_of(text: str) -> frozenset[str]:
    """The different words of `text`, numbers all the same."""
    return frozenset(without_numbers(text).split())


def content_words(words: frozenset[str]) -> frozenset[str]:
    """Those of `words` that say what it is about."""
    return words - FUNCTION_WORDS - {"0"}


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of all their words that both have, 0 to 1; two empty sets have nothing in common."""
    return len(first & second) / len(first | second) if first or second else 0.0


class SimilarWords:
    """Finds, among many word sets, those with a Jaccard index of at least `least` to another, without trying all.

    Two such sets share a word among the rarest of each: of n words, the n - ceil(least * n) + 1 rarest.
    """

    def __init__(self, sets: Sequence[frozenset[str]], least: float) -> None:
        """Indexes `sets`; a place in it is what `to` yields."""
        self._sets = sets
        self._least = least
        self._count = Counter(word for words in sets for word in words)
        self._holding: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(sets):
            for word in self._rarest(words):
                self._holding[word].append(place)

    def to(self, words: frozenset[str]) -> Iterator[tuple[int, float]]:
        """The places of the sets that are similar to `words`, each with its index."""
        candidates = {place for word in self._rarest(words) for place in self._holding.get(word, ())}
        for place in sorted(candidates):
            index = jaccard(words, self._sets[place])
            if index >= self._least:
                yield place, index

    def _rarest(self, words: frozenset[str]) -> list[str]:
        ordered = sorted(words, key=lambda word: (self._count[word], word))
        # A product that ought to be whole may come out a hair above.
        needed = ceil(self._least * len(words) - 1e-9)
        return ordered[: len(words) - needed + 1]
