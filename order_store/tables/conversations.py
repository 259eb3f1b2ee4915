"""Conversations: what the customer sent, turn by turn, and every message that answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from order_store.codes import SENDERS, Sender
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject, one_of


class Conversation(Base):
    """A chat session; `customer_email` and `customer_orders` are what a verified customer token said.

    `customer_orders` null: the token named no orders, so all of the customer's count. `last_seq` is the
    number of the newest message, the customer's own included, 0 before the first; `session_from` what it was when
    the session under way began. `moves` is how often the conversation went on elsewhere: who was let into it before the
    last time is so no more. `hidden_seq` is the number of the last message that was said elsewhere for others' eyes, 0
    where there is none: nothing up to it is told, taken or asked where the conversation is now.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    client: Mapped[str] = mapped_column(String(128))
    customer_email: Mapped[str | None] = mapped_column(String(254))
    customer_orders: Mapped[list[str] | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    session_from: Mapped[int] = mapped_column(default=0, server_default="0")
    moves: Mapped[int] = mapped_column(default=0, server_default="0")
    hidden_seq: Mapped[int] = mapped_column(default=0, server_default="0")


_OWED = text("owed")


class Turn(Base):
    """What the customer sent once: `said` is {"text"} or {"choice", "label"}; `client_id` tells repeats.

    `seq` is its number among the messages of the conversation, null for one stored before customers' messages had
    numbers. `owed`: it was answered with the news that the answer comes later, and that is still to come.
    """

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        Index("ix_turns_owed", "id", sqlite_where=_OWED, postgresql_where=_OWED),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    client_id: Mapped[str] = mapped_column(String(128))
    seq: Mapped[int | None]
    said: Mapped[JsonObject]
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    owed: Mapped[bool] = mapped_column(default=False, server_default=false())


class Message(Base):
    """One reply; `seq` is its number among the messages of the conversation, `turn_id` null when nobody asked.

    `choices` is a list of {"id", "label", "payload"}; the payload never leaves the server.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        one_of("sender", SENDERS),
        CheckConstraint("seq > 0", name="seq"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turns.id"), index=True)
    seq: Mapped[int]
    at: Mapped[datetime]
    sender: Mapped[Sender] = mapped_column(String(16), default="bot")
    text: Mapped[str]
    choices: Mapped[list[JsonObject]] = mapped_column(default=list)
    custom: Mapped[JsonObject | None]
