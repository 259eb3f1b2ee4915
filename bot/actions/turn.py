"""The turn an action runs in: which shop, whose conversation, and what time it is.

The gateway sends these with every message, so that all actions of a turn see the same instant.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker

from casework.identity import Asker
from casework.later import Request
from casework.messages import Message

REQUEST = "request"
"""The entity of another thing that a message asks for: its value is an intent, its stretch the words that say so."""


_JOINTS = (
    r"(?:[\s,;\u2013\u2014-]|\b(?:and|also|plus|besides|but|then|oh|btw|by the way|another thing|one more thing)\b)+"
)
_JOINING = re.compile(rf"{_JOINTS}$", re.I)
_OPENING = re.compile(rf"^{_JOINTS}", re.I)


class NoTurnError(LookupError):
    """The message came without the gateway's metadata, so nobody knows which shop is meant."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a customer. `now` is UTC; `id` names the turn, for idempotency."""

    id: str
    now: datetime
    asker: Asker

    @property
    def key(self) -> str:
        """What names this turn among all conversations': the same turn never writes twice."""
        return f"{self.asker.conversation}:{self.id}"

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """The turn of the newest message that came from outside. Raises NoTurnError without its metadata."""
        metadata = tracker.latest_message.get("metadata") or {}
        try:
            customer = metadata.get("customer") or {}
            orders = customer.get("orders")
            return cls(
                id=str(metadata["turn"]),
                now=datetime.fromisoformat(metadata["now"]).astimezone(UTC),
                asker=Asker(
                    shop_key=metadata["shop"],
                    conversation=metadata["conversation"],
                    client=metadata["client"],
                    email=customer.get("email"),
                    orders=tuple(orders) if orders is not None else None,
                ),
            )
        except KeyError as missing:
            raise NoTurnError(
                f"the message has no {missing} in its metadata: send messages through the gateway"
            ) from None


def message_of(tracker: Tracker) -> Message:
    """The newest message as understood; what it asks for besides, with the words for it, is apart from the rest."""
    latest = tracker.latest_message
    intent = latest.get("intent") or {}
    entities = latest.get("entities") or []
    pressed = [str(each["value"]) for each in entities if each.get("entity") == "answer"]
    slot, _, value = pressed[0].partition("=") if pressed and intent.get("name") == "choose" else ("", "", "")
    text = latest.get("text") or ""
    asked = [each for each in entities if each.get("entity") == REQUEST and each.get("end") is not None]
    own = [each for each in entities if each.get("entity") not in ("answer", REQUEST)]
    # Who is asking holds for all of it, wherever in the message it stands.
    who = [each for each in own if each["entity"] in ("email", "phone")]
    elsewhere = [each for each in own if each not in who and any(_lies_in(each, request) for request in asked)]
    return Message(
        text=_without(text, asked),
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        spans=_spans([each for each in own if each not in elsewhere]),
        answer=value or None,
        answers=slot or None,
        pictures=int((latest.get("metadata") or {}).get("pictures") or 0),
        requests=tuple(
            Request(
                goal=str(request["value"]),
                text=text[request["start"] : request["end"]],
                spans=_spans([each for each in own if each in who or _lies_in(each, request)]),
            )
            for request in sorted(asked, key=lambda each: int(each["start"]))
        ),
    )


def _lies_in(entity: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    start = entity.get("start")
    return start is not None and request["start"] <= start < request["end"]


def _spans(entities: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((each["entity"], str(each["value"])) for each in entities)


def _without(text: str, requests: Iterable[Mapping[str, Any]]) -> str:
    """The text but for the stretches of the requests, and for the words that only joined them on."""
    kept, end = [], 0
    for request in sorted(requests, key=lambda each: int(each["start"])):
        kept.append(_JOINING.sub("", text[end : request["start"]]))
        end = request["end"]
    if not kept:
        return text
    return " ".join(part for part in (*kept, _OPENING.sub("", text[end:]).strip()) if part)


def comes_again(turn: Turn, tracker: Tracker) -> bool:
    """Whether Rasa was given this turn's message before, by a gateway that went down before it stored the answer."""
    return len(_hearings(turn, tracker)) > 1


def answered_before(turn: Turn, tracker: Tracker) -> list[Mapping[str, Any]]:
    """What was said when this turn's message came before, as Rasa keeps it; empty where nothing was.

    An answer that broke off is none.
    """
    answers = [said for said in _hearings(turn, tracker) if said and not _custom(said[-1]).get("more")]
    return answers[0] if answers else []


def said_so_far(turn: Turn, tracker: Tracker) -> list[Mapping[str, Any]]:
    """What this turn's message was answered with when it came before and the answer broke off, as Rasa keeps it."""
    return next((said for said in reversed(_hearings(turn, tracker)) if said), [])


def settled_before(turn: Turn, tracker: Tracker) -> list[Mapping[str, Any]]:
    """What was said when this turn's message came before, up to the announcement of what was begun after it."""
    said = said_so_far(turn, tracker)
    ends = [position for position, each in enumerate(said) if _custom(each).get("kind") == "next"]
    return said[: ends[-1] + 1] if ends else []


def _hearings(turn: Turn, tracker: Tracker) -> list[list[Mapping[str, Any]]]:
    """What was said each time the turn's message came."""
    hearings: list[list[Mapping[str, Any]]] = []
    is_this_turn = False
    for event in tracker.events:
        if event.get("event") == "user":
            is_this_turn = str((event.get("metadata") or {}).get("turn")) == turn.id
            if is_this_turn:
                hearings.append([])
        elif event.get("event") == "bot" and is_this_turn:
            hearings[-1].append(event)
    return hearings


def _custom(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return (said.get("data") or {}).get("custom") or {}
