"""How many pieces a message is about: "two of the three mugs", "return 2 lamps". Not how many were ordered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from bot.nlu.catalogue import normal
from bot.nlu.characters import Find
from bot.nlu.products import Said

NUMBERS: Mapping[str, int] = {"both": 2} | {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
CONNECTIVES = frozenset(("and", "but", "because", "so"))
WORDS_BEFORE = 4
WORDS_AFTER = 4
WORDS_TO_THE_NOUN = 2


@dataclass(frozen=True)
class QuantityWords:
    """The words of the patterns' `quantities`; what each list is for stands there."""

    pieces: frozenset[str]
    them: frozenset[str]
    giving_back: frozenset[str]
    never_before: frozenset[str]
    never_after: frozenset[str]
    well: frozenset[str]
    received: frozenset[str]
    going_on: frozenset[str]
    not_pieces: frozenset[str]

    @classmethod
    def of(cls, patterns: Mapping[str, Mapping[str, Sequence[str]]]) -> QuantityWords:
        """Reads them from the loaded patterns; KeyError names a list that is not there."""
        return cls(**{field.name: frozenset(patterns["quantities"][field.name]) for field in fields(cls)})


class QuantityFinder:
    """Finds the number of pieces; what is only ordered, kept, or works is not meant."""

    def __init__(self, words: QuantityWords) -> None:
        self._words = words

    def find(self, said: Sequence[Said], is_noun: Callable[[str], bool], is_told: Callable[[int], bool]) -> list[Find]:
        """The quantities among the words `said`, each as digits.

        `is_noun` knows what the shop's pieces are called (singular), `is_told` whether a reason is told in the
        sentence from a place of the message on.
        """
        finds = []
        read_to = 0
        for place, each in enumerate(said):
            number = _number(each)
            if number is None or place < read_to or self._belongs_elsewhere(said, place):
                continue
            end = self._of_the_pieces(said, place, number, is_noun)
            if end is None:
                end = self._pieces(said, place, number, is_noun, is_told)
            if end is None and self._goes_on(said, place, is_told):
                end = place + 1
            read_to = end or 0
            if end is not None and not self._all_is_well(said, end, is_told):
                finds.append(Find("quantity", str(number), each.start, said[end - 1].end))
        return finds

    def _of_the_pieces(
        self, said: Sequence[Said], place: int, number: int, is_noun: Callable[[str], bool]
    ) -> int | None:
        """Behind "two of them", "both of these", "2 of 3 mugs", "one of the pens"; None where it says another thing."""
        at = place + 1
        if _typed(said, at) == "out":
            at += 1
        if _typed(said, at) != "of":
            return None
        at += 1
        following = _typed(said, at)
        if following in ("them", "em"):
            return at + 1
        the = following in self._words.them
        at += the
        of_how_many = _number(said[at]) if at < len(said) and not said[at].opens else None
        if of_how_many is not None:
            if of_how_many <= number or normal(_typed(said, at + 1)) in self._words.not_pieces:
                return None
            return at + 2 if self._is_piece(_typed(said, at + 1), is_noun) else at + 1
        if not the:
            return None
        noun = self._noun(said, at, is_noun)
        if noun is not None:
            return noun
        ends = not _typed(said, at) or _typed(said, at) in self._words.going_on
        return at if following in ("these", "those") and ends else None

    def _pieces(
        self,
        said: Sequence[Said],
        place: int,
        number: int,
        is_noun: Callable[[str], bool],
        is_told: Callable[[int], bool],
    ) -> int | None:
        """Behind "2 mugs", where they are given back, or something is wrong with them, or nothing else is said."""
        before = {word.typed.lower() for word in _clause_before(said, place)}
        gives_back = bool(before & self._words.giving_back)
        at = self._noun(said, place + 1, is_noun)
        if at is None:
            alone = number > 1 and said[place].typed.lower() == "both" and not _typed(said, place + 1)
            return place + 1 if alone and gives_back else None
        if number > 1 and not said[at - 1].typed.lower().endswith("s"):
            return None
        is_all = place == 0 and at == len(said)
        return at if gives_back or is_all or is_told(said[at - 1].end) else None

    def _goes_on(self, said: Sequence[Said], place: int, is_told: Callable[[int], bool]) -> bool:
        """ "I ordered two and one is torn"."""
        leads = place > 0 and _joins(said[place]) and said[place - 1].typed.lower() in ("and", "but")
        return leads and _typed(said, place + 1) in self._words.going_on and is_told(said[place].end)

    def _noun(self, said: Sequence[Said], at: int, is_noun: Callable[[str], bool]) -> int | None:
        """Behind the noun that what stands at `at` leads to: "mugs", "blue desk lamps"."""
        for place in range(at, at + WORDS_TO_THE_NOUN + 1):
            word = _typed(said, place)
            if self._is_piece(word, is_noun):
                following = place + 1
                while following < len(said) and _joins(said[following]) and said[following].word is not None:
                    following += 1
                return following
            if not word or said[place].word is None:
                return None
        return None

    def _is_piece(self, word: str, is_noun: Callable[[str], bool]) -> bool:
        if not word or normal(word) in self._words.not_pieces:
            return False
        return word in self._words.pieces or is_noun(normal(word))

    def _belongs_elsewhere(self, said: Sequence[Said], place: int) -> bool:
        """ "I ordered two", "iPhone 12", "page 2 of 3", "keep one of them", "in 2 pieces"."""
        before = [word.typed.lower() for word in _clause_before(said, place)]
        # "I need to return two" is about what is returned, not about what is needed.
        given_back = max((at for at, word in enumerate(before) if word in self._words.giving_back), default=-1)
        before = before[given_back + 1 :]
        if set(before) & self._words.never_before:
            return True
        if not before:
            return False
        last = said[place - 1]
        is_a_model = said[place].typed.isdecimal() and last.word is not None and last.typed[0].isupper()
        return normal(before[-1]) in self._words.not_pieces or before[-1] in ("in", "into", "not") or is_a_model

    def _all_is_well(self, said: Sequence[Said], end: int, is_told: Callable[[int], bool]) -> bool:
        """ "One of them works", "two of them arrived": these are not what it is about."""
        after = []
        for word in said[end : end + WORDS_AFTER]:
            if word.opens or word.apart:
                break
            after.append(word.typed.lower())
        if after and after[0] in self._words.never_after:
            return True
        if set(after) & self._words.well:
            return not any(word in ("not", "dont", "doesnt") or "n't" in word or "n\u2019t" in word for word in after)
        return bool(set(after[:3]) & self._words.received) and not is_told(said[end - 1].end)


def _number(said: Said) -> int | None:
    typed = said.typed.lower()
    if not said.counts:
        return None
    return int(typed) if typed.isascii() and typed.isdecimal() else NUMBERS.get(typed)


def _typed(said: Sequence[Said], place: int) -> str:
    """The word that goes on at `place`, in small letters; empty where the clause is over."""
    return said[place].typed.lower() if place < len(said) and _joins(said[place]) else ""


def _joins(word: Said) -> bool:
    return not (word.opens or word.apart)


def _clause_before(said: Sequence[Said], place: int) -> Sequence[Said]:
    first = place
    while (
        first > max(0, place - WORDS_BEFORE)
        and _joins(said[first])
        and said[first - 1].typed.lower() not in CONNECTIVES
    ):
        first -= 1
    return said[first:place]
