"""Holding on to a claimed letter for as long as sending it takes."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from order_store import Database, Letter, StoreUnavailable, outbox


class Lease:
    """A claim, renewed from a thread of its own while the `with` block runs.

    A worker that dies renews nothing, so its letter is free again soon, however long a letter may take to send.
    """

    def __init__(
        self, database: Database, letter: Letter, until: datetime, length: timedelta, machine: Callable[[], datetime]
    ) -> None:
        """`until` is what the claim was made for; `machine` tells the machine's time."""
        self._database = database
        self._letter = letter
        self._until = until
        self._length = length
        self._machine = machine
        self._over = threading.Event()

    @property
    def holds(self) -> bool:
        """Whether nobody else can have claimed the letter; not so after a machine has slept, for one."""
        return self._machine() < self._until

    def __enter__(self) -> Self:
        threading.Thread(target=self._renew, name="lease", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # Not waited for: a renewal that comes after the letter is settled changes nothing.
        self._over.set()

    def _renew(self) -> None:
        while not self._over.wait(self._length.total_seconds() / 3):
            until = self._machine() + self._length
            with suppress(StoreUnavailable), self._database.write() as session:
                if not outbox.extend(session, self._letter, until):
                    return
                self._until = until
