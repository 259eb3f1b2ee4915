"""Asking Rasa: one message in over its REST channel, one regrouped answer out, whatever becomes of Rasa."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, NoReturn

import httpx

from gateway.regroup import NonsenseError, Reply, regroup


class Outcome(StrEnum):
    """How a turn ended; all but ANSWERED are told to the customer."""

    ANSWERED = "answered"
    BROKE_OFF = "broke_off"
    """The answer is empty or announces a reply that never came: an action failed."""
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    NONSENSE = "nonsense"
    """Something answered, but not as Rasa's REST channel does."""
    WAITS = "waits"
    """It was not asked yet: earlier messages of the conversation still wait for their answers."""


@dataclass(frozen=True)
class RasaAnswer:
    """What came back: the replies so far, in order, and how it ended."""

    replies: list[Reply]
    outcome: Outcome
    reason: str = ""
    """For the log: what was wrong, without anything the customer said."""

    @property
    def is_whole(self) -> bool:
        return self.outcome is Outcome.ANSWERED

    @property
    def is_worth_telling(self) -> bool:
        """Whether any of it came: asked again, Rasa would say that twice."""
        return self.is_whole or bool(self.replies)


def _decoded(body: bytes) -> Any:
    """Raises ValueError also for what Python takes for JSON though no browser could read it."""
    items = json.loads(body, parse_constant=_refuse_constant)
    json.dumps(items, ensure_ascii=False).encode()
    return items


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Rasa:
    """Rasa's REST channel at `base_url`; one call takes at most `timeout`."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, timeout: timedelta) -> None:
        self._http = http
        self._webhook = f"{base_url}/webhooks/rest/webhook"
        self._timeout = timeout.total_seconds()

    async def answer(self, sender: str, message: str, metadata: Mapping[str, Any]) -> RasaAnswer:
        """Give `message` to conversation `sender`; never raises for what Rasa or the network does."""
        body = {"sender": sender, "message": message, "metadata": metadata}
        try:
            # httpx bounds each step of the exchange; this bounds all of it.
            async with asyncio.timeout(self._timeout):
                response = await self._http.post(self._webhook, json=body, timeout=self._timeout)
            if response.status_code != 200:
                return RasaAnswer([], Outcome.NONSENSE, f"status {response.status_code}")
            answer = regroup(_decoded(response.content))
        except (TimeoutError, httpx.TimeoutException):
            return RasaAnswer([], Outcome.TIMED_OUT, f"after {self._timeout:g} s")
        except httpx.HTTPError as error:
            return RasaAnswer([], Outcome.UNREACHABLE, type(error).__name__)
        except NonsenseError as error:
            return RasaAnswer(error.replies, Outcome.NONSENSE, str(error))
        except (ValueError, RecursionError):
            return RasaAnswer([], Outcome.NONSENSE, "not JSON")
        if not answer.ended:
            return RasaAnswer(answer.replies, Outcome.BROKE_OFF)
        return RasaAnswer(answer.replies, Outcome.ANSWERED)
