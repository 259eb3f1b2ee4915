"""Messengers, text messages and e-mail: who writes to us there, what arrived, and what goes out.

What the providers' own time-outs hang on (`heard_at`, `received_at`, `due_at`, `sent_at`) is machine time; a clock
that stands still must not stop the post.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_store.codes import (
    CHANNELS,
    DELIVERY_STATES,
    DISPATCH_STATES,
    Channel,
    DeliveryState,
    DispatchState,
)
from order_store.tables.base import NEVER_REUSE_IDS, Base, Id, JsonObject, one_of
from order_store.tables.conversations import Conversation

_WAITING = text("state = 'waiting'")


class Correspondent(Base):
    """One sender of one channel, as its provider vouches for them, and the conversation they are in.

    `left_at`: when that conversation went on elsewhere; the next message from here begins another.

    `address` is the provider's name for the sender, `thread` what tells several threads of theirs apart ("": there is
    one). `reply_with` is what an answer needs besides: a Slack channel, the subject of an e-mail. `told_seq` is the
    number of the newest message of the conversation that was handed to the channel, `heard_at` when they last wrote.
    """

    __tablename__ = "correspondents"
    __table_args__ = (
        UniqueConstraint("shop_key", "channel", "address", "thread"),
        one_of("channel", CHANNELS),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    channel: Mapped[Channel] = mapped_column(String(16))
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"))
    address: Mapped[str] = mapped_column(String(320))
    thread: Mapped[str] = mapped_column(String(128), default="")
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    left_at: Mapped[datetime | None]
    reply_with: Mapped[JsonObject]
    told_seq: Mapped[int] = mapped_column(default=0)
    heard_at: Mapped[datetime]

    conversation: Mapped[Conversation] = relationship()


class Delivery(Base):
    """One message a provider delivered, kept before it was answered for; `provider_id` tells repeats.

    `sender` is whose messages are taken one after the other. `said` is emptied once it is done.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("shop_key", "channel", "provider_id"),
        one_of("channel", CHANNELS),
        one_of("state", DELIVERY_STATES),
        Index("ix_deliveries_due", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    channel: Mapped[Channel] = mapped_column(String(16))
    shop_key: Mapped[str] = mapped_column(ForeignKey("shops.key"))
    provider_id: Mapped[str] = mapped_column(String(320))
    sender: Mapped[str] = mapped_column(String(450))
    said: Mapped[JsonObject]
    received_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]


class Dispatch(Base):
    """What goes out to one correspondent at once: messages of their conversation, or something about the channel.

    `holds` is {"messages": [ids]}, {"words": name, "values": {...}} or {"letter": id}: what it says is worked out when
    it is sent, so that no link lies in the store. `parts_sent` counts those of its parts the provider took.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        one_of("state", DISPATCH_STATES),
        Index("ix_dispatches_due", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        NEVER_REUSE_IDS,
    )

    id: Mapped[Id]
    correspondent_id: Mapped[int] = mapped_column(ForeignKey("correspondents.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)
    holds: Mapped[JsonObject]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"), index=True)
    queued_at: Mapped[datetime]
    state: Mapped[DispatchState] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    parts_sent: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]

    correspondent: Mapped[Correspondent] = relationship()


class Handover(Base):
    """A link by which a conversation goes on elsewhere: once, and until `expires_at` (business time)."""

    __tablename__ = "handovers"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
