"""Tickets: what a person has to take over."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.states import TICKET_COURSES, TicketCourse
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonList, JsonObject, one_of
from order_store.tables.orders import Line
from order_store.tables.shops import Shop


class Ticket(Base):
    """A case handed to a person, with the transcript and the verdict so far.

    `contact` is where the answer goes: an e-mail address or phone number the customer named.
    `conversation_id` is no foreign key: a ticket outlives its conversation. `remedy`: what the customer said yes
    to, where the shop approves by hand. `course` changes by `lifecycles` alone.
    """

    __tablename__ = "tickets"
    __table_args__ = (one_of("course", TICKET_COURSES), NEVER_REUSE_IDS)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(String(64), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"), index=True)
    contact: Mapped[str | None] = mapped_column(String(254))
    goal: Mapped[str | None] = mapped_column(String(64))
    remedy: Mapped[str | None] = mapped_column(String(32))
    why: Mapped[str]
    transcript: Mapped[JsonList] = mapped_column(default=list)
    verdict: Mapped[JsonObject | None]
    facts: Mapped[JsonObject | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    course: Mapped[TicketCourse] = mapped_column(String(16), default="waiting")
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    shop: Mapped[Shop] = relationship()
    line: Mapped[Line | None] = relationship()
