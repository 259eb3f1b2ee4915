"""The gateway's end of all channels: takes what was kept, sender by sender in order, and hands over what is said.

Whatever breaks off is taken up again from the store: by the next look, or by the next process.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from casework.clock import Clock
from casework.log_lines import fields
from gateway.channels.accounts import Accounts
from gateway.channels.errors import NotNow
from gateway.channels.registry import Adapters
from gateway.channels.taking import Ready, Taking
from gateway.channels.telling import hand_over_untold
from gateway.limits import RateLimit
from gateway.problems import ApiError
from gateway.said import UnknownChoiceError
from gateway.turns import Turns
from order_store import Database, Delivery, StoreUnavailable, UnknownConversation, UnknownPicture, channels, dispatches

SECONDS_BETWEEN_LOOKS = 1.0
MOST_AT_ONCE = 16
TRIES = 12
"""Of a delivery that fails for a reason of ours; the last comes about an hour after the first."""

log = logging.getLogger(__name__)


@dataclass
class Hub:
    """`machine` tells the machine's time, `clock` the business's."""

    database: Database
    accounts: Accounts
    adapters: Adapters
    taking: Taking
    turns: Turns
    limit: RateLimit
    clock: Clock
    machine: Callable[[], datetime]
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: dict[tuple[str, str, str], asyncio.Task[None]] = field(default_factory=dict)
    _looking: asyncio.Task[None] | None = None
    _forgot_at: datetime | None = None

    def start(self) -> None:
        """Begin to look; nothing to look for where no channel is switched on."""
        if self.adapters:
            self._looking = asyncio.create_task(self._look_again_and_again())

    def wake(self) -> None:
        """Something was kept."""
        self._news.set()

    async def close(self) -> None:
        """Let what is under way come to its end."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._busy:
            await asyncio.wait(self._busy.values())

    async def _look_again_and_again(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._look()
            except StoreUnavailable as error:
                log.warning("channels wait for the store", extra=fields(reason=str(error)))
            except Exception as error:
                log.error("a look at the channels failed", extra=fields(reason=_place(error)))
            try:
                await asyncio.wait_for(self._news.wait(), SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                continue

    async def _look(self) -> None:
        waiting, untold = await run_in_threadpool(self._read)
        for delivery in waiting:
            sender = (delivery.channel, delivery.shop_key, delivery.sender)
            if sender in self._busy or len(self._busy) >= MOST_AT_ONCE:
                continue
            task = asyncio.create_task(self._take(delivery))
            self._busy[sender] = task
            task.add_done_callback(partial(self._over, sender))
        for correspondent_id in untold:
            await run_in_threadpool(self._tell, correspondent_id)

    def _over(self, sender: tuple[str, str, str], _: asyncio.Task[None]) -> None:
        del self._busy[sender]
        self.wake()

    def _read(self) -> tuple[list[Delivery], list[int]]:
        at = self.machine()
        if self._forgot_at is None or at - self._forgot_at > timedelta(hours=6):
            with self.database.write() as session:
                channels.forget_done(session, at)
            self._forgot_at = at
        with self.database.read() as session:
            # What came by a channel that was switched off since waits until it is on again.
            return channels.waiting_deliveries(session, at, list(self.adapters)), dispatches.untold(session)

    async def _take(self, delivery: Delivery) -> None:
        try:
            self.limit.take(f"{delivery.channel} {delivery.shop_key} {delivery.sender}")
            adapter = self.adapters[delivery.channel, delivery.shop_key]
            ready = await run_in_threadpool(self.taking.ready, delivery, adapter, self.clock.now(), self.machine())
            if ready is None:
                return
            await self._turn(ready)
            await run_in_threadpool(self._finish, delivery.id, ready.correspondent_id)
        except ApiError as error:
            await self._later(delivery, timedelta(seconds=error.retry_after or 5), counts=False)
        except UnknownConversation:
            # It went on elsewhere meanwhile: what was said here begins another one.
            await self._later(delivery, timedelta(), counts=False)
        except NotNow as error:
            log.warning("delivery put off", extra=fields(**_which(delivery), reason=str(error)))
            await self._later(delivery, timedelta(seconds=error.after or 2 ** (delivery.tries + 1)))
        except StoreUnavailable as error:
            # It stays as it is, and is due; the store itself sets the pace.
            log.warning("delivery waits for the store", extra=fields(**_which(delivery), reason=str(error)))
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        except Exception as error:
            log.error("delivery failed", extra=fields(**_which(delivery), reason=_place(error)))
            await self._later(delivery, timedelta(seconds=2**delivery.tries))

    async def _turn(self, ready: Ready) -> None:
        if ready.said is None:
            return
        try:
            await self.turns.take(ready.conversation_id, ready.client_id, ready.said, ready.client, ready.moves)
        except (UnknownPicture, UnknownChoiceError):
            # It was taken before with the pictures it had then, and that turn is answered.
            log.warning("taken before", extra=fields(client_id=ready.client_id))

    def _finish(self, delivery_id: int, correspondent_id: int) -> None:
        with self.database.write() as session:
            hand_over_untold(session, self.adapters, correspondent_id, self.machine())
            channels.finish_delivery(session, delivery_id)

    def _tell(self, correspondent_id: int) -> None:
        with self.database.write() as session:
            hand_over_untold(session, self.adapters, correspondent_id, self.machine())

    async def _later(self, delivery: Delivery, pause: timedelta, *, counts: bool = True) -> None:
        def put_off() -> None:
            with self.database.write() as session:
                if counts and delivery.tries + 1 >= TRIES:
                    log.error("delivery given up", extra=fields(**_which(delivery)))
                    self.taking.give_up(session, delivery, self.machine())
                else:
                    channels.put_off_delivery(session, delivery.id, self.machine() + pause, counts=counts)

        try:
            await run_in_threadpool(put_off)
        except StoreUnavailable as error:
            log.warning("delivery waits for the store", extra=fields(**_which(delivery), reason=str(error)))
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _which(delivery: Delivery) -> dict[str, Any]:
    return {"delivery": delivery.id, "channel": delivery.channel, "shop": delivery.shop_key}


def _place(error: BaseException) -> str:
    """What kind of fault and where in the code; not its words, which could hold what somebody said."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at {', '.join(f'{each.name}:{each.lineno}' for each in frames)}"
