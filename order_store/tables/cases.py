"""What was granted or chosen for an order line: one row each, with the case judged and its verdict.

`facts` is the case as decided, `verdict` what was decided, `to_check` the fact paths that only the customer
told and the shop has to check. Every `idempotency_key` is unique, so a repeated yes finds the first row.
The columns of states (`goods`, `decision`, `settlement`, `course`, `state`) change by `lifecycles` alone.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.codes import (
    BACKORDER_DECISIONS,
    PROGRAMMES,
    REFUND_CAUSES,
    RMA_REMEDIES,
    BackorderDecision,
    Programme,
    RefundCause,
    RmaRemedy,
)
from order_store.states import (
    BACKORDER_COURSES,
    DISPUTE_COURSES,
    DISPUTE_DECISIONS,
    DISPUTE_SETTLEMENTS,
    REFUND_STATES,
    RMA_DECISIONS,
    RMA_GOODS,
    RMA_SETTLEMENTS,
    BackorderCourse,
    DisputeCourse,
    DisputeDecision,
    DisputeSettlement,
    RefundState,
    RmaDecision,
    RmaGoods,
    RmaSettlement,
)
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject, one_of
from order_store.tables.orders import Line


def _one_open(name: str, closed: str) -> Index:
    still_open = text(f"{closed} IS NULL")
    return Index(name, "line_id", unique=True, sqlite_where=still_open, postgresql_where=still_open)


class Rma(Base):
    """A return, exchange or repair that may be sent in; at most one that is not closed per line.

    `quantity` pieces may be sent in, `received_quantity` came, `accepted_quantity` of them were accepted.
    `outbound_carrier` and `outbound_tracking`: the parcel the shop sent last, a replacement or the item itself.
    """

    __tablename__ = "rmas"
    __table_args__ = (
        one_of("programme", PROGRAMMES),
        one_of("remedy", RMA_REMEDIES),
        one_of("goods", RMA_GOODS),
        one_of("decision", RMA_DECISIONS),
        one_of("settlement", RMA_SETTLEMENTS),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("received_quantity >= 0 AND received_quantity <= quantity", name="received_quantity"),
        CheckConstraint("accepted_quantity >= 0 AND accepted_quantity <= quantity", name="accepted_quantity"),
        _one_open("uq_rmas_open_line", "closed_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    programme: Mapped[Programme] = mapped_column(String(32))
    remedy: Mapped[RmaRemedy] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(32), unique=True)
    reason: Mapped[str] = mapped_column(String(32))
    issued_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    tracked: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    goods: Mapped[RmaGoods] = mapped_column(String(24), default="awaited")
    decision: Mapped[RmaDecision] = mapped_column(String(24), default="requested")
    settlement: Mapped[RmaSettlement] = mapped_column(String(24), default="none")
    quantity: Mapped[int] = mapped_column(default=1)
    received_quantity: Mapped[int] = mapped_column(default=0)
    accepted_quantity: Mapped[int] = mapped_column(default=0)
    decided_because: Mapped[str | None] = mapped_column(String(64))
    outbound_carrier: Mapped[str | None]
    outbound_tracking: Mapped[str | None]
    facts: Mapped[JsonObject]
    verdict: Mapped[JsonObject]
    to_check: Mapped[list[str]] = mapped_column(default=list)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()


class Dispute(Base):
    """A claim under buyer protection (BP-4d); at most one whose claim process runs per line."""

    __tablename__ = "disputes"
    __table_args__ = (
        one_of("course", DISPUTE_COURSES),
        one_of("decision", DISPUTE_DECISIONS),
        one_of("settlement", DISPUTE_SETTLEMENTS),
        _one_open("uq_disputes_open_line", "claim_closed_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    reason: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime]
    claim_closed_at: Mapped[datetime | None]
    course: Mapped[DisputeCourse] = mapped_column(String(24), default="opened")
    decision: Mapped[DisputeDecision] = mapped_column(String(24), default="undecided")
    settlement: Mapped[DisputeSettlement] = mapped_column(String(24), default="none")
    decided_because: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[JsonObject]
    verdict: Mapped[JsonObject]
    to_check: Mapped[list[str]] = mapped_column(default=list)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()


class Cancellation(Base):
    """A line cancelled before it was shipped (ST-N1)."""

    __tablename__ = "cancellations"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), unique=True)
    cancelled_at: Mapped[datetime]
    facts: Mapped[JsonObject]
    verdict: Mapped[JsonObject]
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()


class BackorderChoice(Base):
    """What the customer chose for a line that ran out (ST-O2)."""

    __tablename__ = "backorder_choices"
    __table_args__ = (one_of("choice", BACKORDER_DECISIONS), one_of("course", BACKORDER_COURSES), NEVER_REUSE_IDS)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), unique=True)
    choice: Mapped[BackorderDecision] = mapped_column(String(16))
    chosen_at: Mapped[datetime]
    course: Mapped[BackorderCourse] = mapped_column(String(24), default="asked")
    facts: Mapped[JsonObject]
    verdict: Mapped[JsonObject]
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()


class Refund(Base):
    """Money the shop was asked to pay back; `currency` ISO 4217. `rma_id` or `dispute_id`: what it is owed for."""

    __tablename__ = "refunds"
    __table_args__ = (one_of("because", REFUND_CAUSES), one_of("state", REFUND_STATES), NEVER_REUSE_IDS)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    because: Mapped[RefundCause] = mapped_column(String(16))
    requested_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    state: Mapped[RefundState] = mapped_column(String(16), default="requested")
    rma_id: Mapped[int | None] = mapped_column(ForeignKey("rmas.id"), index=True)
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()
