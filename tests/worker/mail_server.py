"""A real SMTP server on loopback, that takes letters, refuses them, hangs or drops the line as it is told."""

import asyncio
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG = "hang"
DROP = "drop"
"""At "letter": the server has the letter for good, and its yes is lost."""
PAUSE = "pause"
"""At "letter": takes it and says yes once `released` is set, if the line still stands then."""


@dataclass(frozen=True)
class Taken:
    """A letter the server has said yes to, and who it was for by the envelope."""

    recipients: list[str]
    sender: str
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class MailServer:
    """Listens once started. `answers[step]` holds what to do instead of saying yes, each once.

    Steps: mail, rcpt, data (the command), middle (of the letter), letter (its end), after (the yes). An answer is
    a line such as "451 try later", HANG, DROP or PAUSE. `reached[step]` is set when the step comes for the first time.
    """

    def __init__(self, **how: Any) -> None:
        self.answers: dict[str, deque[str]] = defaultdict(deque)
        self.reached: dict[str, threading.Event] = defaultdict(threading.Event)
        self.taken: list[Taken] = []
        self.released = threading.Event()
        self.connections = 0
        self.logins: list[str] = []
        self.port = 0
        self._how = how
        self._loop = asyncio.new_event_loop()

    def told(self, step: str) -> str | None:
        self.reached[step].set()
        return self.answers[step].popleft() if self.answers[step] else None

    @contextmanager
    def listening(self) -> Iterator["MailServer"]:
        up = threading.Event()
        thread = threading.Thread(target=self._serve, args=(up,), daemon=True)
        thread.start()
        assert up.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)

    def _serve(self, up: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        implicit: ssl.SSLContext | None = self._how.pop("implicit", None)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=implicit)
        )
        self.port = server.sockets[0].getsockname()[1]
        up.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _protocol(self) -> SMTP:
        self.connections += 1
        return Protocol(self, Keeper(self), loop=self._loop, **{"enable_SMTPUTF8": True, **self._how})

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"p@ss:word", handled=False)


class Keeper:
    """Keeps what is taken."""

    def __init__(self, office: MailServer) -> None:
        self._office = office

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        told = self._office.told("letter")
        if told not in (None, DROP, HANG, PAUSE):
            return told
        while told == PAUSE and not self._office.released.is_set():
            await asyncio.sleep(0.01)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if told != HANG:
            self._office.taken.append(Taken(list(envelope.rcpt_tos), envelope.mail_from or "", message))
        if told == HANG:
            await asyncio.sleep(3600)
        if told == DROP:
            server.transport.abort()
        return "250 taken"


class Protocol(SMTP):
    """aiosmtpd's server, which can be told to misbehave at each step."""

    def __init__(self, office: MailServer, *arguments: Any, **how: Any) -> None:
        super().__init__(*arguments, **how)
        self._office = office

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if not await self._misbehaves("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        if not await self._misbehaves("rcpt"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self._misbehaves("data"):
            return
        if self._office.answers["middle"]:
            await self.push("354 go ahead")
            await self._reader.readuntil(b"\r\n")
            await self._misbehaves("middle")
            return
        await super().smtp_DATA(arg)
        if self._office.told("after") == DROP and self.transport is not None:
            self.transport.close()

    async def _misbehaves(self, step: str) -> bool:
        told = self._office.told(step)
        if told is None:
            return False
        if told == HANG:
            await asyncio.sleep(3600)
        if told == DROP:
            self.transport.abort()
        else:
            await self.push(told)
        return True
