"""What the customer typed, made fit to be kept and fit to be understood."""

from __future__ import annotations

import unicodedata

LONGEST_KEPT = 20_000
"""Characters of one message kept in the transcript."""

LONGEST_UNDERSTOOD = 2_000
"""Characters of one message that are understood: a person's problem is told by then, a pasted page never."""

NOTHING_SAID = "…"
"""Goes to Rasa for an empty message, which it would not answer."""


PICTURES_ALONE = "/inform"
"""Goes to Rasa for pictures without a word: the customer told something, and no intent has to be guessed."""


def kept(text: str) -> str:
    """`text` as the transcript keeps it: no control characters, no halves of surrogate pairs, no endless tail."""
    return _printable(text)[:LONGEST_KEPT]


def understood(text: str) -> str:
    """`text` as Rasa is given it: never empty, never over `LONGEST_UNDERSTOOD` characters, never a payload.

    Rasa takes a message that starts with "/" after stripping for an intent with entities, which could set what
    only the bot's own buttons may set; so all that could stand before such a slash, and the slash, is left out.
    """
    words = _printable(text)
    start = 0
    while start < len(words) and _leads_to_a_payload(words[start]):
        start += 1
    return words[start : start + LONGEST_UNDERSTOOD].strip() or NOTHING_SAID


def _printable(text: str) -> str:
    return "".join(
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _leads_to_a_payload(character: str) -> bool:
    return character == "/" or character.isspace() or unicodedata.category(character) == "Cf"
