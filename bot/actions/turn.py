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


def answered_before(turn: Turn, tracker: Tracker) -> list[Mapping[str, Any]]:
    """What was said when this turn's message came for the first time, as Rasa keeps it; empty where nothing was.

    The gateway sends a message again when it went down before it had stored the answer. An answer that broke off
    is none.
    """
    said: dict[int, list[Mapping[str, Any]]] = {}
    place = None
    for number, event in enumerate(tracker.events):
        if event.get("event") == "user":
            place = number if str((event.get("metadata") or {}).get("turn")) == turn.id else None
        elif event.get("event") == "bot" and place is not None:
            said.setdefault(place, []).append(event)
    answers = [told for told in said.values() if not _custom(told[-1]).get("more")]
    return answers[0] if answers else []


def _custom(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return (said.get("data") or {}).get("custom") or {}
