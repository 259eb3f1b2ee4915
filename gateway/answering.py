"""What it takes to answer a turn, at once or later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casework.clock import Clock
from gateway.asking import Apologies, Question, replies_of
from gateway.metrics import Metrics
from gateway.rasa import Rasa, RasaAnswer
from order_store import Database


@dataclass(frozen=True)
class Answering:
    """The parts that answer; `tell` is called with the id of a conversation in which something was said and stored."""

    database: Database
    rasa: Rasa
    clock: Clock
    apologies: Apologies
    tell: Callable[[str], None]
    metrics: Metrics

    async def ask(self, question: Question) -> RasaAnswer:
        return await self.rasa.answer(question.sender, question.heard, question.metadata)

    def replies(self, answer: RasaAnswer) -> list[dict[str, Any]]:
        """The replies to store: those of the answer, and an apology where it broke off."""
        return replies_of(answer, self.apologies)
