"""The four main conversations through the gateway: how long a turn takes, and how many a second go through."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median
from typing import Any

import httpx

from order_store import import_orders
from tests.conversations.player import on_orders_of_its_own
from tests.conversations.scripts import MAIN, scripts_of
from tests.running import CLOCK, System

USERS = 8
ROUNDS = 3
SECONDS = 20.0


class Talk:
    """Plays the main conversations over and over, each time on a fresh order."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.scripts = [scripts_of(name)[0] for name in MAIN]
        self._count = itertools.count(1)

    def turn_seconds(self, rounds: int = ROUNDS) -> float:
        """The median time of a turn with one user."""
        self._converse(self.fresh(len(self.scripts)))  # warms everything up
        return median(seconds for _ in range(rounds) for seconds in self._converse(self.fresh(len(self.scripts))))

    def messages_a_second(self, users: int = USERS, seconds: float = SECONDS) -> float:
        """Turns answered a second with `users` at once, none of them pausing."""
        enough = self.fresh(len(self.scripts) * users * int(seconds))
        batches = [iter(enough[user::users]) for user in range(users)]
        until = time.perf_counter() + seconds

        def talk(batch: Any) -> int:
            turns = 0
            for script in batch:
                if time.perf_counter() >= until:
                    break
                turns += len(self._converse([script], until))
            return turns

        began = time.perf_counter()
        with ThreadPoolExecutor(users) as pool:
            turns = sum(pool.map(talk, batches))
        return turns / (time.perf_counter() - began)

    def fresh(self, how_many: int) -> list[dict[str, Any]]:
        """As many scripts, each with an order of its own that is in the store."""
        scripts, orders = [], []
        for script in itertools.islice(itertools.cycle(self.scripts), how_many):
            fresh = on_orders_of_its_own(script, f"{next(self._count):06d}")
            orders += fresh["orders"]
            scripts.append(fresh)
        report = import_orders(self._system.database, orders, datetime.fromisoformat(CLOCK))
        if report.refused:
            raise RuntimeError(f"orders refused: {report.refused[:3]}")
        return scripts

    def _converse(self, scripts: list[dict[str, Any]], until: float = float("inf")) -> list[float]:
        taken = []
        with httpx.Client(base_url=self._system.url, timeout=60) as client:
            for script in scripts:
                opened = client.post("/api/v1/sessions", json={"shop": script["shop"]})
                headers = {"Authorization": f"Bearer {opened.raise_for_status().json()['token']}"}
                replies: list[dict[str, Any]] = []
                for index, turn in enumerate(script["turns"]):
                    if time.perf_counter() >= until:
                        break
                    body = {"client_id": f"m{index}", **said(turn, replies)}
                    began = time.perf_counter()
                    answer = client.post("/api/v1/messages", json=body, headers=headers)
                    taken.append(time.perf_counter() - began)
                    replies = answer.raise_for_status().json()["replies"]
        return taken


def said(turn: dict[str, Any], replies: list[dict[str, Any]]) -> dict[str, str]:
    if "says" in turn:
        return {"text": turn["says"]}
    offered = {choice["label"]: choice["id"] for reply in replies for choice in reply["choices"]}
    label = turn["chooses"]
    # A bot that understood something else offers something else; the load goes on with the words.
    return {"choice": offered[label]} if label in offered else {"text": label}
