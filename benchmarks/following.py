"""A conversation whose stream is followed: what was told by the calls, and what came as events."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx

CATCHES_UP_WITHIN = 10.0
"""Seconds the newest event may take before it counts as lost."""


class Followed:
    """One session with a shop, its stream open. Begin it with `begun`."""

    def __init__(self, http: httpx.AsyncClient, token: str, address: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": address}
        self._events: list[tuple[dict[str, Any], float]] = []
        self._replies: dict[int, dict[str, Any]] = {}
        self._answered: dict[int, float] = {}
        self._sent: list[str] = []
        self._open = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def begun(cls, http: httpx.AsyncClient, shop: str, address: str) -> "Followed":
        """A new session from `address`; returns once its stream is open."""
        opened = await http.post("/api/v1/sessions", json={"shop": shop}, headers={"X-Forwarded-For": address})
        followed = cls(http, opened.raise_for_status().json()["token"], address)
        opening = asyncio.create_task(followed._open.wait())
        await asyncio.wait({opening, followed._reading}, return_when=asyncio.FIRST_COMPLETED)
        if followed._reading.done():
            followed._reading.result()
        return followed

    async def send(self, client_id: str, said: dict[str, str]) -> list[dict[str, Any]]:
        """The replies to what is said."""
        self._sent.append(client_id)
        answer = await self._http.post("/api/v1/messages", json={"client_id": client_id, **said}, headers=self._headers)
        told = answer.raise_for_status().json()
        self._replies |= {reply["seq"]: reply for reply in told["replies"]}
        self._answered[told["last_seq"]] = time.monotonic()
        replies: list[dict[str, Any]] = told["replies"]
        return replies

    async def end(self) -> list[str]:
        """Close the stream once it has caught up; what went wrong, a word each."""
        gives_up = time.monotonic() + CATCHES_UP_WITHIN
        while len(self._events) < max(self._replies, default=0) and time.monotonic() < gives_up:
            await asyncio.sleep(0.02)
        ended_early = self._reading.done()
        self._reading.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await self._reading
        return [*self._wrong(), *(["stream ended"] if ended_early else [])]

    def behind(self) -> list[float]:
        """Of each turn, the seconds from its call's answer to its last event."""
        came = {event["seq"]: at for event, at in self._events}
        return [came[seq] - at for seq, at in self._answered.items() if seq in came]

    async def _read(self) -> None:
        timeout = httpx.Timeout(60)
        async with self._http.stream("GET", "/api/v1/events", headers=self._headers, timeout=timeout) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                self._open.set()
                if line.startswith("data: "):
                    self._events.append((json.loads(line.removeprefix("data: ")), time.monotonic()))

    def _wrong(self) -> Iterator[str]:
        numbers = [event["seq"] for event, _ in self._events]
        for _ in set(range(1, max(self._replies, default=0) + 1)) - set(numbers):
            yield "lost"
        for _ in range(len(numbers) - len(set(numbers))):
            yield "doubled"
        if numbers != sorted(numbers):
            yield "out of order"
        came = {event["seq"]: event for event, _ in self._events}
        for seq, reply in self._replies.items():
            if seq in came and came[seq] != reply:
                yield "different"
            if (reply["custom"] or {}).get("kind") == "unavailable":
                yield "unavailable"
        if [event["client_id"] for event, _ in self._events if event["from"] == "customer"] != self._sent:
            yield "different"
