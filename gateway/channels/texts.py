"""What providers tell, read without trust: of another type it is as if it had not been told."""

from __future__ import annotations

import re
from typing import Any

from gateway.channels.errors import Unreadable

LONGEST = 20_000
"""Characters of one message; the store keeps no more."""

_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")


def word(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def utf16_units(text: str) -> int:
    """As Telegram, and a phone company where it leaves its own alphabet, count letters: an emoji as two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def whole(value: object) -> int:
    """Raises Unreadable where it is no whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unreadable("a number is missing")


def storable(value: Any) -> Any:
    """`value`, as JSON has it, without what no database keeps in a text: zeros and halves of surrogate pairs."""
    match value:
        case str():
            return _NOT_KEPT.sub("", value)
        case dict():
            return {storable(name): storable(each) for name, each in value.items()}
        case list() | tuple():
            return [storable(each) for each in value]
    return value
