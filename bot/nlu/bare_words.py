"""A sentence without the data in it: what somebody wants does not depend on which address or number they give."""

from __future__ import annotations

import re

# As long as what stands before the @ may be; without an end, a long word costs the square of its length.
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
# Five digits or more, letters in front or not; or a code of capitals and digits, as carriers and shops write them.
NUMBER = re.compile(
    r"(?<![\w.,])#?(?:[A-Za-z]{1,6}-?)?\d[\d-]{3,}\d(?!\w)"
    r"|(?<!\w)(?=(?:[A-Z-]{0,20}\d){3})[A-Z0-9-]{7,}(?!\w)"
)
ANY_ADDRESS, ANY_NUMBER = "me@mail", "12345"
# Put behind a sentence, or before it, and joined to nothing in it.
ADDED = re.compile(rf"[\s,;:-]{{0,20}}[,.;:!?-]\s*(?:{ANY_ADDRESS}|{ANY_NUMBER})(?=\s*(?:[,.;:!?-]|$))")
PREFIXED = re.compile(rf"^\s*(?:{ANY_ADDRESS}|{ANY_NUMBER})\s*[,.;:!?-]\s*")


def bare(text: str) -> str:
    """`text` with the same address for every e-mail address and the same number for every long one.

    One that only stands beside the sentence is left out: "where is it, me@example.com" is "where is it".
    """
    same = NUMBER.sub(ANY_NUMBER, ADDRESS.sub(ANY_ADDRESS, text))
    alone = PREFIXED.sub("", ADDED.sub(_end_of, same))
    return alone if any(character.isalpha() for character in alone.replace(ANY_ADDRESS, "")) else same


def _end_of(found: re.Match[str]) -> str:
    """What ends the sentence before it stays."""
    mark = found[0].lstrip(" ,;:-")[:1]
    return mark if mark in "!?." else ""
