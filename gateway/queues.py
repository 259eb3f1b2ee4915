"""Taking the turns of one conversation one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.problems import ApiError, ProblemKind

MOST_WAITING = 8
"""Turns of one conversation, the one under way included."""


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class Queues:
    """One queue per conversation that has a turn under way; the others take no memory."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    def __len__(self) -> int:
        return len(self._queues)

    @asynccontextmanager
    async def place(self, conversation_id: str) -> AsyncIterator[None]:
        """Wait until it is this turn's turn, and hold the place until it is over.

        Raises:
            ApiError: 429, the queue is full.
        """
        queue = self._queues.setdefault(conversation_id, _Queue())
        if queue.length >= MOST_WAITING:
            raise ApiError(
                ProblemKind.TOO_MANY_REQUESTS,
                "earlier messages of this conversation are still being answered; send it again after them",
                retry_after=5,
            )
        queue.length += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.length -= 1
            if queue.length == 0:
                del self._queues[conversation_id]
