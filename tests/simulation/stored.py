"""What the store holds of a customer's matter: the rows a yes leaves, and what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    answers to invoices and privacy requests go; `due`: by when to the latter; `trackings`: of parcels sent back;
    `tickets`: why, by number, all of the shop's.
    """

    reasons: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    due: tuple[date, ...] = ()
    trackings: tuple[str | None, ...] = ()
    tickets: Mapping[str, str] = field(default_factory=dict)


def rows_of(database: Database, persona: Persona) -> tuple[Row, ...]:
    """What the store holds of the order: what each row stands for, of which line."""
    with database.read() as session:
        order = order_store.find_order(session, persona.shop.key, persona.number)
        assert order is not None, persona.number
        lines = {line.id: line.position for line in order.lines}

        def of_lines(table: type[Base]) -> Sequence[Base]:
            return session.scalars(select(table).where(table.line_id.in_(lines))).all()  # type: ignore[attr-defined]

        def row(table: str, wish: str, about: Base, pieces: int | None = None) -> Row:
            return Row(table, wish, lines[about.line_id], pieces)  # type: ignore[attr-defined]

        return (
            *(row("rmas", each.remedy, each, each.quantity) for each in of_lines(order_store.Rma)),
            *(row("parcels", "sent", each) for each in of_lines(order_store.Rma) if each.goods != "awaited"),
            *(row("disputes", "dispute", each) for each in of_lines(order_store.Dispute)),
            *(row("cancellations", "cancel", each) for each in of_lines(order_store.Cancellation)),
            *(row("choices", CHOSEN[each.choice], each) for each in of_lines(order_store.BackorderChoice)),
            *(row("refunds", REFUNDED.get(each.because, each.because), each) for each in of_lines(order_store.Refund)),
            *(row("tickets", each.remedy, each) for each in of_lines(order_store.Ticket) if each.remedy is not None),
            *(Row("tickets", "invoice") for _ in _invoices(session, order)),
            *(Row("privacy", each.kind) for each in _privacy(session, persona)),
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
            tickets={
                each.number: each.why for each in session.scalars(select(Ticket).filter_by(shop_key=order.shop_key))
            },
        )


def _invoices(session: Session, order: order_store.Order) -> Sequence[Ticket]:
    return session.scalars(select(Ticket).filter_by(order_id=order.id, why="invoice")).all()


def _privacy(session: Session, persona: Persona) -> Sequence[PrivacyRequest]:
    return session.scalars(select(PrivacyRequest).filter_by(shop_key=persona.shop.key, contact=persona.email)).all()
