"""The turn: begin, ask Rasa, store the answer. Every channel takes its messages through here.

Turns of one conversation are taken one after the other. A turn is stored before Rasa hears of it and answered in
the store before anybody is answered, so that a message sent again gets its first answer, and one that was
interrupted by a crash is taken again: what is written behind Rasa carries the turn's id and is not done twice.
Where Rasa is slow, down or silent, the customer is told that the answer comes later, and it does (`Owed`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.concurrency import run_in_threadpool

from casework.log_lines import fields
from gateway.answering import Answering
from gateway.asking import Question, question
from gateway.hearing import kept
from gateway.lanes import UnderWay
from gateway.owed import Owed
from gateway.queues import Queues
from gateway.rasa import Outcome, RasaAnswer
from gateway.said import Chosen, Said, Typed, UnknownChoiceError
from order_store import (
    Conversation,
    Message,
    Turn,
    UnknownConversation,
    answer_turn,
    answers,
    begin_turn,
    find_choice,
    owe_answer,
    owed_turns,
    pay_answer,
    send_pictures,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Begun:
    """`moves` is how often the conversation had gone on elsewhere when it was asked what `ask` asks."""

    turn: Turn
    ask: Question
    moves: int
    again: bool


_BEHIND_OTHERS = RasaAnswer([], Outcome.WAITS)


class Turns:
    """Takes turns; Rasa has `patience` to answer one before the customer is told that the answer comes later."""

    def __init__(self, answering: Answering, owed: Owed, patience: timedelta) -> None:
        self._answering = answering
        self._metrics = answering.metrics
        self._owed = owed
        self._patience = patience.total_seconds()
        self._queues = Queues()
        self._running: set[asyncio.Task[list[Message]]] = set()

    async def take(
        self, conversation_id: str, client_id: str, said: Said, client: str, moves: int | None = None
    ) -> list[Message]:
        """The messages, at least one, that answer what was said under this `client_id`.

        `client` is the fingerprint of where it came from; `moves` how often the conversation may have gone on elsewhere
        for it to be said in it still (None: it is no matter). A turn goes on when its caller goes away.

        Raises:
            UnknownConversation: no conversation has this id, or it went on elsewhere, perhaps while Rasa was asked.
            UnknownChoiceError: what was chosen was never offered in it.
            UnknownPicture: a picture is not one it has yet to send; nothing was sent then.
            ApiError: 429, too many turns of this conversation wait already.
            StoreUnavailable: the store does not answer; sent again later, the turn is taken up where it was.
        """
        task = asyncio.create_task(self._take_in_order(conversation_id, client_id, said, client, moves))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Let the turns under way come to their end; each of them is bounded by the patience with Rasa."""
        if self._running:
            await asyncio.wait(self._running)
        await self._owed.close()

    async def _take_in_order(
        self, conversation_id: str, client_id: str, said: Said, client: str, moves: int | None
    ) -> list[Message]:
        async with self._queues.place(conversation_id):
            started = time.monotonic()
            now = self._answering.clock.now()
            with self._metrics.timing("store"):
                begun = await run_in_threadpool(self._begin, conversation_id, client_id, said, client, moves, now)
            if not isinstance(begun, _Begun):
                return begun
            self._answering.tell(conversation_id)
            call: asyncio.Task[RasaAnswer] | None = None
            answer = _BEHIND_OTHERS
            asked = time.monotonic()
            if await self._owed.caught_up(conversation_id):
                call = asyncio.create_task(self._answering.ask(begun.ask))
                with self._metrics.timing("rasa"):
                    done, _ = await asyncio.wait({call}, timeout=self._patience)
                answer = call.result() if done else RasaAnswer([], Outcome.TIMED_OUT, f"after {self._patience:g} s")
            answered = time.monotonic()
            with self._metrics.timing("store"):
                try:
                    messages = await run_in_threadpool(self._store, begun, answer, now)
                except UnknownConversation:
                    if call is not None:
                        call.cancel()
                    raise
            if not answer.is_worth_telling:
                is_coming = call is not None and not call.done()
                self._owed.expect(conversation_id, UnderWay(begun.turn.id, call) if call and is_coming else None)
            self._answering.tell(conversation_id)
            ended = time.monotonic()
            self._metrics.turn(answer.outcome, ended - started, messages)
            log.log(
                logging.INFO if answer.outcome is Outcome.ANSWERED else logging.WARNING,
                "turn",
                extra=fields(
                    conversation=conversation_id,
                    turn=begun.turn.id,
                    again=begun.again,
                    outcome=str(answer.outcome),
                    reason=answer.reason,
                    replies=len(messages),
                    rasa_ms=round((answered - asked) * 1000),
                    total_ms=round((ended - started) * 1000),
                ),
            )
            return messages

    def _begin(
        self, conversation_id: str, client_id: str, said: Said, client: str, moves: int | None, now: datetime
    ) -> _Begun | list[Message]:
        with self._answering.database.write() as session:
            # Locked: it does not go on elsewhere between the look and the question.
            conversation = session.get(Conversation, conversation_id, with_for_update=True)
            if conversation is None:
                raise UnknownConversation(f"there is no conversation {conversation_id!r}")
            if moves is not None and conversation.moves != moves:
                raise UnknownConversation(f"conversation {conversation_id!r} went on elsewhere")
            match said:
                case Typed(text, pictures):
                    stored = {"text": kept(text)} | ({"attachments": list(pictures)} if pictures else {})
                case Chosen(choice_id):
                    choice = find_choice(session, conversation_id, choice_id)
                    if choice is None:
                        raise UnknownChoiceError(choice_id)
                    stored = {"choice": choice_id, "label": choice["label"]}
            turn, is_new = begin_turn(session, conversation_id, client_id, stored, now)
            if not is_new and (turn.seq or 1) <= conversation.hidden_seq:
                raise UnknownConversation(f"it was said before conversation {conversation_id!r} went on elsewhere")
            if turn.answered_at is not None:
                return answers(session, turn)
            if is_new and isinstance(said, Typed) and said.pictures:
                send_pictures(session, turn, said.pictures)
            if is_new and self._owed.is_idle(conversation_id):
                for earlier in owed_turns(session, conversation_id):
                    # Whoever says the same once more does not want it answered twice.
                    if earlier.said == turn.said:
                        pay_answer(session, earlier, [], now)
            ask = question(session, conversation, turn, client, now)
            return _Begun(turn, ask, conversation.moves, again=not is_new)

    def _store(self, begun: _Begun, answer: RasaAnswer, at: datetime) -> list[Message]:
        """Raises UnknownConversation where it went on elsewhere meanwhile: what was proven here is not told there."""
        turn = begun.turn
        with self._answering.database.write() as session:
            conversation = session.get_one(Conversation, turn.conversation_id, with_for_update=True)
            if conversation.moves != begun.moves:
                raise UnknownConversation(f"conversation {conversation.id!r} went on elsewhere")
            if answer.is_worth_telling:
                return answer_turn(session, turn, self._answering.replies(answer), at)
            return owe_answer(session, turn, self._answering.apologies.notice, at)
