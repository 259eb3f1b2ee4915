"""Many open streams of events, and the four main conversations in full through them: is anything lost, doubled, late.

`python -m benchmarks.streaming [STREAMS [MESSAGES_A_SECOND [SECONDS]]]`: 500, 25 and 120 unless told. Every
conversation is followed by its stream from before its first message, and what came is compared with what the calls
answered.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import update

from order_store import Shop
from tests.running import processes_of, running

from .following import Followed
from .talking import Talk, said

STREAMS, MESSAGES_A_SECOND, SECONDS = 500, 25.0, 120.0
SPEAKERS = 60
"""Conversations in which something is said at a time, at most; the others are open and silent."""

PAGE = "https://shop.example.com"
"""The origin of the pages the widget is on; the gateway itself is at another."""


@dataclass
class Load:
    """What came of it: `turns` in seconds, `behind` in seconds from a call's answer to its last event.

    `in_time`: messages sent before the time was over; the conversations then under way are brought to their end.
    """

    turns: list[float] = field(default_factory=list)
    behind: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    conversations: int = 0
    in_time: int = 0


class Streaming:
    """Holds `streams` open and sends `messages` a second through them, as `scripts` have it."""

    def __init__(
        self, http: httpx.AsyncClient, scripts: Iterator[dict[str, Any]], streams: int, messages: float
    ) -> None:
        self._http = http
        self._scripts = scripts
        self._streams = streams
        self._messages = messages
        self._addresses = (f"2001:db8:{n // 65536:x}:{n % 65536:x}::1" for n in itertools.count(1))
        self._open: asyncio.Queue[tuple[Followed, dict[str, Any]]] = asyncio.Queue()
        self._ticks: asyncio.Queue[None] = asyncio.Queue(maxsize=max(1, round(messages)))
        self._load = Load()

    async def run(self, seconds: float) -> Load:
        for _ in range(self._streams):
            await self._open_one()
        began = time.monotonic()
        ticking = asyncio.create_task(self._tick())
        await asyncio.gather(*(self._speak(began + seconds) for _ in range(min(SPEAKERS, self._streams))))
        ticking.cancel()
        while not self._open.empty():
            followed, _ = self._open.get_nowait()
            self._load.wrong.update(await followed.end())
        return self._load

    async def _open_one(self) -> None:
        script = next(self._scripts)
        followed = await Followed.begun(self._http, script["shop"], next(self._addresses))
        self._open.put_nowait((followed, script))

    async def _tick(self) -> None:
        """A message may be sent; those nobody was free to send are not made up for."""
        began = time.monotonic()
        for number in itertools.count(1):
            if not self._ticks.full():
                self._ticks.put_nowait(None)
            await asyncio.sleep(max(0.0, began + number / self._messages - time.monotonic()))

    async def _speak(self, until: float) -> None:
        """Plays one script after the other, each in full; another stream is opened for the one that ends."""
        while time.monotonic() < until:
            followed, script = await self._open.get()
            replies: list[dict[str, Any]] = []
            for number, turn in enumerate(script["turns"]):
                await self._ticks.get()
                began = time.monotonic()
                self._load.in_time += began < until
                replies = await followed.send(f"m{number}", said(turn, replies))
                self._load.turns.append(time.monotonic() - began)
            await self._open_one()
            self._load.wrong.update(await followed.end())
            self._load.behind += followed.behind()
            self._load.conversations += 1


async def _run(url: str, talk: Talk, streams: int, messages: float, seconds: float) -> Load:
    turns = sum(len(script["turns"]) for script in talk.scripts) / len(talk.scripts)
    scripts = iter(talk.fresh(streams + SPEAKERS + round(messages * seconds / turns) + len(talk.scripts)))
    limits = httpx.Limits(max_connections=None)
    page = {"Origin": PAGE}
    async with httpx.AsyncClient(base_url=url, headers=page, timeout=60, limits=limits, trust_env=False) as http:
        return await Streaming(http, scripts, streams, messages).run(seconds)


def measure(
    console: Console, streams: int = STREAMS, messages: float = MESSAGES_A_SECOND, seconds: float = SECONDS
) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as system:
        with system.database.write() as session:
            session.execute(update(Shop).values(allowed_origins=[PAGE]))
        load = asyncio.run(_run(system.url, Talk(system), streams, messages, seconds))
        gateway = next(each.resident_mb for each in processes_of(system) if "-m gateway" in each.command)
    table = Table("what", "measured", title=f"{streams} open streams, {messages:g} messages/s, {seconds:g} s")
    table.add_row("messages sent, a second", f"{load.in_time:,}, {load.in_time / seconds:.1f}")
    table.add_row("conversations in full", f"{load.conversations:,}")
    table.add_row("a turn, p50 / p95 / p99", _quantiles(load.turns))
    table.add_row("its last event after the answer, p50 / p95 / p99", _quantiles(load.behind))
    for wrong in ("lost", "doubled", "out of order", "different", "stream ended", "unavailable"):
        table.add_row(wrong, f"{load.wrong[wrong]:,}")
    table.add_row("the gateway's memory", f"{gateway:,.0f} MB")
    console.print(table)


def _quantiles(seconds: list[float]) -> str:
    cut = quantiles(seconds, n=100)
    return " / ".join(f"{cut[percent - 1] * 1000:.0f} ms" for percent in (50, 95, 99))


if __name__ == "__main__":
    told = [float(each) for each in sys.argv[1:]]
    streams, messages, seconds = *told, *(STREAMS, MESSAGES_A_SECOND, SECONDS)[len(told) :]
    measure(Console(), int(streams), messages, seconds)
