"""Many word patterns in one pass."""

import pytest

from bot.nlu import word_automaton
from bot.nlu.word_automaton import MARK, Place, WordAutomaton

GAP_ENDS = frozenset(("and", "but"))


def _words(*words: str) -> Place:
    return Place(frozenset(words))


def _gap(places: int) -> list[Place]:
    return [Place(any_word=True, optional=True)] * places


def _found(patterns: list[list[Place]], text: str) -> set[tuple[int, int, int]]:
    return set(WordAutomaton(patterns, GAP_ENDS).find(text.split(" ")))


def test_each_pattern_is_found_wherever_it_stands() -> None:
    patterns = [[_words("never"), _words("used", "worn")], [_words("used")]]
    assert _found(patterns, "never used it never worn it") == {(0, 0, 2), (1, 1, 2), (0, 3, 5)}


def test_an_optional_place_may_be_empty_at_the_end_too() -> None:
    pattern = [_words("works"), Place(frozenset(("not",)), optional=True), Place(frozenset(("now",)), optional=True)]
    assert _found([pattern], "works not now") == {(0, 0, 1), (0, 0, 2), (0, 0, 3)}
    assert _found([pattern], "works now") == {(0, 0, 1), (0, 0, 2)}


def test_a_gap_reaches_over_unknown_words_but_over_no_mark_and_no_connective() -> None:
    pattern = [_words("lost"), *_gap(2), _words("box")]
    assert _found([pattern], "lost my big box") == {(0, 0, 4)}
    assert _found([pattern], "lost my very big box") == set()
    assert _found([pattern], "lost and box") == set()
    assert _found([pattern], f"lost {MARK} box") == set()


def test_a_prefix_stands_for_whatever_begins_so() -> None:
    pattern = [Place(prefixes=frozenset(("scratch",))), _words("it")]
    assert _found([pattern], "scratching it") == _found([pattern], "scratch it") == {(0, 0, 2)}
    assert _found([pattern], "unscratched it") == set()


def test_the_longest_prefix_does_not_hide_a_shorter_one() -> None:
    patterns = [[Place(prefixes=frozenset(("4",)))], [Place(prefixes=frozenset(("42",)))]]
    assert _found(patterns, "423") == {(0, 0, 1), (1, 0, 1)}
    assert _found(patterns, "413") == {(0, 0, 1)}


def test_what_was_forgotten_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_automaton, "MOST_STEPS", 3)
    automaton = WordAutomaton([[_words("not"), *_gap(3), _words("used")]], GAP_ENDS)
    words = ["not", "a", "bit", "used", "but", "not", "much", "used"]
    first = list(automaton.find(words))
    assert first == [(0, 0, 4), (0, 5, 8)]
    assert list(automaton.find(words)) == first
