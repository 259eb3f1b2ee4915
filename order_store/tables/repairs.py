"""Repairs: an item at the service centre, what its repair costs, and when it goes back."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.states import REPAIR_COURSES, REPAIR_FEES, RepairCourse, RepairFee
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, one_of
from order_store.tables.cases import Rma
from order_store.tables.orders import Line

_OPEN = text("closed_at IS NULL")


class Repair(Base):
    """One item in for repair; at most one that is not sent back per line. Days are local dates of the shop.

    `under_warranty` is null until somebody has looked at it. `quote_amount` and `quote_currency` (ISO 4217) hold to
    the end of `quote_valid_until`. `due_on`: the last day to have it repaired, once the need is confirmed (AS-P4).
    """

    __tablename__ = "repairs"
    __table_args__ = (
        one_of("course", REPAIR_COURSES),
        one_of("fee", REPAIR_FEES),
        CheckConstraint("(quote_amount IS NULL) = (quote_currency IS NULL)", name="quote"),
        Index("uq_repairs_open_line", "line_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    rma_id: Mapped[int | None] = mapped_column(ForeignKey("rmas.id"), index=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    course: Mapped[RepairCourse] = mapped_column(String(24), default="received")
    fee: Mapped[RepairFee] = mapped_column(String(16), default="none")
    under_warranty: Mapped[bool | None]
    received_at: Mapped[datetime]
    quoted_at: Mapped[datetime | None]
    quote_amount: Mapped[Decimal | None]
    quote_currency: Mapped[str | None] = mapped_column(String(3))
    quote_valid_until: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    repaired_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None]
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    line: Mapped[Line] = relationship()
    rma: Mapped[Rma | None] = relationship()
