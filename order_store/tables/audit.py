"""The audit trail: append-only, held so by the database itself (see the first migration's triggers)."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject


class AuditEntry(Base):
    """Who did what to what, when and why; ids and codes only, never personal data."""

    __tablename__ = "audit"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Id]
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(128))
    what: Mapped[str] = mapped_column(String(128))
    subject: Mapped[str] = mapped_column(String(128), index=True)
    why: Mapped[str]
    details: Mapped[JsonObject]
