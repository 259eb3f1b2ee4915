"""Fetching what customers write by e-mail from a mailbox (IMAP): kept in the store first, marked as seen afterwards."""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from casework.log_lines import fields
from gateway.channels.email import Email
from gateway.channels.errors import Unreadable
from gateway.channels.telling import keep_heard
from order_store import Database

SECONDS: Final = 30
MOST_AT_ONCE: Final = 50
LARGEST: Final = 24 * 1024 * 1024
EXAMPLE: Final = "imaps://service%40shop.example.com:password@mail.example.com/INBOX"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,15})")

log = logging.getLogger("worker.imap")


class MailboxAddressError(ValueError):
    """AFTERCARE_EMAIL_IMAP_URL cannot be used; the message says what to write."""


@dataclass(frozen=True)
class ImapServer:
    """Where the mailbox is; the certificate is always checked. Without encryption only this machine is talked to."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)
    folder: str

    @classmethod
    def from_url(cls, url: str) -> "ImapServer":
        """Raises MailboxAddressError."""
        problem = MailboxAddressError(f"AFTERCARE_EMAIL_IMAP_URL is no address of a mailbox; write {EXAMPLE}")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise problem from None
        if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username or not parts.password:
            raise problem
        if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
            raise MailboxAddressError("AFTERCARE_EMAIL_IMAP_URL: anybody on the way can read imap://; write imaps://")
        encrypted = parts.scheme == "imaps"
        user, password = unquote(parts.username), unquote(parts.password)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        return cls(parts.hostname, port or (993 if encrypted else 143), encrypted, user, password, folder)


@dataclass(frozen=True)
class Fetching:
    """One mailbox of a shop (its key); `machine` tells the machine's time."""

    database: Database
    server: ImapServer
    reader: Email
    shop: str
    machine: Callable[[], datetime]

    def fetch(self) -> bool:
        """Keeps what was not seen yet; whether there may be more. Raises StoreUnavailable."""
        try:
            client = self._connected()
        except (OSError, imaplib.IMAP4.error) as error:
            log.warning("mailbox away", extra=fields(shop=self.shop, reason=type(error).__name__))
            return False
        try:
            return self._fetched(client)
        except (OSError, imaplib.IMAP4.error) as error:
            log.warning("mailbox broke off", extra=fields(shop=self.shop, reason=type(error).__name__))
            return False
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def _connected(self) -> imaplib.IMAP4:
        server = self.server
        if server.encrypted:
            context = ssl.create_default_context()
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=SECONDS)
        else:
            client = imaplib.IMAP4(server.host, server.port, timeout=SECONDS)
        client.login(server.user, server.password)
        return client

    def _fetched(self, client: imaplib.IMAP4) -> bool:
        client.select('"' + self.server.folder.replace('"', "") + '"')
        _, found = client.uid("SEARCH", "UNSEEN")
        unseen = (found[0] or b"").split()
        for uid in unseen[:MOST_AT_ONCE]:
            number = uid.decode("ascii")
            if not self._is_too_large(client, number):
                _, told = client.uid("FETCH", number, "(BODY.PEEK[])")
                self._keep(next((part[1] for part in told if isinstance(part, tuple)), b""))
            client.uid("STORE", number, "+FLAGS", r"(\Seen)")
        return len(unseen) > MOST_AT_ONCE

    def _is_too_large(self, client: imaplib.IMAP4, number: str) -> bool:
        """Asked before the mail is fetched, which is then held in memory."""
        _, told = client.uid("FETCH", number, "(RFC822.SIZE)")
        found = _SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
        size = int(found[1]) if found is not None else 0
        if size > LARGEST:
            log.warning("mail too large", extra=fields(shop=self.shop, bytes=size))
        return size > LARGEST

    def _keep(self, content: bytes) -> None:
        """A mail nobody can read, or too large a one, is left to people: it stays in the mailbox, seen."""
        try:
            heard = self.reader.read_mail(content)
        except Unreadable as error:
            log.warning("mail unreadable", extra=fields(shop=self.shop, reason=str(error)))
            return
        for each in heard:
            with self.database.write() as session:
                keep_heard(session, ("email", self.shop), each, self.machine())
