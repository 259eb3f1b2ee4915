"""What the store holds of a customer's matter: the rows a yes leaves, and what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Base, Database, PrivacyRequest, Ticket
from tests.simulation.personas import Persona
from tests.simulation.talk import Row

REFUNDED = {"cancelled": "cancel", "out_of_stock": "refund_now"}
CHOSEN = {"wait": "wait_backorder", "refund": "refund_now"}


@dataclass(frozen=True)
class Left:
    """What a talk left in the store. `reasons`: why, in the RMAs and disputes of the line; `contacts`: where the
    answers to invoices and privacy requests go; `due`: by when to the latter; `trackings`: of parcels sent back.
    """

    reasons: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    due: tuple[date, ...] = ()
    trackings: tuple[str | None, ...] = ()


def rows_of(database: Database, persona: Persona) -> tuple[Row, ...]:
    """What the store holds of the order: the table of each row, and the remedy or wish it stands for."""
    with database.read() as session:
        order = order_store.find_order(session, persona.shop.key, persona.number)
        assert order is not None, persona.number
        lines = [line.id for line in order.lines]

        def of_lines(table: type[Base]) -> Sequence[Base]:
            return session.scalars(select(table).where(table.line_id.in_(lines))).all()  # type: ignore[attr-defined]

        return (
            *(("rmas", row.remedy) for row in of_lines(order_store.Rma)),
            *(("parcels", "sent") for row in of_lines(order_store.Rma) if row.goods != "awaited"),
            *(("disputes", "dispute") for _ in of_lines(order_store.Dispute)),
            *(("cancellations", "cancel") for _ in of_lines(order_store.Cancellation)),
            *(("choices", CHOSEN[row.choice]) for row in of_lines(order_store.BackorderChoice)),
            *(("refunds", REFUNDED.get(row.because, row.because)) for row in of_lines(order_store.Refund)),
            *(("tickets", row.remedy) for row in of_lines(order_store.Ticket) if row.remedy is not None),
            *(("tickets", "invoice") for _ in _invoices(session, order)),
            *(("privacy", row.kind) for row in _privacy(session, persona)),
        )


def left_of(database: Database, persona: Persona) -> Left:
    """What stands in those rows once the talk is over."""
    with database.read() as session:
        order = order_store.find_order(session, persona.shop.key, persona.number)
        assert order is not None, persona.number
        line = order.lines[persona.line].id
        rmas = session.scalars(select(order_store.Rma).filter_by(line_id=line)).all()
        disputes = session.scalars(select(order_store.Dispute).filter_by(line_id=line)).all()
        requests = _privacy(session, persona)
        answered_to = [*(each.contact for each in _invoices(session, order)), *(each.contact for each in requests)]
        return Left(
            reasons=tuple(each.reason for each in (*rmas, *disputes)),
            contacts=tuple(str(each) for each in answered_to),
            due=tuple(each.due_on for each in requests),
            trackings=tuple(each.tracking for each in rmas if each.goods != "awaited"),
        )


def _invoices(session: Session, order: order_store.Order) -> Sequence[Ticket]:
    return session.scalars(select(Ticket).filter_by(order_id=order.id, why="invoice")).all()


def _privacy(session: Session, persona: Persona) -> Sequence[PrivacyRequest]:
    return session.scalars(select(PrivacyRequest).filter_by(shop_key=persona.shop.key, contact=persona.email)).all()
