"""A mail server that takes its time, so that a worker is often killed while it waits for the yes."""

import asyncio
import random
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.worker.mail_server import Keeper, MailServer, Protocol

LONGEST = 0.6
"""Seconds before a letter is kept, and again before the yes."""


class SlowMailServer(MailServer):
    """Like `MailServer`, only slower."""

    def __init__(self, rng: random.Random, **how: Any) -> None:
        super().__init__(**how)
        self._rng = rng

    def _protocol(self) -> SMTP:
        self.connections += 1
        return Protocol(self, SlowKeeper(self, self._rng), loop=self._loop, enable_SMTPUTF8=True, **self._how)


class SlowKeeper(Keeper):
    """Keeps what is taken, some time before it says so."""

    def __init__(self, office: MailServer, rng: random.Random) -> None:
        super().__init__(office)
        self._rng = rng

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self._rng.uniform(0, LONGEST))
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(self._rng.uniform(0, LONGEST))
        return answer
