"""Events of every kind that is written about, as they happen, and the letter each leads to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from casework import disputes, repairs, stock
from casework.acting import Acting
from casework.granting import grant
from casework.letters import Rendered, render
from order_store import Database, Dispute, Letter, Rma
from policy_core import RemedyName
from tests.casework.orders import NOW, ON_ITS_WAY, a_dossier, line_of, tell, the_line, told

CHAT = "https://chat.example.com"
FAULT = {"reason": "defective", "complete": True, "caused_by_customer": False, "labels_intact": True}
CONFIRMED = {"receipt_confirmed_at": "2026-03-05T12:00:00-05:00"}


def granted(database: Database, shop: str, goal: str, remedy: str, now: datetime = NOW, **slots: Any) -> None:
    """A customer's yes to `remedy`."""
    with database.write() as session:
        dossier = a_dossier(goal, shop=shop, **slots)
        grant(session, dossier, line_of(session, dossier), RemedyName(remedy), now, f"{shop}:{remedy}")


def an_rma(database: Database, shop: str = "voltaic", remedy: str = "return_refund", **slots: Any) -> Rma:
    """An RMA, number RMA-TEST, just issued."""
    granted(database, shop, "report_defect", remedy, **(slots or FAULT))
    with database.write() as session:
        rma = session.scalars(select(Rma)).one()
        rma.number = "RMA-TEST"
    return rma


def a_store_rma(database: Database) -> Rma:
    """An RMA of a shop's own policy for a faulty kettle, number RMA-TEST; a person at the shop issued it."""
    with database.write() as session:
        rma = Rma(
            line_id=the_line(session).id,
            programme="store_policy",
            remedy="exchange",
            number="RMA-TEST",
            reason="defective",
            issued_at=NOW,
            decision="approved",
            facts={"reason": "defective", "caused_by_customer": False},
            verdict={},
            idempotency_key="rma:test",
        )
        session.add(rma)
        session.flush()
    return rma


def a_dispute(database: Database) -> Dispute:
    """A dispute, number DSP-TEST, just opened."""
    tell(database, told(shop="bazaar", shipments=[ON_ITS_WAY]))
    granted(database, "bazaar", "missing_order", "dispute")
    with database.write() as session:
        dispute = session.scalars(select(Dispute)).one()
        dispute.number = "DSP-TEST"
    return dispute


def decided(database: Database, side: Any, now: datetime = NOW) -> None:
    """The dispute decided and its claim process ended."""
    with database.write() as session:
        acting, dispute = Acting(session, now, "shop:cli"), session.scalars(select(Dispute)).one()
        disputes.decide_for(acting, dispute, side, "BP-5")
        disputes.close(acting, dispute)


def quoted(database: Database, amount: str = "48.5", now: datetime = NOW) -> None:
    """A repair, number RPR-TEST, quoted until 24 March."""
    with database.write() as session:
        acting = Acting(session, now, "shop:cli")
        repair = repairs.start(acting, the_line(session))
        repair.number = "RPR-TEST"
        repairs.quote(acting, repair, Decimal(amount), "EUR", date(2026, 3, 24))


def ran_out(database: Database, expected: date | None = date(2026, 3, 24)) -> None:
    """The kettles have run out."""
    with database.write() as session:
        stock.run_out(Acting(session, NOW, "shop:cli"), "quill", "K-1", expected)


def letters(database: Database) -> list[Letter]:
    """Every letter, oldest first."""
    with database.read() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def read(database: Database, kind: str, chat: str | None = CHAT) -> Rendered:
    """The only letter of its kind, in words."""
    with database.read() as session:
        return render(session, session.scalars(select(Letter).where(Letter.kind == kind)).one(), chat)


def in_days(days: int, hour: int = 9) -> datetime:
    """So many days after the tests' moment."""
    return datetime(2026, 3, 10, hour, 0, tzinfo=UTC) + timedelta(days=days)


def line_here(session: Session, shop: str = "quill") -> order_store.Line:
    """The line the letters are about."""
    return the_line(session, shop=shop)
