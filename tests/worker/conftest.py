"""A store with letters in it, a mail server to send them to, and workers to send them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from order_store import Database, Letter, outbox
from tests.casework.orders import NOW, a_line, open_shops, tell, the_line, told
from tests.worker.mail_server import MailServer
from worker.delivering import Delivering, Retrying
from worker.gate import Gate
from worker.mail import Mailbox
from worker.smtp import SmtpMailbox, SmtpPatience, SmtpServer

MACHINE = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
"""The machine's time: far from the shop's, which stands still."""

RETRYING = Retrying(tries=3, first=timedelta(seconds=10), longest=timedelta(minutes=1))


class Machine:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = MACHINE

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer().listening() as server:
        yield server


@pytest.fixture
def store(database: Database) -> Database:
    """One of each kind, with shops and an order whose item has run out."""
    return furnished(database)


@pytest.fixture
def sqlite_store(sqlite_database: Database) -> Database:
    return furnished(sqlite_database)


def furnished(database: Database) -> Database:
    open_shops(database)
    tell(database, told(shipments=[], lines=[a_line(stock="out_of_stock")]))
    return database


def queued(database: Database, count: int = 1) -> list[int]:
    """The ids of so many letters, queued."""
    with database.write() as session:
        line = the_line(session)
        return [
            outbox.queue(
                session,
                shop=line.order.shop,
                kind="item_out_of_stock",
                key=f"test:{number}",
                now=NOW,
                customer_id=line.order.customer_id,
                variables={"line": line.id, "restock_expected_on": None, "amount": None},
            ).id
            for number in range(count)
        ]


def letter(database: Database, letter_id: int = 1) -> Letter:
    with database.read() as session:
        return session.get_one(Letter, letter_id)


def smtp(server: MailServer, to_talk: float = 10.0, for_the_yes: float = 10.0) -> SmtpMailbox:
    return SmtpMailbox(SmtpServer("127.0.0.1", server.port, "none"), SmtpPatience(to_talk, for_the_yes))


def a_worker(database: Database, mailbox: Mailbox, machine: Any, **changes: Any) -> Delivering:
    given = {"business": lambda: NOW, "gate": Gate(), "stopping": threading.Event(), "retrying": RETRYING}
    return Delivering(database, mailbox, machine=machine, **given | changes)


@contextmanager
def working(server: MailServer, database: Database, machine: Machine, **patience: float) -> Iterator[Delivering]:
    """A worker that sends by SMTP; its connection is closed at the end."""
    mailbox = smtp(server, **patience)
    try:
        yield a_worker(database, mailbox, machine)
    finally:
        mailbox.rest()
