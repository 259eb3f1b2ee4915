"""What a customer says in one message, whatever it came by: words and pictures, or a choice."""

from __future__ import annotations

from dataclasses import dataclass


class UnknownChoiceError(LookupError):
    """The conversation was never offered a choice of this id."""


@dataclass(frozen=True)
class Typed:
    """The customer's own words, perhaps none, and the pictures sent with them, by their attachment ids."""

    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """One of the choices offered, by its id."""

    choice_id: str


Said = Typed | Chosen
