"""Many clients who say the same yes at the same moment: as threads, and as threads of several processes."""

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from queue import SimpleQueue
from typing import Any, Protocol

from casework.granting import grant
from casework.tickets import APPROVE, open_ticket
from order_store import Database, StoreUnavailable
from policy_core import RemedyName
from tests.casework.orders import NOW, ON_ITS_WAY, a_dossier, a_line, line_of, told

GIVES_UP_AFTER = 120.0
UNSHIPPED: list[dict[str, Any]] = []
OUT_OF_STOCK = [a_line(stock="out_of_stock", restock_expected_on="2026-03-24")]


class Start(Protocol):
    """A barrier, of threads or of processes."""

    def wait(self) -> int: ...


@dataclass(frozen=True)
class Wish:
    """What all of them want: the order it is about, and the yes. `remedies`: the clients take them in turn; "" is a
    person, asked for in one and the same conversation."""

    shop: str
    goal: str
    remedies: tuple[str, ...]
    slots: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        return told(shop=self.shop, **self.order)


WISHES = {
    "rma": Wish("quill", "return_item", ("return_refund",), {"reason": "change_of_mind"}),
    "dispute": Wish("bazaar", "missing_order", ("dispute",), {}, {"shipments": [ON_ITS_WAY]}),
    "cancellation": Wish("quill", "cancel_order", ("cancel",), {}, {"shipments": UNSHIPPED}),
    "wait": Wish("quill", "out_of_stock", ("wait_backorder",), {}, {"shipments": UNSHIPPED, "lines": OUT_OF_STOCK}),
    "refund": Wish("quill", "out_of_stock", ("refund_now",), {}, {"shipments": UNSHIPPED, "lines": OUT_OF_STOCK}),
    "either": Wish(
        "quill",
        "out_of_stock",
        ("wait_backorder", "refund_now"),
        {},
        {"shipments": UNSHIPPED, "lines": OUT_OF_STOCK},
    ),
    "approval": Wish("workshop", "return_item", ("return_refund",), {"reason": "change_of_mind"}),
    "person": Wish("quill", "human_handoff", ("",)),
}


@dataclass(frozen=True)
class Given:
    """What one client was told; `again`: it was there before."""

    kind: str
    number: str | None
    refund: tuple[str, str] | None
    again: bool


def say_yes(database: Database, wish: Wish, client: int) -> Given:
    """One client's yes, as often as it takes to be heard: a store that is busy says so, and to try again."""
    gives_up = time.monotonic() + GIVES_UP_AFTER
    while True:
        try:
            return _say_yes(database, wish, f"c{client}:1", wish.remedies[client % len(wish.remedies)])
        except StoreUnavailable:
            if time.monotonic() > gives_up:
                raise


def _say_yes(database: Database, wish: Wish, key: str, remedy: str) -> Given:
    dossier = a_dossier(wish.goal, shop=wish.shop, **wish.slots)
    with database.write() as session:
        line = line_of(session, dossier)
        if not remedy:
            ticket = open_ticket(session, dossier, why="asked_for_person", now=NOW, key=key, line=line)
            return Given("ticket", ticket.number, None, not ticket.idempotency_key.startswith(f"ticket:{key}:"))
        granted = grant(session, dossier, line, RemedyName(remedy), NOW, key)
        if granted.kind != "person":
            return Given(granted.kind, granted.number, granted.refund, granted.again)
        ticket = open_ticket(
            session, dossier, why=f"{APPROVE}{remedy}", now=NOW, key=key, line=line, judged=granted.judged
        )
        return Given("ticket", ticket.number, None, not ticket.idempotency_key.startswith(f"ticket:{key}:"))


def threads(database: Database, wish: Wish, clients: Sequence[int], start: Start) -> list[Given | BaseException]:
    """What each of `clients` was given, all of them beginning once `start` lets them."""
    given: SimpleQueue[Given | BaseException] = SimpleQueue()

    def ask(client: int) -> None:
        try:
            start.wait()
            given.put(say_yes(database, wish, client))
        except BaseException as error:
            given.put(error)

    asking = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return [given.get() for _ in clients]


def processes(url: str, wish: Wish, clients: int, count: int) -> list[Given | BaseException]:
    """The same, from `count` processes, each with a store of its own and its part of the clients."""
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(clients), context.SimpleQueue()
    parts = [range(first, clients, count) for first in range(count)]
    working = [context.Process(target=_process, args=(url, wish, part, start, results)) for part in parts]
    for process in working:
        process.start()
    given = [each for _ in working for each in results.get()]
    for process in working:
        process.join()
    return given


def _process(url: str, wish: Wish, clients: Sequence[int], start: Barrier, results: Any) -> None:
    database = Database(url)
    results.put(threads(database, wish, clients, start))
    database.dispose()
