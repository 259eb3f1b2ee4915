"""A message as understood, and where in the conversation it falls."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from .later import Request


@dataclass(frozen=True, slots=True)
class Message:
    """A message as understood: `spans` are the (label, value) pairs found.

    `answer` is the value behind a button, `answers` the slot whose question the button stood under; `pictures`
    counts those the customer has sent for the matter so far. `requests` are what it asks for beside its intent; their
    words and spans are not among its own.
    """

    text: str
    intent: str
    confidence: float
    spans: tuple[tuple[str, str], ...] = ()
    answer: str | None = None
    answers: str | None = None
    pictures: int = 0
    requests: tuple[Request, ...] = ()

    def values(self, label: str) -> list[str]:
        """The different values found under `label`, in order."""
        return list(dict.fromkeys(value for found, value in self.spans if found == label))


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the message falls: the slot that was asked for, what can be chosen, and the shop's day.

    `listed`: the facts that were asked for as one list. `announced`: what a yes would be to (a key of `plain_yes`),
    for the `item`.
    """

    requested: str | None
    now: datetime
    zone: ZoneInfo
    line_titles: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    announced: str | None = None
    item: str = ""
