"""The products a message names, as the shop's catalogue calls them; generic words name none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.nlu.catalogue import WORD, Catalogue, normal
from bot.nlu.characters import Find

MOST_WORDS = 8
"""No more words of a message are taken for one product."""
WORDS_BETWEEN = 2
LONE_NAME = 5
LONE_NAME_WITH_A_SLIP = 8
SENTENCE_ENDS = re.compile(r"[.!?;:\n]")
COUNT = re.compile(r"(?<![\w.,/:#$€£+-])[1-9]\d?(?![\w%€$£°/-]|[.,:]\d)")
APART = re.compile(r"[,(\[]")


class Said(NamedTuple):
    """A word of a message: `word` is the catalogue's (none: it has no such word).

    It `opens` a sentence, stands `apart` after a comma or bracket, or `counts`: digits that are no part of an amount,
    a fraction or what was found otherwise.
    """

    typed: str
    word: str | None
    start: int
    end: int
    opens: bool
    apart: bool
    counts: bool

    @property
    def has_slip(self) -> bool:
        """Whether it is the catalogue's word but for one letter."""
        return self.word is not None and normal(self.typed) != self.word


def read_words(text: str, catalogue: Catalogue, taken: Sequence[tuple[int, int]] = ()) -> list[Said]:
    """The words of `text`; what lies in a stretch that is `taken` is no word of the catalogue."""
    said: list[Said] = []
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        is_number = between in (".", ",") and match[0].isdecimal() and said and said[-1].typed.isdecimal()
        opens = not said or (bool(SENTENCE_ENDS.search(between)) and not is_number)
        is_free = not any(match.start() < last and first < match.end() for first, last in taken)
        word = catalogue.word(normal(match[0])) if is_free else None
        apart = not is_number and bool(APART.search(between))
        counts = is_free and (not match[0].isdecimal() or COUNT.match(text, match.start()) is not None)
        said.append(Said(match[0], word, *match.span(), opens, apart, counts))
        end = match.end()
    return said


class ProductFinder:
    """Finds the products of one catalogue.

    A product is named by words that only its title holds: its own name, or without that all the other words before
    the first comma. A name alone has to look like one: with a capital, after "my" or "the", or all of the message.
    """

    def __init__(self, catalogue: Catalogue, linking: frozenset[str], determiners: frozenset[str]) -> None:
        """`linking` words may stand within a name ("the pen called Heron")."""
        self.catalogue = catalogue
        self._linking, self._determiners = linking, determiners

    def find(self, said: Sequence[Said]) -> list[Find]:
        """What the words name, in their order, no two overlapping; the value is the catalogue's title."""
        finds = []
        for run in self._runs(said):
            first = 0
            while first < len(run):
                named = self._longest(said, run[first : first + MOST_WORDS])
                if named is None:
                    first += 1
                    continue
                title, words = named
                start, end = said[run[first]].start, said[run[first + words - 1]].end
                finds.append(Find("product", self.catalogue.titles[title].text, start, end))
                first += words
        return finds

    def _runs(self, said: Sequence[Said]) -> Iterator[list[int]]:
        """Stretches of the catalogue's words that stand together."""
        run: list[int] = []
        for place, each in enumerate(said):
            skipped = said[run[-1] + 1 : place] if run else []
            if run and (
                each.opens
                or len(skipped) > WORDS_BETWEEN
                or not all(word.typed.lower() in self._linking for word in skipped)
            ):
                yield run
                run = []
            if each.word is not None:
                run.append(place)
        if run:
            yield run

    def _longest(self, said: Sequence[Said], run: list[int]) -> tuple[int, int] | None:
        """The title that the most of the first words name, and how many words that are."""
        holding: list[set[int]] = []
        for place in run:
            titles = self.catalogue.titles_with(str(said[place].word))
            titles = titles if not holding else holding[-1] & titles
            if not titles:
                break
            holding.append(titles)
        for words in range(len(holding), 0, -1):
            title = self._only(holding[words - 1], {str(said[place].word) for place in run[:words]})
            if title is not None and self._names(said, run[:words], title):
                return title, words
        return None

    def _only(self, titles: set[int], words: set[str]) -> int | None:
        """The title meant: the only one, or the only one of which nothing was left out."""
        if len(titles) == 1:
            return next(iter(titles))
        return self.catalogue.whole.get(frozenset(words))

    def _names(self, said: Sequence[Said], run: list[int], number: int) -> bool:
        title, catalogue = self.catalogue.titles[number], self.catalogue
        for before, after in pairwise(run):
            if any(each.apart for each in said[before + 1 : after + 1]) and not _follow(
                title.words, str(said[before].word), str(said[after].word)
            ):
                return False
        strong = {str(said[place].word): place for place in run if not catalogue.is_weak(str(said[place].word))}
        if not strong.keys() & title.head:
            return False
        names = [word for word in strong if catalogue.is_name(word)]
        if not names:
            needed = {word for word in title.thing if not catalogue.is_name(word) and not catalogue.is_weak(word)}
            has_slip = all(said[place].has_slip for place in strong.values())
            return len(strong) > 1 and needed <= strong.keys() and not has_slip
        if len(strong) > 1:
            return not all(said[place].has_slip and len(word) < LONE_NAME_WITH_A_SLIP for word, place in strong.items())
        is_a_kind = title.has_names and names[0] in title.thing
        return names[0] in title.head and not is_a_kind and self._stands_alone(said, strong[names[0]], run[0])

    def _stands_alone(self, said: Sequence[Said], place: int, first: int) -> bool:
        """Whether one word may be meant as a name."""
        name = said[place]
        if len(name.typed) < (LONE_NAME_WITH_A_SLIP if name.has_slip else LONE_NAME):
            return False
        has_capital = name.typed[0].isupper() and not name.opens and not name.typed.isupper()
        before = said[first - 1].typed.lower() if first and not said[first].opens else ""
        return has_capital or before in self._determiners or len(said) <= WORDS_BETWEEN


def _follow(words: tuple[str, ...], first: str, second: str) -> bool:
    return any(pair == (first, second) for pair in pairwise(words))
