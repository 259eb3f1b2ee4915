"""Money back for a line: requested once for what it is owed for, and never more than the line cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store.codes import RefundCause

from .acting import Acting, DeskError


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """The refunds of a line so far, and what is left of it: `amount` in its currency, `pieces`."""

    refunds: Sequence[order_store.Refund]
    amount: Decimal
    pieces: int

    @property
    def nothing_left(self) -> bool:
        """All of it has gone back, or is about to."""
        return bool(self.refunds) and (self.amount <= 0 or self.pieces <= 0)

    @property
    def told(self) -> tuple[str, str] | None:
        """What has gone back in all, as decimal text with its ISO 4217 currency."""
        if not self.refunds:
            return None
        return f"{sum(each.amount for each in self.refunds):.2f}", self.refunds[0].currency


def money_back(session: Session, line: order_store.Line) -> MoneyBack:
    """What has gone back for the line, paid or only requested. Lock the line before deciding by it.

    A part of the money for a dispute leaves the pieces with the customer; what was dropped never goes back.
    """
    refunds = session.scalars(
        select(order_store.Refund)
        .where(order_store.Refund.line_id == line.id, order_store.Refund.state != "dropped")
        .order_by(order_store.Refund.id)
    ).all()
    pieces = line.quantity
    for refund in refunds:
        if refund.rma_id is not None:
            pieces -= session.get_one(order_store.Rma, refund.rma_id).accepted_quantity
        elif refund.dispute_id is None or refund.amount >= _cost(line):
            pieces = 0
    return MoneyBack(refunds, _cost(line) - sum((each.amount for each in refunds), Decimal(0)), max(pieces, 0))


def request_refund(
    acting: Acting,
    line: order_store.Line,
    amount: Decimal | None,
    because: RefundCause,
    why: str,
    *,
    most: Decimal | None = None,
    rma: order_store.Rma | None = None,
    dispute: order_store.Dispute | None = None,
) -> order_store.Refund | None:
    """Ask for `amount` back (None: all there is to it), once for one `rma` or `dispute`; None: nothing is left.

    `most` is what it may be at most, never above what is left of the line. The line has to be locked. Raises
    DeskError for an amount that is not above zero, or more than that.
    """
    owed_for = rma or dispute
    named = order_store.name_of(owed_for or line)
    if amount is not None and not 0 < amount <= _cost(line):
        raise DeskError(_refused(named, amount, _cost(line), line.currency))
    left = money_back(acting.session, line)
    ceiling = left.amount if most is None else min(most, left.amount)
    if line.order.paid_at is None or left.nothing_left or ceiling <= 0:
        return None
    if amount is not None and not 0 < amount <= ceiling:
        raise DeskError(_refused(named, amount, ceiling, line.currency))
    refund = order_store.Refund(
        line_id=line.id,
        amount=ceiling if amount is None else amount,
        currency=line.currency,
        because=because,
        requested_at=acting.now,
        rma_id=rma.id if rma is not None else None,
        dispute_id=dispute.id if dispute is not None else None,
        idempotency_key=f"refund:{order_store.subject_of(owed_for or line)}",
    )
    acting.added(refund, "refund.requested", why, {"line": line.id})
    return refund


def asked_for_outright(session: Session, line: order_store.Line) -> bool:
    """Whether the line's money was asked for with nothing to come back first: it ran out, or was cancelled."""
    query = select(order_store.Refund.id).where(
        order_store.Refund.line_id == line.id,
        order_store.Refund.state != "dropped",
        order_store.Refund.rma_id.is_(None),
        order_store.Refund.dispute_id.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def refund_of(session: Session, owed_for: order_store.Rma | order_store.Dispute) -> order_store.Refund | None:
    """The refund requested for an RMA or a dispute, dropped or not."""
    column = "rma_id" if isinstance(owed_for, order_store.Rma) else "dispute_id"
    return session.scalar(select(order_store.Refund).filter_by(**{column: owed_for.id}))


def drop(acting: Acting, owed_for: order_store.Rma | order_store.Dispute, why: str) -> None:
    """What was requested for an RMA or a dispute is not paid; nothing happens where nothing was."""
    refund = refund_of(acting.session, owed_for)
    if refund is not None:
        acting.step(refund, "drop", why)


def pay(acting: Acting, refund: order_store.Refund, why: str) -> None:
    """The money has been sent; what it was owed for is settled with it. Raises ImpossibleTransition."""
    acting.step(refund, "pay", why)
    refund.paid_at = acting.now
    choice = acting.session.scalar(select(order_store.BackorderChoice).filter_by(line_id=refund.line_id))
    if choice is not None and refund.rma_id is None and refund.dispute_id is None:
        acting.step_if_possible(choice, "pay", why)


def unpaid(session: Session, shop_key: str | None = None) -> list[order_store.Refund]:
    """Refunds requested and not paid yet, the oldest first."""
    query = (
        select(order_store.Refund)
        .join(order_store.Refund.line)
        .join(order_store.Line.order)
        .where(order_store.Refund.state == "requested")
        .order_by(order_store.Refund.id)
    )
    if shop_key is not None:
        query = query.where(order_store.Order.shop_key == shop_key)
    return list(session.scalars(query))


def _cost(line: order_store.Line) -> Decimal:
    return line.unit_price * line.quantity


def _refused(named: str, amount: Decimal, most: Decimal, currency: str) -> str:
    return f"{named}: refund more than 0 and at most {most} {currency}, not {amount} {currency}"
