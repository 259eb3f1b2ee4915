"""Finds many word patterns in one pass: a deterministic automaton that is built as far as messages lead into it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# Steps remembered before all are forgotten; the sentences of a season need a tenth of it.
MOST_STEPS = 100_000
UNKNOWN = ""
MARK = "\n"
NOWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """One place of a pattern: which words may stand there, all lower case.

    `any_word` is a gap: whatever is neither a mark nor one of the words that end gaps. An `optional` place may be
    empty.
    """

    words: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    any_word: bool = False
    optional: bool = False


@dataclass(eq=False)
class State:
    """How far patterns have been followed: what has ended here, and where each word leads (None: nowhere)."""

    places: frozenset[int]
    ended: tuple[int, ...]
    steps: dict[str, State | None] = field(default_factory=dict)


class WordAutomaton:
    """All patterns at once; the cost of a word does not grow with their number."""

    def __init__(self, patterns: Sequence[Sequence[Place]], gap_ends: frozenset[str]) -> None:
        """Numbers the places of `patterns`; `gap_ends` are the words over which no gap reaches."""
        self._gap_ends = gap_ends
        self._gaps: set[int] = set()
        self._at_word: dict[str, set[int]] = {word: set() for word in gap_ends}
        self._at_prefix: dict[str, set[int]] = {}
        self._ends: dict[int, int] = {}
        self._optional: set[int] = set()
        starts: list[int] = []
        number = 0
        for index, places in enumerate(patterns):
            starts.append(number)
            for place in places:
                self._number(number, place)
                number += 1
            self._ends[number] = index
            number += 1
        self._prefixes = re.compile("|".join(map(re.escape, sorted(self._at_prefix, key=len, reverse=True))) or r"(?!)")
        self._states: dict[frozenset[int], State] = {}
        self._remembered = 0
        self._first = self._state(frozenset(starts))

    def _number(self, number: int, place: Place) -> None:
        for word in place.words:
            self._at_word.setdefault(word, set()).add(number)
        for prefix in place.prefixes:
            self._at_prefix.setdefault(prefix, set()).add(number)
        if place.any_word:
            self._gaps.add(number)
        if place.optional:
            self._optional.add(number)

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """(pattern, first word, word after the last) of every match, longer and shorter ones alike.

        `words` are lower case; a mark (punctuation, a line's end) that no pattern names is given as MARK.
        """
        known = [self._known(word) for word in words]
        for start in range(len(known)):
            state = self._first
            for place in range(start, len(known)):
                word = known[place]
                following = state.steps[word] if word in state.steps else self._step(state, word)
                if following is None:
                    break
                state = following
                for pattern in state.ended:
                    yield pattern, start, place + 1

    def names(self, word: str) -> bool:
        """Whether some pattern names `word` itself."""
        return word in self._at_word

    def _known(self, word: str) -> str:
        """What stands for `word` in the automaton: itself, the prefix it begins with, or UNKNOWN."""
        if word in self._at_word or word == MARK:
            return word
        return begun[0] if (begun := self._prefixes.match(word)) else UNKNOWN

    def _step(self, state: State, word: str) -> State | None:
        # A word may stand in thousands of places, few of them a state's: none is copied that is not.
        taken = state.places & self._at_word.get(word, NOWHERE)
        for prefix, places in self._at_prefix.items():
            if word.startswith(prefix):
                taken |= state.places & places
        if word not in self._gap_ends and (word == UNKNOWN or word[0].isalnum() or word[0] in "'%"):
            taken |= state.places & self._gaps
        if self._remembered >= MOST_STEPS:
            self._forget()
        self._remembered += 1
        following = self._state(frozenset(place + 1 for place in taken)) if taken else None
        state.steps[word] = following
        return following

    def _state(self, reached: frozenset[int]) -> State:
        places = set(reached)
        for place in reached:
            while place in self._optional:
                place += 1
                places.add(place)
        key = frozenset(places)
        if key not in self._states:
            self._states[key] = State(key, tuple(sorted(self._ends[place] for place in places if place in self._ends)))
        return self._states[key]

    def _forget(self) -> None:
        for state in self._states.values():
            state.steps.clear()
        self._states = {self._first.places: self._first}
        self._remembered = 0
