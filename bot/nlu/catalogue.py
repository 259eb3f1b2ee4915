"""A shop's product names, looked up by their words: in whichever order, in the singular or plural, with a slip."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
# What follows the first of these in a title only narrows it down: "Fountain pen Heron, fine nib".
HEAD_ENDS = re.compile(r"\s*(?:[,;:|(\[]|\s[-\u2013\u2014/]\s)")
SLIP_FROM = 6
"""Words of so many letters and more may have one slip in them."""


@dataclass(frozen=True)
class Title:
    """A catalogue title and its words; `head` are those before the first comma or bracket.

    `thing` says what it is, not what it goes with: the head's words up to a "for" or "with", and where only names
    have capitals ("Desk lamp Lumen"), without the names. `has_names`: they could be told so.
    """

    text: str
    words: tuple[str, ...]
    head: frozenset[str]
    thing: tuple[str, ...]
    has_names: bool

    @classmethod
    def of(cls, text: str, stop: frozenset[str]) -> Title:
        """Reads a title without the `stop` words."""
        ends = HEAD_ENDS.search(text)
        head = WORD.findall(text[: ends.start()] if ends and ends.start() else text)
        first = [*dropwhile(lambda word: normal(word) in stop, head)]
        thing = [*takewhile(lambda word: normal(word) not in stop, first)]
        small = [word for word in thing[1:] if word[0].islower() and len(word) > 2]
        if small:
            thing = [thing[0], *small]
        return cls(
            text,
            tuple(word for word in map(normal, WORD.findall(text)) if word not in stop),
            frozenset(map(normal, head)) - stop,
            tuple(map(normal, thing)),
            bool(small),
        )


class Catalogue:
    """Titles by their words; built once, then read-only. `whole` finds a title by all of its words.

    `weak` words (colours, sizes, "set") and what holds no letters never name a product, `stop` words are not looked
    at, `ordinary` ones are said of other things, too.
    """

    def __init__(
        self, titles: Iterable[str], weak: frozenset[str], stop: frozenset[str], ordinary: frozenset[str]
    ) -> None:
        """Indexes the titles, each once."""
        self._weak = weak
        self.ordinary = ordinary
        self.titles = [Title.of(title, stop) for title in dict.fromkeys(titles)]
        self._titles_of: dict[str, set[int]] = {}
        for number, title in enumerate(self.titles):
            for word in title.words:
                self._titles_of.setdefault(word, set()).add(number)
        by_words = Counter(frozenset(title.words) for title in self.titles)
        self.whole = {
            words: number for number, title in enumerate(self.titles) if by_words[words := frozenset(title.words)] == 1
        }
        # By each word with a letter left out: two words one slip apart have one of these in common.
        self._near: dict[str, list[str]] = {}
        for word in self._titles_of:
            for variant in _variants(word):
                self._near.setdefault(variant, []).append(word)
        self.nouns = frozenset(noun for title in self.titles for noun in self._nouns(title))

    def __bool__(self) -> bool:
        return bool(self.titles)

    def word(self, typed: str) -> str | None:
        """The catalogue's word that `typed` (normalised) is, or the only one it can be with one slip."""
        if typed in self._titles_of:
            return typed
        if typed in self.ordinary:
            return None
        meant = self.almost(typed)
        return meant.pop() if len(meant) == 1 else None

    def almost(self, typed: str) -> set[str]:
        """The catalogue's words that `typed` is but for one letter left out, put in, changed or swapped."""
        if not self._near:
            return set()
        return {word for variant in _variants(typed) for word in self._near.get(variant, ()) if _one_slip(typed, word)}

    def titles_with(self, word: str) -> set[int]:
        """The numbers of the titles that hold a word of the catalogue."""
        return self._titles_of[word]

    def is_weak(self, word: str) -> bool:
        """Whether a word says nothing of which product is meant."""
        return word in self._weak or not any(map(str.isalpha, word)) or len(word) < 3

    def is_name(self, word: str) -> bool:
        """Whether a word is the product's own, not one that is said of other things, too."""
        return word not in self.ordinary and not self.is_weak(word)

    def _nouns(self, title: Title) -> Iterator[str]:
        """What its pieces are called: "lamp" of "Desk lamp Lumen"."""
        thing = [word for word in title.thing if not self.is_weak(word)]
        if title.has_names:
            yield from thing[-1:]
            return
        ordinary = [word for word in thing if word in self.ordinary]
        # "Heron Fountain Pen" or "Ink Harbour Blue": either end may say it.
        yield from {*ordinary[:1], *ordinary[-1:]} or thing


@lru_cache(maxsize=20_000)
def normal(word: str) -> str:
    """A word as it is compared: small letters without accents, in the singular."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    folded = folded.removesuffix("'s").removesuffix("\u2019s")
    if len(folded) < 4 or not folded.endswith("s") or folded.endswith(("ss", "us", "is")):
        return folded
    if folded.endswith("ies") and len(folded) > 4:
        return folded[:-3] + "y"
    if folded.endswith(("ches", "shes", "xes", "sses", "zes")):
        return folded[:-2]
    return folded[:-1]


def _variants(word: str) -> list[str]:
    if len(word) < SLIP_FROM or not word.isalpha():
        return []
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def _one_slip(first: str, second: str) -> bool:
    """Whether one letter left out, put in or changed, or two neighbours swapped, make one of the other."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    swapped = len(rest) > 1 and rest[1::-1] + rest[2:] == other
    return rest[1:] == other or rest == other[1:] or rest[1:] == other[1:] or swapped
