"""A storm: customers who keep at it, a killer among the processes, and everything that was told written down."""

import random
import threading
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from order_store import Database, StoreUnavailable, import_orders, outbox
from tests.chaos.chat import Chat, Unanswered
from tests.chaos.customer import settle
from tests.chaos.house import House, until
from tests.chaos.killing import Killer
from tests.chaos.matters import Matter, matters
from tests.running import CLOCK

TWINS = 0.25
"""How many matters two sessions press for at the same time."""
SENT_AGAIN = 0.15
"""How many answered messages are sent once more."""
DRAINED_WITHIN = 240.0


@dataclass
class Talk:
    """What one session was told about a matter. `wrong`: what went wrong in the talking itself."""

    matter: Matter
    chat: Chat | None = None
    wrong: str | None = None
    told_otherwise: list[str] = field(default_factory=list)
    """Client ids under which a second sending was answered otherwise than the first."""


class Storm:
    """`customers` of them at once, on orders of their own, until `stop`; each matter begun is brought to its end."""

    def __init__(self, url: str, database: Database, rng: random.Random, customers: int) -> None:
        self.talks: list[Talk] = []
        self.faults: list[str] = []
        self._url = url
        self._database = database
        self._matters = matters(rng)
        self._rng = rng
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._customer, args=(place,)) for place in range(customers)]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """No new matters; waits until those under way are settled."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _customer(self, place: int) -> None:
        try:
            while not self._over.is_set():
                with self._lock:
                    matter, twins = next(self._matters), self._rng.random() < TWINS
                    seeds = [self._rng.random() for _ in range(2 if twins else 1)]
                self._tell(matter)
                talks = [Talk(matter) for _ in seeds]
                with self._lock:
                    self.talks += talks
                self._at_once(talks, seeds, place)
        except Exception:
            self.faults.append(traceback.format_exc())

    def _at_once(self, talks: Sequence[Talk], seeds: Sequence[float], place: int) -> None:
        threads = [
            threading.Thread(target=self._talk, args=(talk, f"{talk.matter.number}-{number}", place, seed))
            for number, (talk, seed) in enumerate(zip(talks, seeds, strict=True))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _talk(self, talk: Talk, name: str, place: int, seed: float) -> None:
        rng = random.Random(seed)
        try:
            with httpx.Client(base_url=self._url) as client:
                talk.chat = chat = Chat(client, talk.matter.kind.shop, name, address=f"203.0.113.{place + 1}")
                settle(chat, talk.matter)
                if rng.random() < SENT_AGAIN and chat.sends_again() != chat.last.replies:
                    talk.told_otherwise.append(chat.last.client_id)
        except Unanswered as problem:
            talk.wrong = str(problem)
        except Exception:
            talk.wrong = traceback.format_exc()

    def _tell(self, matter: Matter) -> None:
        """Imports the matter's order, as often as it takes."""

        def told() -> bool:
            try:
                report = import_orders(self._database, [matter.order], datetime.fromisoformat(CLOCK))
            except StoreUnavailable:
                return False
            assert not report.refused, report.refused
            return True

        until(told, 120.0, f"the order {matter.number} is in the store")


def rage(house: House, storm: Storm, killer: Killer) -> None:
    """The storm from its beginning until the last customer is served and the last letter has left."""
    storm.begin()
    try:
        killer.run()
    finally:
        storm.end()
    until(lambda: not waiting(house.database), DRAINED_WITHIN, "the outbox is empty")


def waiting(database: Database) -> int:
    """How many letters wait."""
    try:
        with database.read() as session:
            return outbox.count_letters(session).get("waiting", 0)
    except StoreUnavailable:
        return -1


def chats(talks: Sequence[Talk]) -> Iterator[Chat]:
    """The sessions that were opened."""
    return (talk.chat for talk in talks if talk.chat is not None)
