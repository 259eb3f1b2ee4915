"""A conversation that waits for answers: what the task that asks for them and new messages tell each other."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from gateway.rasa import RasaAnswer


@dataclass(frozen=True)
class UnderWay:
    """A call of Rasa that is to bring the answer of the turn of this id."""

    turn_id: int
    call: asyncio.Task[RasaAnswer]


@dataclass
class Lane:
    """One such conversation; `task` asks for its turns in their order."""

    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody wants it tried now."""
    resting: asyncio.Event = field(default_factory=asyncio.Event)
    """The newest try brought nothing."""
    more: bool = False
    """Another turn has come to wait."""
    task: asyncio.Task[None] | None = None

    async def rest(self, pause: float) -> None:
        """For `pause` seconds, or until it is wanted."""
        self.resting.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.wanted.wait(), pause)
        self.resting.clear()
