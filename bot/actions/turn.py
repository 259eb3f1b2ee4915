"""The turn an action runs in: which shop, whose conversation, and what time it is.

The gateway sends these with every message, so that all actions of a turn see the same instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker

from casework.hearing import Message
from casework.identity import Asker


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
    """The newest message as understood."""
    latest = tracker.latest_message
    intent = latest.get("intent") or {}
    entities = latest.get("entities") or []
    pressed = [str(each["value"]) for each in entities if each.get("entity") == "answer"]
    slot, _, value = pressed[0].partition("=") if pressed and intent.get("name") == "choose" else ("", "", "")
    return Message(
        text=latest.get("text") or "",
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        spans=tuple((each["entity"], str(each["value"])) for each in entities if each.get("entity") != "answer"),
        answer=value or None,
        answers=slot or None,
        pictures=int((latest.get("metadata") or {}).get("pictures") or 0),
    )


def comes_again(turn: Turn, tracker: Tracker) -> bool:
    """Whether Rasa was given this turn's message before, by a gateway that went down before it stored the answer."""
    return len(_hearings(turn, tracker)) > 1


def answered_before(turn: Turn, tracker: Tracker) -> list[Mapping[str, Any]]:
    """What was said when this turn's message came before, as Rasa keeps it; empty where nothing was.

    An answer that broke off is none.
    """
    answers = [said for said in _hearings(turn, tracker) if said and not _custom(said[-1]).get("more")]
    return answers[0] if answers else []


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
