"""A talk as it was held, and what of it counts as the same talk."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A row of the store: its table, the remedy or the wish it stands for, and of which line and how many pieces.

    `line` counts from 0, None where it is about the whole order; `pieces` are told of an RMA alone.
    """

    table: str
    wish: str
    line: int | None = None
    pieces: int | None = None


class Yes(NamedTuple):
    """What an announcement is about: the line, counted from 0, the remedy or the wish, and how many pieces.

    `pieces` is None where it is about all there are.
    """

    line: int
    wish: str
    pieces: int | None = None


LOST = ("I did not get that", "I am still not sure", "I am sorry, I do not understand")
"""How the replies begin in which the bot did not understand."""
_NUMBER = re.compile(r"\b(RMA|DSP|TKT|RPR|PRV)-[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}\b")
_LINK = re.compile(r"(/api/v1/(?:slips|calendars)/)[\w.-]+")


@dataclass(frozen=True)
class Turn:
    """What the customer said, the replies, and what the store held of the order's lines after it.

    `answers`: the question it answers (as `question_of` names it), None for anything else that was said. `proven`: by
    then the customer had told an order number and a contact that belong together, or their shop vouches for them.
    `yes_to`: the announcement it says yes to.
    """

    said: str
    replies: Sequence[Mapping[str, Any]]
    rows: tuple[Row, ...] = ()
    answers: str | None = None
    proven: bool = True
    yes_to: Yes | None = None
    said_no: bool = False

    @property
    def question(self) -> str | None:
        """The question that is open after it."""
        asked = [reply for reply in self.replies if _custom(reply).get("kind") == "question"]
        return question_of(asked[-1]) if asked else None

    @property
    def text(self) -> str:
        return "\n".join(str(reply["text"]) for reply in self.replies)

    def custom(self, kind: str) -> list[Mapping[str, Any]]:
        """The payloads of this kind."""
        return [_custom(reply) for reply in self.replies if _custom(reply).get("kind") == kind]


@dataclass
class Talk:
    """All turns of one customer. `wanted`: the remedy they chose among those offered. `broke`: how it broke off."""

    name: str
    turns: list[Turn] = field(default_factory=list)
    wanted: str | None = None
    broke: str | None = None

    def told(self, kind: str) -> list[Mapping[str, Any]]:
        """The payloads of this kind in the whole talk."""
        return [payload for turn in self.turns for payload in turn.custom(kind)]


TOGETHER = "together"
"""What is asked where several facts are asked as one list."""


def question_of(reply: Mapping[str, Any]) -> str:
    """What a reply asks: its fact path; one that asks which remedy or whether there is a fault goes by that."""
    asks, labels = str(_custom(reply)["asks"]), labels_of(reply)
    if "all" in _custom(reply):
        return TOGETHER
    if asks == "confirm" and labels != ["Yes", "No"]:
        return "remedy"
    if asks == "claim.reason" and labels == ["Yes", "No"]:
        return "has_fault"
    return asks


def labels_of(reply: Mapping[str, Any]) -> list[str]:
    return [str(choice["label"]) for choice in reply["choices"]]


def _custom(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    return reply["custom"] or {}


def digest(talks: Iterable[Talk], found: Sequence[Any] = ()) -> str:
    """The sha256 of what everybody said and was told, and of what was `found`, whatever numbers were drawn."""
    told = [
        (
            talk.name,
            talk.wanted,
            talk.broke,
            [(turn.said, _shown(turn), sorted(map(repr, turn.rows))) for turn in talk.turns],
        )
        for talk in talks
    ]
    text = json.dumps([told, list(found)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(_LINK.sub(r"\1…", _NUMBER.sub(r"\1-…", text)).encode()).hexdigest()


def _shown(turn: Turn) -> list[Any]:
    return [(reply["text"], labels_of(reply), reply["custom"]) for reply in turn.replies]
