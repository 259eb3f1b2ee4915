"""One turn's answer: the loose items Rasa's REST channel gives, put together into replies.

A `text` item, with its `buttons`, opens a reply; a `custom` item belongs to the reply opened just before it if
that has none yet, else it is a reply of its own without text. In `custom`, "more": true says that another reply
of this turn follows, so a turn whose last reply still says so, or that has no reply, broke off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MORE = "more"


class NonsenseError(Exception):
    """Rasa's answer has not the shape of its REST channel; `replies` are those understood before that."""

    def __init__(self, reason: str, replies: list[Reply]) -> None:
        super().__init__(reason)
        self.replies = replies


@dataclass(frozen=True)
class Button:
    """A choice offered: what the customer reads, and what goes to Rasa when they take it."""

    label: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One reply of the bot; `custom` is the machine-readable half, already without internal keys."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Regrouped:
    """The replies of a turn in order, and whether the turn came to its end."""

    replies: list[Reply]
    ended: bool


class _ItemError(Exception):
    """What is wrong with one item."""


@dataclass
class _Open:
    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] | None = None

    @property
    def announces_more(self) -> bool:
        return self.custom is not None and self.custom.get(MORE) is True

    def closed(self) -> Reply:
        told = {key: value for key, value in (self.custom or {}).items() if key != MORE}
        return Reply(self.text, self.buttons, told or None)


def regroup(items: object) -> Regrouped:
    """The replies in `items`, a decoded answer of Rasa's REST channel.

    Raises:
        NonsenseError: it is not a list of items with `text` or `custom`.
    """
    if not isinstance(items, list):
        raise NonsenseError("not a list", [])
    opened: list[_Open] = []
    for number, item in enumerate(items):
        try:
            _add(item, opened)
        except _ItemError as error:
            raise NonsenseError(f"item {number}: {error}", _closed(opened)) from None
    replies = _closed(opened)
    return Regrouped(replies, ended=bool(replies) and not opened[-1].announces_more)


def _closed(opened: list[_Open]) -> list[Reply]:
    """A reply that held nothing but the word that more follows is no reply."""
    replies = [one.closed() for one in opened]
    return [reply for reply in replies if reply.text or reply.buttons or reply.custom]


def _add(item: object, opened: list[_Open]) -> None:
    if not isinstance(item, dict) or not ("text" in item or "custom" in item):
        raise _ItemError("neither text nor custom")
    if "text" in item:
        if not isinstance(item["text"], str):
            raise _ItemError("text is not a text")
        opened.append(_Open(item["text"], _buttons(item.get("buttons"))))
    if "custom" in item:
        custom = item["custom"]
        if not isinstance(custom, dict):
            raise _ItemError("custom is not an object")
        if opened and opened[-1].custom is None:
            opened[-1].custom = custom
        else:
            opened.append(_Open("", custom=custom))


def _buttons(buttons: object) -> tuple[Button, ...]:
    if buttons is None:
        return ()
    if not isinstance(buttons, list):
        raise _ItemError("buttons is not a list")
    read = []
    for button in buttons:
        if not isinstance(button, dict):
            raise _ItemError("a button is not an object")
        label, payload = button.get("title"), button.get("payload")
        if not isinstance(label, str) or not isinstance(payload, str):
            raise _ItemError("a button has no title or payload")
        read.append(Button(label, payload))
    return tuple(read)
