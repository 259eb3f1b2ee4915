"""The shops this gateway answers for, read from the store every few seconds and not for every call."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from order_store import Database, Shop

SECONDS_KEPT = 2.0
"""How long a change of a shop's settings may take to show."""


class KnownShops:
    """Every shop of the store, as it was at most `SECONDS_KEPT` ago by `seconds`, a clock that never goes back."""

    def __init__(self, database: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._shops: Mapping[str, Shop] = {}
        self._read_at = float("-inf")

    async def all(self) -> Mapping[str, Shop]:
        """Every shop by its key, in the order of their names.

        Raises:
            StoreUnavailable: what is known is too old, and the store does not answer.
        """
        began = self._seconds()
        if began - self._read_at >= SECONDS_KEPT:
            self._shops = await run_in_threadpool(self._read)
            self._read_at = began
        return self._shops

    def _read(self) -> Mapping[str, Shop]:
        with self._database.read() as session:
            return {shop.key: shop for shop in session.scalars(select(Shop).order_by(Shop.name, Shop.key))}
