"""What Rasa is asked on behalf of a turn: to whom it listens, what it hears, and what the actions know beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gateway.hearing import NOTHING_SAID, PICTURES_ALONE, understood
from gateway.rasa import RasaAnswer
from gateway.regroup import Reply
from order_store import Conversation, Turn, count_unclaimed, find_choice

UNAVAILABLE = {"v": 1, "kind": "unavailable"}


@dataclass(frozen=True)
class Question:
    """One call of Rasa. `metadata` is what the actions know of a message beside its text."""

    sender: str
    heard: str
    metadata: dict[str, Any]


def question(session: Session, conversation: Conversation, turn: Turn, client: str, now: datetime) -> Question:
    """What `turn` asks; `client` is the fingerprint of where it came from.

    Of a turn sent again the first wording counts, whatever the second request says.
    """
    taken = find_choice(session, conversation.id, turn.said["choice"]) if "choice" in turn.said else None
    return Question(
        sender=_sender(conversation),
        heard=taken["payload"] if taken else _heard(turn.said),
        metadata={
            "shop": conversation.shop_key,
            "now": now.isoformat(),
            "conversation": conversation.id,
            "turn": turn.id,
            "client": client,
            # What was proven at one place is not known at the next.
            "place": conversation.moves,
            "customer": None if conversation.moves else _customer(conversation),
            # How many the conversation has sent, those of this message included.
            "pictures": count_unclaimed(session, conversation.id),
        },
    )


def _sender(conversation: Conversation) -> str:
    """Somebody new in each session, so that what was proven in an earlier one has lapsed."""
    begun = conversation.session_from
    return f"{conversation.id}.{begun}" if begun else conversation.id


def _heard(said: Mapping[str, Any]) -> str:
    """Words, pictures, or both."""
    words = understood(said.get("text") or said.get("label") or "")
    return PICTURES_ALONE if words == NOTHING_SAID and said.get("attachments") else words


def _customer(conversation: Conversation) -> dict[str, Any] | None:
    """Whom a verified customer token vouched for, if one did."""
    if conversation.customer_email is None:
        return None
    return {"email": conversation.customer_email, "orders": conversation.customer_orders}


@dataclass(frozen=True)
class Apologies:
    """What the customer reads: that the answer comes later, or that the message has to be sent again."""

    later: str
    unavailable: str

    @property
    def notice(self) -> dict[str, Any]:
        return {"text": self.later, "custom": {**UNAVAILABLE, "answer_follows": True}}

    @property
    def apology(self) -> dict[str, Any]:
        return {"text": self.unavailable, "custom": UNAVAILABLE}


def replies_of(answer: RasaAnswer, apologies: Apologies) -> list[dict[str, Any]]:
    """The replies to store for an answer: its own, and an apology where it broke off."""
    replies = [_stored(reply) for reply in answer.replies]
    return replies if answer.is_whole else [*replies, apologies.apology]


def _stored(reply: Reply) -> dict[str, Any]:
    choices = [{"label": button.label, "payload": button.payload} for button in reply.buttons]
    return {"text": reply.text, "choices": choices, "custom": reply.custom}
