"""Who follows which conversation, and waking them when something was said in it: one notifier for all streams.

What this process writes itself is told at once. What others write (the worker, the command line at a desk, another
gateway) is found by one look a moment at the numbers of the conversations that are followed, on SQLite and on
PostgreSQL alike; without a stream there is no look.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from gateway.problems import ApiError, ProblemKind
from order_store import Database, Standing, StoreUnavailable, standings

MOST_PER_CONVERSATION = 8
"""Streams: a customer's tabs."""

MOST_STREAMS = 4_000
"""Streams of one process."""

log = logging.getLogger(__name__)


class Listener:
    """One stream's ear: `news` is set when there may be something new to read, or when it is `over`.

    `heard` is how far the conversation had come when the stream last read.
    """

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.over = False
        self.heard: Standing | None = None

    def end(self) -> None:
        self.over = True
        self.news.set()


class Streams:
    """The streams open in this process; `every` is the time between two looks, `most_per_address` what one may open."""

    def __init__(self, database: Database, every: timedelta, most_per_address: int) -> None:
        self._database = database
        self._every = every.total_seconds()
        self._most_per_address = most_per_address
        self._listeners: dict[str, set[Listener]] = {}
        self._addresses: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None
        self._over = False

    def __len__(self) -> int:
        return sum(self._addresses.values())

    def check_room(self, conversation_id: str, address: str) -> None:
        """Raises ApiError 429 where one more stream of this conversation, from this address, is one too many."""
        if (
            len(self._listeners.get(conversation_id, ())) >= MOST_PER_CONVERSATION
            or self._addresses[address] >= self._most_per_address
            or len(self) >= MOST_STREAMS
        ):
            detail = "too many streams are open already: close one, or share it between tabs"
            raise ApiError(ProblemKind.TOO_MANY_REQUESTS, detail, retry_after=10)

    @contextmanager
    def listening(self, conversation_id: str, address: str) -> Iterator[Listener]:
        """An ear for what is said in the conversation from now on; count it as one stream of `address`."""
        listener = Listener()
        listener.over = self._over
        self._listeners.setdefault(conversation_id, set()).add(listener)
        self._addresses[address] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again_and_again())
        try:
            yield listener
        finally:
            self._addresses -= Counter([address])
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    def tell(self, conversation_id: str) -> None:
        """Something was said in this conversation: whoever follows it reads on."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.news.set()

    def end(self) -> None:
        """End every stream, and those opened later: the process is about to stop."""
        self._over = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end()

    async def _look_again_and_again(self) -> None:
        while self._listeners:
            try:
                await self._look()
            except StoreUnavailable as error:
                log.warning("events wait for the store: %s", error)
            except Exception as error:
                # Whatever it is, it must not end the streams of everybody.
                log.error("events: a look at the store failed: %s", type(error).__qualname__)
            await asyncio.sleep(self._every)

    async def _look(self) -> None:
        found = await run_in_threadpool(self._read, list(self._listeners))
        for conversation_id, standing in found.items():
            for listener in self._listeners.get(conversation_id, ()):
                if listener.heard != standing:
                    listener.news.set()

    def _read(self, conversation_ids: list[str]) -> dict[str, Standing]:
        with self._database.read() as session:
            return standings(session, conversation_ids)
