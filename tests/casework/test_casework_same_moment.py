"""Sixty-four clients say the same yes at the same moment: one thing is done, and all of them are told of it."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

import order_store
from order_store import AuditEntry, Base, Database, Letter, start_conversation
from tests.casework.orders import EMAIL, NOW, tell
from tests.casework.same_moment import WISHES, Given, processes, threads
from tests.worker.mail_server import MailServer
from worker.delivering import Delivering
from worker.gate import Gate
from worker.smtp import SmtpMailbox, SmtpServer

CLIENTS = 64
PROCESSES = 4
TABLES: dict[str, type[Base]] = {
    "rmas": order_store.Rma,
    "disputes": order_store.Dispute,
    "cancellations": order_store.Cancellation,
    "choices": order_store.BackorderChoice,
    "refunds": order_store.Refund,
    "tickets": order_store.Ticket,
    "letters": Letter,
}
ONCE = [
    ("rma", {"rmas": 1, "letters": 1}, ["rma.issued", "rma.approve"]),
    ("dispute", {"disputes": 1}, ["dispute.opened"]),
    ("cancellation", {"cancellations": 1, "refunds": 1}, ["line.cancelled", "refund.requested"]),
    ("wait", {"choices": 1}, ["backorder.wait"]),
    ("refund", {"choices": 1, "refunds": 1}, ["backorder.refund", "refund.requested"]),
    ("approval", {"tickets": 1}, ["ticket.opened"]),
    ("person", {"tickets": 1}, ["ticket.opened"]),
]


@pytest.mark.parametrize(("wish", "rows", "audit"), ONCE, ids=[wish for wish, _, _ in ONCE])
def test_sixty_four_at_once_are_given_one_and_the_same(
    shops: Database, wish: str, rows: dict[str, int], audit: list[str]
) -> None:
    tell(shops, WISHES[wish].told)
    _open_conversation(shops)
    given = threads(shops, WISHES[wish], range(CLIENTS), threading.Barrier(CLIENTS))
    assert _told(given) == [1, CLIENTS - 1]
    assert _stored(shops) == rows
    assert _audit(shops) == audit


@pytest.mark.parametrize(("wish", "rows", "audit"), ONCE[:1], ids=["rma"])
def test_sixty_four_in_four_processes_are_given_one_and_the_same(
    shops: Database, wish: str, rows: dict[str, int], audit: list[str]
) -> None:
    tell(shops, WISHES[wish].told)
    url = shops.engine.url.render_as_string(hide_password=False)
    given = processes(url, WISHES[wish], CLIENTS, PROCESSES)
    assert _told(given) == [1, CLIENTS - 1]
    assert _stored(shops) == rows
    assert _audit(shops) == audit


def test_who_waits_and_who_takes_the_money_at_once_leaves_one_choice_and_one_refund(shops: Database) -> None:
    tell(shops, WISHES["either"].told)
    given = threads(shops, WISHES["either"], range(CLIENTS), threading.Barrier(CLIENTS))
    assert {each.kind for each in given if isinstance(each, Given)} <= {"backorder", "refund"}
    assert not [each for each in given if isinstance(each, BaseException)]
    assert _stored(shops) == {"choices": 1, "refunds": 1}
    with shops.read() as session:
        assert session.scalars(select(order_store.BackorderChoice.choice)).all() == ["refund"]
    assert _audit(shops) in (
        ["backorder.refund", "refund.requested"],
        ["backorder.wait", "backorder.refund", "refund.requested"],
    )


def test_sixty_four_at_once_get_one_e_mail_from_four_workers(shops: Database) -> None:
    tell(shops, WISHES["rma"].told)
    (number,) = {
        each.number
        for each in threads(shops, WISHES["rma"], range(CLIENTS), threading.Barrier(CLIENTS))
        if isinstance(each, Given)
    }
    with MailServer().listening() as server:
        workers = [threading.Thread(target=_work, args=(shops, server.port)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        (taken,) = server.taken
    assert taken.recipients == [EMAIL]
    assert str(number) in str(taken.message.get_body(("plain",)))


def _open_conversation(database: Database) -> None:
    with database.write() as session:
        expires_at = NOW + timedelta(days=1)
        start_conversation(session, shop_key="quill", at=NOW, expires_at=expires_at, client="k1", conversation_id="c1")


def _work(database: Database, port: int) -> None:
    mailbox = SmtpMailbox(SmtpServer("127.0.0.1", port, "none"))
    worker = Delivering(
        database,
        mailbox,
        business=lambda: NOW,
        machine=partial(datetime.now, UTC),
        gate=Gate(),
        stopping=threading.Event(),
    )
    while worker.deliver_one():
        pass
    mailbox.rest()


def _told(given: list[Given | BaseException]) -> list[int]:
    """How many were told of something new, and how many of what was there; all of the same, or it is no answer."""
    wrong = [each for each in given if isinstance(each, BaseException)]
    assert wrong == []
    told = [each for each in given if isinstance(each, Given)]
    assert len({(each.kind, each.number, each.refund) for each in told}) == 1, Counter(told)
    return [sum(not each.again for each in told), sum(each.again for each in told)]


def _stored(database: Database) -> dict[str, int]:
    with database.read() as session:
        counts = {name: session.scalar(select(func.count()).select_from(table)) for name, table in TABLES.items()}
    return {name: count for name, count in counts.items() if count}


def _audit(database: Database) -> list[str]:
    with database.read() as session:
        query = select(AuditEntry.what).where(AuditEntry.what != "orders_imported").order_by(AuditEntry.id)
        return list(session.scalars(query))
