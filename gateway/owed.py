"""Answers that come later: Rasa is asked again and again, turn by turn, until it answers or that is hopeless.

Each conversation that waits has one lane, a task that asks for its turns in their order. What is owed is in the store,
so a gateway that is started anew takes the lanes up again.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from casework.log_lines import fields
from gateway.answering import Answering
from gateway.asking import Question, question
from gateway.lanes import Lane, UnderWay
from gateway.rasa import Outcome, RasaAnswer
from order_store import (
    Conversation,
    Message,
    StoreUnavailable,
    Turn,
    conversations_owed,
    owed_turns,
    pay_answer,
)

LONGEST_PAUSE = 30.0
"""Seconds between two tries."""

MOST_BAD_ANSWERS = 8
"""Tries that Rasa took and answered with nothing of use: more of the same would bring nothing else."""

BEHIND = timedelta(seconds=5)
"""How long a new message waits for those before it, before its sender is told."""

ASKED_AT_ONCE = 4
"""Lanes that ask at a time: Rasa comes back to as many as waited for it."""

log = logging.getLogger(__name__)


class Owed:
    """The lanes of this process."""

    def __init__(self, answering: Answering, first_pause: timedelta) -> None:
        self._answering = answering
        self._metrics = answering.metrics
        self._first_pause = first_pause.total_seconds()
        self._lanes: dict[str, Lane] = {}
        self._asking = asyncio.Semaphore(ASKED_AT_ONCE)

    def __len__(self) -> int:
        """How many conversations wait for an answer."""
        return len(self._lanes)

    async def take_up(self) -> None:
        """Go on with what an earlier gateway owed; waits for a store that does not answer yet."""
        while True:
            try:
                waiting = await run_in_threadpool(self._waiting)
            except StoreUnavailable as error:
                log.warning("answers owed wait for the store: %s", error)
                await asyncio.sleep(LONGEST_PAUSE)
            else:
                break
        for conversation_id in waiting:
            self.expect(conversation_id)

    def expect(self, conversation_id: str, under_way: UnderWay | None = None) -> None:
        """An answer is owed in this conversation; it is asked for after a pause, or comes by what is `under_way`."""
        lane = self._lanes.get(conversation_id)
        if lane is not None:
            lane.more = True
            return
        lane = self._lanes[conversation_id] = Lane()
        lane.task = asyncio.create_task(self._run(conversation_id, lane, under_way))

    def is_idle(self, conversation_id: str) -> bool:
        """Whether no call for this conversation is under way: a try may be awaited."""
        lane = self._lanes.get(conversation_id)
        return lane is None or lane.resting.is_set()

    async def caught_up(self, conversation_id: str) -> bool:
        """Try now what is owed in this conversation; whether nothing is owed any more, before long."""
        lane = self._lanes.get(conversation_id)
        if lane is None or lane.task is None:
            return True
        lane.resting.clear()
        lane.wanted.set()
        resting = asyncio.create_task(lane.resting.wait())
        await asyncio.wait({lane.task, resting}, timeout=BEHIND.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        resting.cancel()
        return conversation_id not in self._lanes

    async def close(self) -> None:
        """Stop asking; what is owed stays in the store."""
        tasks = [lane.task for lane in self._lanes.values() if lane.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _run(self, conversation_id: str, lane: Lane, under_way: UnderWay | None) -> None:
        try:
            if under_way is None:
                await lane.rest(self._first_pause)
            await self._pay_all(conversation_id, lane, under_way)
        except Exception as error:
            # What is owed stays in the store, for the next start or the next message.
            log.error("late answers ended", extra=fields(conversation=conversation_id, error=type(error).__qualname__))
        finally:
            if under_way is not None:
                under_way.call.cancel()
            del self._lanes[conversation_id]

    async def _pay_all(self, conversation_id: str, lane: Lane, under_way: UnderWay | None) -> None:
        pause, bad = self._first_pause, 0
        while True:
            try:
                lane.more = False
                asked = await run_in_threadpool(self._next, conversation_id)
                if asked is None:
                    if lane.more:
                        continue
                    return
                turn, ask = asked
                is_coming = under_way is not None and under_way.turn_id == turn.id
                answer = await (under_way.call if under_way and is_coming else self._ask(ask))
                under_way = None
                bad += answer.outcome in (Outcome.BROKE_OFF, Outcome.NONSENSE)
                # Whoever writes on is not kept waiting for what Rasa has no answer to.
                if answer.is_worth_telling or bad >= (1 if lane.wanted.is_set() else MOST_BAD_ANSWERS):
                    await self._pay(turn, answer)
                    pause, bad = self._first_pause, 0
                    continue
            except StoreUnavailable as error:
                log.warning("an answer owed waits for the store: %s", error)
            lane.wanted.clear()
            await lane.rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _ask(self, ask: Question) -> RasaAnswer:
        async with self._asking:
            with self._metrics.timing("rasa"):
                return await self._answering.ask(ask)

    async def _pay(self, turn: Turn, answer: RasaAnswer) -> None:
        told = await run_in_threadpool(self._store, turn, answer)
        self._answering.tell(turn.conversation_id)
        self._metrics.late_answer(answer.outcome, told)
        log.info(
            "late answer",
            extra=fields(
                conversation=turn.conversation_id, turn=turn.id, outcome=str(answer.outcome), replies=len(told)
            ),
        )

    def _store(self, turn: Turn, answer: RasaAnswer) -> list[Message]:
        with self._answering.database.write() as session:
            return pay_answer(session, turn, self._answering.replies(answer), self._answering.clock.now())

    def _next(self, conversation_id: str) -> tuple[Turn, Question] | None:
        """The first turn that is owed an answer, and what to ask for it; those of a session that is over are let go."""
        now = self._answering.clock.now()
        with self._answering.database.write() as session:
            conversation = session.get_one(Conversation, conversation_id)
            for turn in owed_turns(session, conversation_id):
                if conversation.expires_at > now and (turn.seq or 0) > conversation.session_from:
                    return turn, question(session, conversation, turn, conversation.client, now)
                pay_answer(session, turn, [], now)
        return None

    def _waiting(self) -> list[str]:
        with self._answering.database.read() as session:
            return conversations_owed(session)
