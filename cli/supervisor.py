"""Keeps the parts of the system running and ends them together.

A part that dies is started again, later each time; one that dies five times soon after its start, or that
says its settings cannot be used (exit code 2), ends the whole. To end it all the parts are told one after
the other, the last started first, and killed when time is up. Each is the head of a process group of its
own, so that a terminal's Ctrl-C reaches the supervisor alone, and tethered to it (see tether.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.screen import Lines, Screen

TETHER = Path(__file__).with_name("tether.py")
UNUSABLE_SETTINGS = 2


@dataclass(frozen=True)
class Part:
    """One process of the system: `command` run in `folder`; with a `log`, its chatter goes there.

    With a `grace` (seconds) it is killed when it has not ended so long after it was told to: for one that
    has nothing to lose and takes its time.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path | None = None
    grace: float | None = None


@dataclass(frozen=True)
class Patience:
    """How long things may take, in seconds."""

    to_end: float = 10.0
    """From the first word to end until whatever still runs is killed."""
    to_settle: float = 60.0
    """A part that dies sooner after its start died quickly."""
    deaths: int = 5
    """Quick deaths in a row that end the whole."""
    pause: float = 0.5
    """Before the first restart; doubled each time, at most `longest_pause`."""
    longest_pause: float = 10.0


SECONDS_TO_DIE = 2.0
"""How long a killed part may take to be gone."""


class Supervisor:
    """Runs parts, in the order given; ends them in the opposite one."""

    def __init__(self, parts: Sequence[Part], screen: Screen, patience: Patience | None = None) -> None:
        """Nothing is started before `run`."""
        self._parts = parts
        self._screen = screen
        self._patience = patience or Patience()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._ending = False
        self._problem: str | None = None
        self._over = asyncio.Event()

    def end(self) -> None:
        """Ends it all; said a second time, at once."""
        if self._over.is_set():
            self._kill()
        self._over.set()

    async def run(self) -> str | None:
        """Runs until `end`; returns None then, or the sentence that says why a part could not be kept running."""
        keepers = [asyncio.create_task(self._keep(part)) for part in self._parts]
        await self._over.wait()
        self._ending = True
        await self._end_all()
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        return self._problem

    async def _keep(self, part: Part) -> None:
        deaths = 0
        while not self._ending:
            began = time.monotonic()
            lines = Lines(lambda line: self._screen.show(part.name, line), part.log)
            status = await self._run_once(part, lines)
            if self._ending:
                return
            lasted = time.monotonic() - began
            deaths = deaths + 1 if lasted < self._patience.to_settle else 1
            if status == UNUSABLE_SETTINGS or deaths >= self._patience.deaths:
                self._give_up(part, lines, deaths, status)
                return
            pause = min(self._patience.pause * 2 ** (deaths - 1), self._patience.longest_pause)
            self._screen.say(f"{part.name} ended ({_ending_of(status)}); starting it again in {pause:g} s.")
            await asyncio.sleep(pause)

    async def _run_once(self, part: Part, lines: Lines) -> int:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-IS", str(TETHER), str(os.getpid()), *part.command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=part.folder,
            env=dict(part.environment),
            start_new_session=True,
        )
        self._running[part.name] = process
        if self._ending:
            _signal(process, signal.SIGTERM)
        reader = asyncio.create_task(_read(process, lines))
        try:
            return await process.wait()
        finally:
            # What the part itself started and left behind must not outlive it, nor hold its output open.
            _signal(process, signal.SIGKILL)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader, timeout=1)
            lines.end()
            self._running.pop(part.name, None)

    def _give_up(self, part: Part, lines: Lines, deaths: int, status: int) -> None:
        if self._problem is not None:
            return
        told = "\n".join(f"  {line}" for line in lines.last)
        where = f" All of it is in {part.log}." if part.log else ""
        what = (
            "says that its settings cannot be used"
            if status == UNUSABLE_SETTINGS
            else f"ended {deaths} times soon after its start ({_ending_of(status)})"
        )
        self._problem = f"{part.name} {what}, so everything stops.{where} Its last lines:\n{told}"
        self._over.set()

    async def _end_all(self) -> None:
        until = time.monotonic() + self._patience.to_end
        for part in reversed(self._parts):
            process = self._running.get(part.name)
            if process is None:
                continue
            _signal(process, signal.SIGTERM)
            # A part that clings on is given half of what is left, then the next is told.
            seconds = (until - time.monotonic()) / 2
            if part.grace is None or seconds < part.grace:
                await self._wait(process, seconds)
            else:
                await self._wait(process, part.grace)
                _signal(process, signal.SIGKILL)
        while self._running and time.monotonic() < until:
            await asyncio.sleep(0.05)
        self._kill()
        # The kernel takes its moment; until then they are not gone.
        await asyncio.gather(*(self._wait(process, SECONDS_TO_DIE) for process in list(self._running.values())))

    async def _wait(self, process: asyncio.subprocess.Process, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), timeout=max(seconds, 0))

    def _kill(self) -> None:
        for process in list(self._running.values()):
            _signal(process, signal.SIGKILL)


async def _read(process: asyncio.subprocess.Process, lines: Lines) -> None:
    if process.stdout is not None:
        while piece := await process.stdout.read(65536):
            lines.feed(piece)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the process and all it started: the whole group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _ending_of(status: int) -> str:
    if status < 0:
        return f"by {signal.Signals(-status).name}"
    return f"with exit code {status}"
