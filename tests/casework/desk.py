"""The desk as the tests of casework stand at it: cases as customers' yeses make them, and steps taken one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

import order_store
from casework import returns
from casework.acting import DESK, Acting
from casework.granted import Granted
from casework.granting import grant
from order_store import Database, Dispute, Letter, Refund, Repair, Rma
from policy_core import RemedyName
from tests.casework.orders import NOW, a_dossier, line_of, tell, told

FAULT = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}


@contextmanager
def at_desk(database: Database, now: datetime = NOW, who: str = DESK) -> Iterator[Acting]:
    """One transaction of somebody at the shop."""
    with database.write() as session:
        yield Acting(session, now, who)


def say_yes(
    database: Database,
    goal: str,
    remedy: str,
    shop: str = "quill",
    now: datetime = NOW,
    key: str | None = None,
    approved_by: str | None = None,
    **slots: Any,
) -> Granted:
    """A customer's yes, of an order that is in the store."""
    dossier = a_dossier(goal, shop=shop, **slots)
    with database.write() as session:
        return grant(
            session, dossier, line_of(session, dossier), RemedyName(remedy), now, key or f"{shop}:1", approved_by
        )


def a_return(database: Database, **order: Any) -> None:
    """RMA 1: the two kettles of a changed mind."""
    tell(database, told(**order))
    say_yes(database, "return_item", "return_refund", reason="change_of_mind")


def an_exchange(database: Database) -> None:
    """RMA 1: the two kettles that are the wrong ones."""
    tell(database, told())
    say_yes(database, "report_wrong_item", "exchange")


def a_warranty_repair(database: Database) -> None:
    """RMA 1: two kettles with a fault, in warranty."""
    tell(database, told(shop="voltaic"))
    say_yes(database, "warranty", "warranty_repair", shop="voltaic", **FAULT)


def a_dispute(database: Database) -> None:
    """Dispute 1: two kettles that never came."""
    on_its_way = {"carrier": "Parcel Post", "tracking": "PP5519", "shipped_at": "2026-03-02T16:00:00+01:00"}
    tell(database, told(shop="bazaar", shipments=[on_its_way]))
    say_yes(database, "missing_order", "dispute", shop="bazaar")


def step(database: Database, name: str, *arguments: Any, number: int = 1, now: datetime = NOW, **options: Any) -> None:
    """One step of `casework.returns` with RMA `number`, in a transaction of its own."""
    with at_desk(database, now) as acting:
        getattr(returns, name)(acting, acting.session.get_one(Rma, number), *arguments, **options)


def arrived(database: Database) -> None:
    """RMA 1 sent, received whole and inspected."""
    for name in ("send", "receive", "inspect"):
        step(database, name)


def rma(database: Database, number: int = 1) -> Rma:
    return _row(database, Rma, number)


def dispute(database: Database) -> Dispute:
    return _row(database, Dispute, 1)


def repair(database: Database, number: int = 1) -> Repair:
    return _row(database, Repair, number)


def refunds(database: Database) -> list[Refund]:
    with database.read() as session:
        return list(session.scalars(select(Refund).order_by(Refund.id)))


def states(row: order_store.Base) -> tuple[str, ...]:
    return tuple(order_store.state_of(row).values())


def letters(database: Database) -> list[str]:
    """The kinds of the letters queued, in their order."""
    with database.read() as session:
        return list(session.scalars(select(Letter.kind).order_by(Letter.id)))


def counted(database: Database, table: type[order_store.Base]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _row(database: Database, table: type[Any], number: int) -> Any:
    with database.read() as session:
        return session.get_one(table, number)
