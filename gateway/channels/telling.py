"""From a conversation to a channel: whatever is said in it is handed over once, and worked out when it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.channels.adapter import Heard
from gateway.channels.choosing import first_numbers
from gateway.channels.registry import Adapters
from gateway.channels.texts import storable
from order_store import Correspondent, Message, Turn, channels, dispatches
from order_store.codes import Channel


def hand_over_untold(session: Session, adapters: Adapters, correspondent_id: int, at: datetime) -> int:
    """Queues what was said in the correspondent's conversation and not handed to their channel yet; how many times.

    What answers a message sent elsewhere, on the website say, was read there. What nobody asked for, such as a
    person's answer, goes where the customer last wrote.
    """
    query = select(Correspondent).where(Correspondent.id == correspondent_id).with_for_update()
    correspondent = session.scalars(query.execution_options(populate_existing=True)).one()
    adapter = adapters.get((correspondent.channel, correspondent.shop_key))
    messages = dispatches.unread(session, correspondent)
    conversation = correspondent.conversation
    if correspondent.left_at is not None:
        return 0
    correspondent.told_seq = max([conversation.last_seq, *(each.seq for each in messages)])
    if adapter is None:
        return 0
    queued = 0
    for turn_id, group in groupby(messages, key=lambda message: message.turn_id):
        said = list(group)
        if not _from_here(session, correspondent, turn_id):
            continue
        numbers = first_numbers(said)
        for together in [said] if adapter.shape.joined else [[each] for each in said]:
            queued += dispatches.queue(
                session,
                correspondent.id,
                key=f"{correspondent.id}:{conversation.id}:{together[0].seq}",
                holds={"messages": [each.id for each in together], "first": numbers[together[0].id]},
                at=at,
            )
    return queued


def keep_heard(session: Session, place: tuple[Channel, str], heard: Heard, at: datetime) -> bool:
    """Keeps what was delivered to this channel and shop, to be taken by the gateway; False where it is known."""
    channel, shop = place
    return channels.keep_delivery(
        session,
        channel=channel,
        shop_key=shop,
        provider_id=storable(heard.provider_id)[: channels.LONGEST_PROVIDER_ID],
        sender=storable(channels.sender_of(heard.address, heard.thread)),
        said=storable(heard.kept()),
        at=at,
    )


def client_id(channel: str, delivery_id: int) -> str:
    """The turn's own name for what was delivered; by its beginning it is known where a turn came from."""
    return f"{channel}:{delivery_id}"


def say_words(
    session: Session, correspondent: Correspondent, key: str, name: str, values: Mapping[str, Any], at: datetime
) -> None:
    """Queues a sentence of domain.yml about the channel itself: a picture that cannot be taken, a link to move by."""
    dispatches.queue(session, correspondent.id, key=key, holds={"words": name, "values": dict(values)}, at=at)


def say_again(
    session: Session,
    correspondent: Correspondent,
    key: str,
    messages: Sequence[Message],
    at: datetime,
    *,
    in_full: bool = False,
) -> None:
    """Queues messages that were read before, elsewhere or in few words, as one."""
    if messages:
        holds = {"messages": [each.id for each in messages], "first": 1, "in_full": in_full}
        dispatches.queue(session, correspondent.id, key=key, holds=holds, at=at)


def used_last(session: Session, conversation_ids: Iterable[str]) -> Turn | None:
    """The newest thing the customer said in these conversations."""
    found = select(Turn).where(Turn.conversation_id.in_(list(conversation_ids))).order_by(Turn.received_at.desc())
    return session.scalar(found.order_by(Turn.id.desc()).limit(1))


def _from_here(session: Session, correspondent: Correspondent, turn_id: int | None) -> bool:
    last = turn_id is None
    turn = used_last(session, [correspondent.conversation_id]) if last else session.get(Turn, turn_id)
    return turn is not None and turn.client_id.startswith(f"{correspondent.channel}:")


def messages_of(session: Session, ids: Sequence[int]) -> list[Message]:
    """In their order; those that are gone are left out."""
    return list(session.scalars(select(Message).where(Message.id.in_(ids)).order_by(Message.seq)))
