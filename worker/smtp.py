"""A mailbox behind an SMTP server.

The conversation is held step by step, since what an answer means depends on the step. Until the line with the
single dot has gone out the server has promised nothing, and a letter can be tried again without harm; from then
on only its answer tells. So the dot is waited for as long as RFC 5321 asks, and nobody may leave meanwhile.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Final, Literal

from worker.mail import Mail, NotDelivered, Refused

Encryption = Literal["starttls", "implicit", "none"]

_LINE_OF_A_DOT: Final = re.compile(rb"(?m)^\.")
_GO_AHEAD: Final = 354
_MAILBOX_FULL: Final = 552  # for a recipient it passes, whatever its first digit says (RFC 5321, 4.5.3.1.10)
_CLOSING: Final = 421


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where the server is and how to talk to it. The certificate is always checked, unless `encryption` is none."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SmtpPatience:
    """In seconds."""

    to_talk: float = 30.0
    """From the greeting to the end of the letter."""
    for_the_yes: float = 600.0
    """After the end of the letter (RFC 5321, 4.5.3.2.6): who leaves earlier has it sent twice."""


class SmtpMailbox:
    """Sends letters one at a time; the connection stays open from one to the next."""

    def __init__(self, server: SmtpServer, patience: SmtpPatience | None = None) -> None:
        """Connects to nothing yet."""
        self._server = server
        self._patience = patience or SmtpPatience()
        self._client: smtplib.SMTP | None = None

    @property
    def name(self) -> str:
        """The server, without its password."""
        scheme = "smtps" if self._server.encryption == "implicit" else "smtp"
        return f"{scheme}://{self._server.host}:{self._server.port}"

    @property
    def lease(self) -> timedelta:
        """Renewed while a conversation lasts, so it need not outlast one."""
        return timedelta(seconds=self._patience.to_talk + 15)

    def deliver(self, mail: Mail, enter: Callable[[], None]) -> None:
        """Hands the letter over. Raises NotDelivered or Refused; nothing of it is kept open then."""
        try:
            self._converse(mail, enter)
        except BaseException as error:
            self._hang_up()
            if isinstance(error, OSError):  # smtplib's own errors are among these
                raise NotDelivered(type(error).__name__, _told_by(error)) from error
            raise

    def rest(self) -> None:
        """Says goodbye to the server."""
        if self._client is not None:
            with suppress(OSError):
                self._client.quit()
            self._hang_up()

    def _converse(self, mail: Mail, enter: Callable[[], None]) -> None:
        client = self._begun(mail)
        code, answer = client.rcpt(mail.recipient)
        if code not in (250, 251):
            raise _failure("rcpt", code, answer, may_be_final=code != _MAILBOX_FULL)
        with self._limited(client):
            code, answer = client.docmd("DATA")
            if code != _GO_AHEAD:
                raise _failure("data", code, answer)
            client.send(_LINE_OF_A_DOT.sub(b"..", mail.content))
        enter()
        code, answer = self._ended(client)
        if code != 250:
            raise _failure("letter", code, answer)

    def _begun(self, mail: Mail) -> smtplib.SMTP:
        """A connection on which the server has taken the sender; one that was left open may have been closed."""
        if self._client is not None:
            with suppress(OSError):
                code, answer = self._say_sender(self._client, mail)
                if code == 250:
                    return self._client
                if code != _CLOSING:
                    raise _failure("mail", code, answer, may_be_final=False)
            self._hang_up()
        self._client = self._connected()
        code, answer = self._say_sender(self._client, mail)
        if code != 250:
            # It is the shop's own address that is refused here: a setting to mend, not a letter to give up.
            raise _failure("mail", code, answer, may_be_final=False)
        return self._client

    def _say_sender(self, client: smtplib.SMTP, mail: Mail) -> tuple[int, bytes]:
        options = [f"size={len(mail.content)}"] if client.has_extn("size") else []
        if mail.international:
            if not client.has_extn("smtputf8"):
                raise Refused("smtputf8", "the mail server takes no address with letters beyond ASCII")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        with self._limited(client):
            return client.mail(mail.sender, options)

    def _connected(self) -> smtplib.SMTP:
        server, seconds = self._server, self._patience.to_talk
        if server.encryption == "implicit":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=_own_name(),
                timeout=seconds,
                context=ssl.create_default_context(),
            )
        else:
            client = smtplib.SMTP(server.host, server.port, local_hostname=_own_name(), timeout=seconds)
        try:
            with self._limited(client):
                client.ehlo_or_helo_if_needed()
                if server.encryption == "starttls":
                    client.starttls(context=ssl.create_default_context())
                    client.ehlo()
                if server.user is not None:
                    client.login(server.user, server.password or "")
        except BaseException:
            client.close()
            raise
        return client

    def _ended(self, client: smtplib.SMTP) -> tuple[int, bytes]:
        """Ends the letter and waits for the answer."""
        if client.sock is not None:
            client.sock.settimeout(self._patience.for_the_yes)
        client.send(b".\r\n")
        answer = client.getreply()
        if client.sock is not None:
            client.sock.settimeout(self._patience.to_talk)
        return answer

    @contextmanager
    def _limited(self, client: smtplib.SMTP) -> Iterator[None]:
        """Ends a conversation that drags on: a socket's timeout begins anew with every byte that comes."""
        connection = client.sock
        timer = threading.Timer(self._patience.to_talk, _cut, (connection,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def _failure(step: str, code: int, answer: bytes, *, may_be_final: bool = True) -> NotDelivered | Refused:
    final = may_be_final and 500 <= code < 600
    text = f"{code} {answer.decode('utf-8', 'replace')}".strip()
    return (Refused if final else NotDelivered)(f"smtp_{step}_{code}", text)


def _told_by(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return f"{error.smtp_code} {told.decode('utf-8', 'replace') if isinstance(told, bytes) else told}"
    return str(error) or type(error).__name__


def _cut(connection: socket.socket | None) -> None:
    with suppress(OSError):
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)


@cache
def _own_name() -> str:
    """What the worker calls itself; asked once, since the answer may take the resolver seconds."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
