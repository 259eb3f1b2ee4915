"""`aftercare serve`: the whole system, or one part of it, without setting anything up."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import httpx

from casework.clock import Clock
from cli.demo import load_demo
from cli.parts import NAMES, System, model_of, system
from cli.ports import PortError
from cli.screen import Screen
from cli.supervisor import Patience, Supervisor
from order_store import Database, StoreError, database_url

ROOT = Path(__file__).resolve().parent.parent
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_UNTIL_TOLD = 30


class NotReadyError(Exception):
    """Something that serving needs has not been made; the message says with which command to make it."""


def serve(only: str | None = None, root: Path = ROOT, patience: Patience | None = None) -> int:
    """Runs the system until Ctrl-C or SIGTERM; 0 then, 1 when it could not start or stay up (told on stderr).

    `only` names the one part to run: web, rasa, actions or worker.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whatever a part prints, a screen that cannot show a character shows a question mark.
        sys.stdout.reconfigure(errors="replace")
    variables = dict(os.environ)
    try:
        demand_made(root, variables, only)
        made = system(root, variables, only)
        if made.dialogues is not None:
            log_ahead(made.dialogues)
        lines = _to_try(variables) if only is None else []
    except (NotReadyError, PortError, StoreError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    problem_met = asyncio.run(_run(made, lines, patience))
    if problem_met is not None:
        sys.stderr.write(f"{problem_met}\n")
        return 1
    return 0


def demand_made(root: Path, variables: Mapping[str, str], only: str | None) -> None:
    """Checks that what the parts need was made, and the database migrated.

    Raises:
        NotReadyError: naming what is missing and the command that makes it.
        StoreError: the database cannot be reached.
    """
    if only is not None and only not in NAMES:
        raise NotReadyError(f"There is no part {only!r}; --only takes one of: {', '.join(sorted(NAMES))}.")
    if only in (None, "rasa"):
        for path, what, goal in (
            (".venv-rasa/bin/rasa", "Rasa is not installed", "env"),
            ("bot/models/encoder/encoder.onnx", "The sentence encoder is missing", "encoder"),
            (model_of(variables), "The bot is not trained", "train"),
        ):
            if not (root / path).exists():
                raise NotReadyError(f"{what} ({path}). Make it with: python3 scripts/bootstrap.py {goal}")
    if only in (None, "web", "actions", "worker"):
        database = Database(database_url(variables))
        try:
            if not database.is_current():
                raise NotReadyError(
                    f"The database {database.name} does not have this version's tables. "
                    "Make them with: aftercare migrate"
                )
        finally:
            database.dispose()


def log_ahead(dialogues: Path) -> None:
    """Makes Rasa's file of dialogues a write-ahead one, which stays so: a turn then waits for the disk once.

    Raises:
        NotReadyError: the file cannot be made or written.
    """
    try:
        dialogues.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(dialogues)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except (OSError, sqlite3.Error) as error:
        raise NotReadyError(
            f"Rasa's dialogues cannot be kept in {dialogues} ({error}). Choose another file with AFTERCARE_TRACKER_DB."
        ) from None


def _to_try(variables: Mapping[str, str]) -> list[str]:
    """In the demo: its orders, as lines to print."""
    if variables.get("AFTERCARE_ENV") != "demo":
        return []
    database = Database(database_url(variables))
    try:
        return load_demo(database, Clock.from_environment(variables).now()).lines()
    finally:
        database.dispose()


async def _run(made: System, lines: list[str], patience: Patience | None) -> str | None:
    screen = Screen(sys.stdout, [part.name for part in made.parts])
    supervisor = Supervisor(made.parts, screen, patience)
    loop = asyncio.get_running_loop()

    def end() -> None:
        screen.say("Stopping …")
        supervisor.end()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end)
    screen.say(f"Starting {', '.join(part.name for part in made.parts)} …")
    announcing = asyncio.create_task(_announce(made, lines, screen))
    try:
        return await supervisor.run()
    finally:
        announcing.cancel()
        await asyncio.gather(announcing, return_exceptions=True)


async def _announce(made: System, lines: list[str], screen: Screen) -> None:
    """Says when everything is up, and what to try."""
    began = told = asyncio.get_running_loop().time()
    # Nothing of the environment may send this through a proxy.
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        while True:
            state = await _state(http, made.ready_at)
            now = asyncio.get_running_loop().time()
            if state is None:
                break
            if now - told >= SECONDS_UNTIL_TOLD:
                told = now
                screen.say(f"Still starting after {now - began:.0f} s: {state}")
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    screen.say("")
    screen.say(f"Ready: {made.address}   (Ctrl-C stops it)")
    for line in lines:
        screen.say(f"  {line}")


async def _state(http: httpx.AsyncClient, address: str | Path) -> str | None:
    """None when up, else what is missing."""
    if isinstance(address, Path):
        return None if address.exists() else "no sign of life yet"
    try:
        answer = await http.get(address)
    except httpx.HTTPError:
        return "no answer yet"
    if answer.status_code == 200:
        return None
    try:
        parts = answer.json()["parts"]
        return ", ".join(f"{name} {state}" for name, state in parts.items() if state != "ok")
    except (ValueError, KeyError, AttributeError):
        return f"status {answer.status_code}"
