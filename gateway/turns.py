"""The turn: begin, ask Rasa, store the answer. Every channel takes its messages through here.

Turns of one conversation are taken one after the other. A turn is stored before Rasa hears of it and answered in
the store before anybody is answered, so that a message sent again gets its first answer, and one that was
interrupted by a crash is taken again: what is written behind Rasa carries the turn's id and is not done twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool

from casework.clock import Clock
from gateway.hearing import NOTHING_SAID, PICTURES_ALONE, kept, understood
from gateway.queues import Queues
from gateway.rasa import Outcome, Rasa, RasaAnswer
from gateway.regroup import Reply
from order_store import (
    Conversation,
    Database,
    Message,
    Turn,
    UnknownConversation,
    answer_turn,
    answers,
    begin_turn,
    count_unclaimed,
    find_choice,
    send_pictures,
)

log = logging.getLogger(__name__)

UNAVAILABLE = {"v": 1, "kind": "unavailable"}


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


@dataclass(frozen=True)
class _Begun:
    turn: Turn
    sender: str
    heard: str
    metadata: dict[str, Any]
    again: bool


class Turns:
    """Takes turns; `unavailable` is what the customer reads when one breaks off.

    `tell` is called with the id of a conversation in which something was said, once that is stored.
    """

    def __init__(
        self, database: Database, rasa: Rasa, clock: Clock, unavailable: str, tell: Callable[[str], None]
    ) -> None:
        self._database = database
        self._rasa = rasa
        self._clock = clock
        self._unavailable = unavailable
        self._tell = tell
        self._queues = Queues()
        self._running: set[asyncio.Task[list[Message]]] = set()

    async def take(self, conversation_id: str, client_id: str, said: Said, client: str) -> list[Message]:
        """The messages, at least one, that answer what was said under this `client_id`.

        `client` is the fingerprint of where it came from. A turn goes on when its caller goes away.

        Raises:
            UnknownConversation: no conversation has this id.
            UnknownChoiceError: what was chosen was never offered in it.
            UnknownPicture: a picture is not one it has yet to send; nothing was sent then.
            ApiError: 429, too many turns of this conversation wait already.
            StoreUnavailable: the store does not answer; sent again later, the turn is taken up where it was.
        """
        task = asyncio.create_task(self._take_in_order(conversation_id, client_id, said, client))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Let the turns under way come to their end; each of them is bounded by Rasa's timeout."""
        if self._running:
            await asyncio.wait(self._running)

    async def _take_in_order(self, conversation_id: str, client_id: str, said: Said, client: str) -> list[Message]:
        async with self._queues.place(conversation_id):
            started = time.monotonic()
            now = self._clock.now()
            begun = await run_in_threadpool(self._begin, conversation_id, client_id, said, client, now)
            if not isinstance(begun, _Begun):
                return begun
            self._tell(conversation_id)
            asked = time.monotonic()
            answer = await self._rasa.answer(begun.sender, begun.heard, begun.metadata)
            answered = time.monotonic()
            messages = await run_in_threadpool(self._store, begun.turn, answer, now)
            self._tell(conversation_id)
            log.log(
                logging.INFO if answer.outcome is Outcome.ANSWERED else logging.WARNING,
                "turn conversation=%s turn=%s again=%s outcome=%s reason=%r replies=%d rasa_ms=%.0f total_ms=%.0f",
                conversation_id,
                begun.turn.id,
                begun.again,
                answer.outcome,
                answer.reason,
                len(messages),
                (answered - asked) * 1000,
                (time.monotonic() - started) * 1000,
            )
            return messages

    def _begin(
        self, conversation_id: str, client_id: str, said: Said, client: str, now: datetime
    ) -> _Begun | list[Message]:
        with self._database.write() as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None:
                raise UnknownConversation(f"there is no conversation {conversation_id!r}")
            match said:
                case Typed(text, pictures):
                    stored = {"text": kept(text)} | ({"attachments": list(pictures)} if pictures else {})
                case Chosen(choice_id):
                    choice = find_choice(session, conversation_id, choice_id)
                    if choice is None:
                        raise UnknownChoiceError(choice_id)
                    stored = {"choice": choice_id, "label": choice["label"]}
            turn, is_new = begin_turn(session, conversation_id, client_id, stored, now)
            if turn.answered_at is not None:
                return answers(session, turn)
            if is_new and isinstance(said, Typed) and said.pictures:
                send_pictures(session, turn, said.pictures)
            # Of a turn sent again the first wording counts, whatever this request says.
            taken = find_choice(session, conversation_id, turn.said["choice"]) if "choice" in turn.said else None
            heard = taken["payload"] if taken else _heard(turn.said)
            metadata = _metadata(conversation, turn, client, now, count_unclaimed(session, conversation_id))
            return _Begun(turn, _sender(conversation), heard, metadata, again=not is_new)

    def _store(self, turn: Turn, answer: RasaAnswer, at: datetime) -> list[Message]:
        replies = [_stored(reply) for reply in answer.replies]
        if answer.outcome is not Outcome.ANSWERED:
            replies.append({"text": self._unavailable, "custom": UNAVAILABLE})
        with self._database.write() as session:
            return answer_turn(session, turn, replies, at)


def _sender(conversation: Conversation) -> str:
    """Whom Rasa hears: somebody new in each session, so that what was proven in an earlier one has lapsed."""
    begun = conversation.session_from
    return f"{conversation.id}.{begun}" if begun else conversation.id


def _heard(said: Mapping[str, Any]) -> str:
    """What Rasa is given for words, pictures, or both."""
    words = understood(said["text"])
    return PICTURES_ALONE if words == NOTHING_SAID and said.get("attachments") else words


def _metadata(conversation: Conversation, turn: Turn, client: str, now: datetime, pictures: int) -> dict[str, Any]:
    """What the actions know of a message beside its text; `customer` only from a verified customer token.

    `pictures`: how many the conversation has sent, those of this message included.
    """
    customer = None
    if conversation.customer_email is not None:
        customer = {"email": conversation.customer_email, "orders": conversation.customer_orders}
    return {
        "shop": conversation.shop_key,
        "now": now.isoformat(),
        "conversation": conversation.id,
        "turn": turn.id,
        "client": client,
        "customer": customer,
        "pictures": pictures,
    }


def _stored(reply: Reply) -> dict[str, Any]:
    choices = [{"label": button.label, "payload": button.payload} for button in reply.buttons]
    return {"text": reply.text, "choices": choices, "custom": reply.custom}
