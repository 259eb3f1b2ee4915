"""Attempts to prove who one is, kept so that guessing can be slowed down."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from order_store.tables.base import NEVER_REUSE_IDS, Base, Id


class IdentityAttempt(Base):
    """One try at an order: `client` is a keyed hash of the address, `order_key` what was typed, as a key.

    Nothing here refers to another table: the order named may not exist.
    """

    __tablename__ = "identity_attempts"
    __table_args__ = (
        Index(None, "conversation_id", "at"),
        Index(None, "client", "at"),
        Index(None, "client", "order_key", "at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    shop_key: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(128))
    order_key: Mapped[str] = mapped_column(String(64))
    succeeded: Mapped[bool]
