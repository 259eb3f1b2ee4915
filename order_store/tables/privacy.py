"""Privacy requests (BP-8): what a customer asked of their own data, and by when it has to be answered."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.states import PRIVACY_COURSES, PRIVACY_KINDS, PrivacyCourse, PrivacyKind
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, one_of
from order_store.tables.orders import Customer
from order_store.tables.shops import Shop


class PrivacyRequest(Base):
    """One request for access, correction or erasure; `due_on` is the last local day of the shop to answer it.

    `contact` is where the answer goes, `wish` what they want corrected, in their own words; both are emptied with the
    rest when the data is erased. `customer_id` is null
    until somebody knows whose data it is about. `conversation_id` is no foreign key: a request outlives it.
    """

    __tablename__ = "privacy_requests"
    __table_args__ = (one_of("kind", PRIVACY_KINDS), one_of("course", PRIVACY_COURSES), NEVER_REUSE_IDS)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(32), unique=True)
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[PrivacyKind] = mapped_column(String(16))
    contact: Mapped[str | None] = mapped_column(String(254))
    wish: Mapped[str | None] = mapped_column(Text)
    course: Mapped[PrivacyCourse] = mapped_column(String(16), default="received")
    received_at: Mapped[datetime]
    due_on: Mapped[date]
    verified_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)

    shop: Mapped[Shop] = relationship()
    customer: Mapped[Customer | None] = relationship()
