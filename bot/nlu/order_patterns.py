"""Turns a shop's order-number patterns ("IW-#####") into what finds its numbers as customers type them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

SEPARATORS = " ./_-"
CHARACTERS = {"#": r"\d", "@": "[a-z]"}


@dataclass(frozen=True)
class OrderPattern:
    """One pattern: the expression that finds its numbers, and whether letters make them conspicuous."""

    pattern: str
    has_letters: bool
    expression: str

    @classmethod
    def of(cls, pattern: str) -> OrderPattern:
        """Reads a pattern: `#` is a digit, `@` a letter, everything else itself.

        Case does not matter. A separator may be typed as a blank or hyphen; where letters stand before digits it may
        be left out or put in. Digits alone need the separators they have, or any twelve digits would be a number.
        """
        has_letters = any(character == "@" or character.isalpha() for character in pattern)
        told = "".join(
            _between(first, second, has_letters) + _character(second) for first, second in pairwise(f" {pattern}")
        )
        return cls(pattern, has_letters, told)

    def written(self, typed: str) -> str:
        """`typed` as the shop writes it: its separators, capitals unless the pattern has small letters."""
        characters = iter(re.sub(r"[\W_]", "", typed))
        written = ""
        for place in self.pattern:
            told = place if place in SEPARATORS else next(characters)
            written += told.upper() if place == "@" else place if place.isalpha() else told
        return written


def written_by(patterns: list[OrderPattern]) -> Callable[[str], str]:
    """What writes a number as the first of `patterns` that it has the shape of."""
    shapes = [(re.compile(pattern.expression, re.IGNORECASE), pattern) for pattern in patterns]

    def write(typed: str) -> str:
        return next(pattern.written(typed) for shape, pattern in shapes if shape.fullmatch(typed))

    return write


def _between(first: str, second: str, has_letters: bool) -> str:
    """What may stand before `second`; separators are told here, and themselves say nothing."""
    if first == " " and second != " ":
        return ""
    if second in SEPARATORS:
        return "[ ./_-]?" if has_letters else r"[ ./_-]"
    changes = _is_letter(first) and not _is_letter(second) and first not in SEPARATORS
    return "[ -]?" if changes else ""


def _character(character: str) -> str:
    if character in SEPARATORS:
        return ""
    return CHARACTERS.get(character, re.escape(character))


def _is_letter(character: str) -> bool:
    return character == "@" or character.isalpha()
