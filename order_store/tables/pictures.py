"""Pictures customers sent as evidence: the rows; the files lie in a folder of their own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from order_store.tables.base import NEVER_REUSE_IDS, Base, Id


class Picture(Base):
    """One picture: `attachment_id` is what the customer's page calls it, `file` its name in the folder.

    `sha256` (hex), `size` in bytes, `width` and `height` in pixels are the file's. `turn_id` is the message it
    was sent with; null: it was not sent yet. It is evidence for at most one case of each kind: `rma_id`,
    `dispute_id`, `ticket_id`.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("width > 0 AND height > 0", name="pixels"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    attachment_id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    file: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)
    rma_id: Mapped[int | None] = mapped_column(ForeignKey("rmas.id"), index=True)
    dispute_id: Mapped[int | None] = mapped_column(ForeignKey("disputes.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
