"""What the store knows of a line's money: what was asked for, paid or dropped, and what it still depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Cancellation, Dispute, Line, Order, Refund, Rma, Ticket

from .disputes import refund_due_on


@dataclass(frozen=True, slots=True)
class Owed:
    """One refund of a line. `owed_for` is the RMA or dispute it belongs to; `due_on` its last local day (BP-7)."""

    refund: Refund
    owed_for: Rma | Dispute | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LineMoney:
    """What is known of `line`'s money. `rma` and `dispute` are the newest, where they brought no refund (yet).

    `approvals` are the tickets in which a yes of the customer's waits for a person's.
    """

    line: Line
    refunds: Sequence[Owed]
    rma: Rma | None
    dispute: Dispute | None
    cancellation: Cancellation | None
    approvals: Sequence[Ticket]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been paid back for it, asked for, or could come of what runs."""
        return not (self.refunds or self.rma or self.dispute or self.cancellation or self.approvals)


def money_of(session: Session, order: Order, now: datetime) -> list[LineMoney]:
    """What is known of every line's money as of `now`, in the order of the lines."""
    return [_money_of(session, line, now) for line in order.lines]


def _money_of(session: Session, line: Line, now: datetime) -> LineMoney:
    refunds = session.scalars(select(Refund).filter_by(line_id=line.id).order_by(Refund.id)).all()
    rma, dispute = order_store.latest_rma(session, line.id), order_store.latest_dispute(session, line.id)
    return LineMoney(
        line=line,
        refunds=[_owed(session, refund, now) for refund in refunds],
        rma=rma if rma is not None and all(refund.rma_id != rma.id for refund in refunds) else None,
        dispute=dispute if dispute and all(refund.dispute_id != dispute.id for refund in refunds) else None,
        cancellation=session.scalar(select(Cancellation).filter_by(line_id=line.id)),
        approvals=session.scalars(
            select(Ticket)
            .where(Ticket.line_id == line.id, Ticket.course == "waiting", Ticket.remedy.is_not(None))
            .order_by(Ticket.id)
        ).all(),
    )


def _owed(session: Session, refund: Refund, now: datetime) -> Owed:
    if refund.rma_id is not None:
        return Owed(refund, session.get_one(Rma, refund.rma_id), None)
    if refund.dispute_id is None:
        return Owed(refund, None, None)
    dispute = session.get_one(Dispute, refund.dispute_id)
    return Owed(refund, dispute, refund_due_on(session, dispute, now))
