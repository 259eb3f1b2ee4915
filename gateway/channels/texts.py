"""What providers tell, read without trust: of another type it is as if it had not been told."""

from __future__ import annotations

from gateway.channels.errors import Unreadable

LONGEST = 20_000
"""Characters of one message; the store keeps no more."""


def word(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def whole(value: object) -> int:
    """Raises Unreadable where it is no whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unreadable("a number is missing")
