"""Letters to customers, queued in the transaction of what they tell of, and the reminders customers asked for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.codes import (
    LETTER_KINDS,
    LETTER_STATES,
    REMINDER_KINDS,
    LetterKind,
    LetterState,
    ReminderKind,
)
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject, one_of
from order_store.tables.orders import Customer, Line
from order_store.tables.shops import Shop

_WAITING = text("state = 'waiting'")
_RUNNING = text("ended_at IS NULL")


class Letter(Base):
    """One e-mail to one person: to `customer_id`'s address at the time of sending, else to `address`.

    `variables` holds ids, codes, numbers, and days as ISO text, all as they were when the letter was queued;
    `attachments` is a list such as {"kind": "slip", "rma": 17}. `queued_at` is business time. `due_at`,
    `claimed_by` and `sent_at` are machine time: a clock that stands still must not stop the post. A waiting
    letter that is claimed comes due again when its lease ends; `tries` counts the claims.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("kind", LETTER_KINDS),
        one_of("state", LETTER_STATES),
        CheckConstraint("(customer_id IS NULL) <> (address IS NULL)", name="recipient"),
        Index("ix_outbox_due", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"), index=True)
    kind: Mapped[LetterKind] = mapped_column(String(32))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    variables: Mapped[JsonObject]
    attachments: Mapped[list[JsonObject]] = mapped_column(default=list)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)
    queued_at: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(String(16), default="waiting", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    shop: Mapped[Shop] = relationship()
    customer: Mapped[Customer | None] = relationship()


class Reminder(Base):
    """A customer's wish to be reminded of a deadline of a line, three days before it; one of a kind per line.

    All instants are business time. `look_at`: when its deadline is worked out next. `ended_at`: nothing is
    left to remind of, for the reason in `ended_because`.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("line_id", "kind"),
        one_of("kind", REMINDER_KINDS),
        Index("ix_reminders_look_at", "look_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"))
    kind: Mapped[ReminderKind] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    look_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(32))

    line: Mapped[Line] = relationship()
