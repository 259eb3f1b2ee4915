"""What providers deliver, whose it is, and by which link a conversation goes on elsewhere.

A delivery is kept in the transaction that answers for it: sent again by its provider it is known, and whoever was to
take it and died has not taken it. Instants are machine time unless told to be business time.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, defer, joinedload

from order_store.codes import Channel
from order_store.inserting import insert_once
from order_store.owing import owed_turns, pay_answer
from order_store.tables import Conversation, Correspondent, Delivery, Dispatch, Handover, IdentityAttempt, Turn

KEPT_DONE: Final = timedelta(days=30)
"""How long a delivery is known again; no provider repeats one later."""

LONGEST_PROVIDER_ID: Final = 320

HANDOVER_HOLDS: Final = timedelta(minutes=15)


def keep_delivery(
    session: Session,
    *,
    channel: Channel,
    shop_key: str,
    provider_id: str,
    sender: str,
    said: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Keeps what was delivered, once; False where it is known already."""
    return insert_once(
        session,
        Delivery,
        *("shop_key", "channel", "provider_id"),
        channel=channel,
        shop_key=shop_key,
        provider_id=provider_id,
        sender=sender,
        said=dict(said),
        received_at=at,
        state="waiting",
        tries=0,
        due_at=at,
    )


def use_once(session: Session, *, channel: Channel, shop_key: str, nonce: str, for_what: str, at: datetime) -> bool:
    """Whether `nonce` was not used before, but for the same thing, which is then a repeat."""
    provider_id, sender = f"nonce {nonce}"[:LONGEST_PROVIDER_ID], for_what[:LONGEST_PROVIDER_ID]
    new = keep_delivery(
        session, channel=channel, shop_key=shop_key, provider_id=provider_id, sender=sender, said={}, at=at
    )
    used = select(Delivery).filter_by(channel=channel, shop_key=shop_key, provider_id=provider_id)
    delivery = session.scalars(used).one()
    delivery.state = "done"
    return new or delivery.sender == sender


def waiting_deliveries(
    session: Session, at: datetime, places: Collection[tuple[Channel, str]] | None = None, most: int = 200
) -> list[Delivery]:
    """Of each sender the one delivery that comes next, where it is due; the one that came first before the others.

    `places`: only what came by these channels to these shops (their keys). What each of them `said`, an e-mail's
    pictures perhaps, is not read yet.
    """
    next_ones = (
        select(func.min(Delivery.id))
        .where(Delivery.state == "waiting")
        .group_by(Delivery.shop_key, Delivery.channel, Delivery.sender)
    )
    if places is not None:
        next_ones = next_ones.where(tuple_(Delivery.channel, Delivery.shop_key).in_(places))
    due = select(Delivery).options(defer(Delivery.said)).where(Delivery.id.in_(next_ones), Delivery.due_at <= at)
    return list(session.scalars(due.order_by(Delivery.id).limit(most)))


def finish_delivery(session: Session, delivery_id: int) -> None:
    """It was taken: what it said stands in the conversation now, and here no more."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(state="done", said={}))


def put_off_delivery(session: Session, delivery_id: int, until: datetime, *, counts: bool = True) -> None:
    """Taken again at `until`; `counts`: as one more try that failed."""
    values = {"due_at": until, "tries": Delivery.tries + (1 if counts else 0)}
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))


def give_up_delivery(session: Session, delivery_id: int) -> None:
    """Nobody can take it; what follows of its sender does not wait for it any longer."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(state="dead", said={}))


def forget_done(session: Session, at: datetime) -> int:
    """Deletes deliveries that no provider repeats any more; how many."""
    old = delete(Delivery).where(Delivery.state != "waiting", Delivery.received_at < at - KEPT_DONE)
    return len(session.scalars(old.returning(Delivery.id)).all())


def find_correspondent(
    session: Session, channel: Channel, shop_key: str, address: str, thread: str = ""
) -> Correspondent | None:
    """The correspondent of this address and thread, with their conversation."""
    return session.scalar(
        select(Correspondent)
        .filter_by(channel=channel, shop_key=shop_key, address=address, thread=thread)
        .options(joinedload(Correspondent.conversation))
    )


def put_in_conversation(
    session: Session,
    *,
    channel: Channel,
    shop_key: str,
    address: str,
    thread: str,
    conversation: Conversation,
    reply_with: Mapping[str, Any],
    at: datetime,
) -> Correspondent:
    """The correspondent, from now on in `conversation`: what was said in it before is not told again."""
    known = find_correspondent(session, channel, shop_key, address, thread)
    if known is None:
        known = Correspondent(channel=channel, shop_key=shop_key, address=address, thread=thread)
        session.add(known)
    known.conversation_id = conversation.id
    known.reply_with = dict(reply_with)
    known.left_at = None
    known.told_seq = conversation.last_seq
    known.heard_at = at
    session.flush()
    return known


def correspondents_in(session: Session, conversation_ids: Collection[str]) -> list[Correspondent]:
    """Those whose conversation is one of these; who wrote last comes first."""
    query = select(Correspondent).where(Correspondent.conversation_id.in_(conversation_ids))
    return list(session.scalars(query.order_by(Correspondent.heard_at.desc(), Correspondent.id)))


def correspondents_of(session: Session, conversation_ids: Collection[str]) -> list[Correspondent]:
    """Those who are or were in one of these conversations: a sender's later one has the same `client`."""
    clients = select(Conversation.client).where(Conversation.id.in_(conversation_ids), Conversation.client != "")
    query = (
        select(Correspondent)
        .join(Conversation, Correspondent.conversation_id == Conversation.id)
        .where(or_(Conversation.id.in_(conversation_ids), Conversation.client.in_(clients)))
    )
    return list(session.scalars(query.order_by(Correspondent.id)))


def hand_over(session: Session, conversation_id: str, now: datetime) -> Handover:
    """A link for the conversation to go on elsewhere. Business time."""
    handover = Handover(conversation_id=conversation_id, expires_at=now + HANDOVER_HOLDS)
    session.add(handover)
    session.flush()
    return handover


def shop_of_handover(session: Session, handover_id: int) -> str | None:
    """The key of the shop whose conversation the link leads to, used or not; None where it is kept no more."""
    led_to = select(Conversation.shop_key).join(Handover, Handover.conversation_id == Conversation.id)
    return session.scalar(led_to.where(Handover.id == handover_id))


def take_over(session: Session, handover_id: int, shop_key: str | None, now: datetime) -> Conversation | None:
    """The conversation to go on with, once; None where the link was used, is over, or is none of this shop's.

    `shop_key` None: of any shop. Business time.

    A conversation is at one place: its correspondent of before is let go of, so that the next message from there begins
    another one; what a page was given before holds no more (`moves`), and no other link to it does. What was typed
    there and waits for its answer is not asked at the new place, where it would prove whose order it is.
    """
    asked = select(Handover.conversation_id).where(Handover.id == handover_id)
    if shop_key is not None:
        asked = asked.where(Handover.conversation_id.in_(_conversations_of(shop_key)))
    conversation_id = session.scalar(asked)
    if conversation_id is None:
        return None
    conversation = session.get_one(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    used = update(Handover).where(Handover.id == handover_id, Handover.used_at.is_(None), Handover.expires_at > now)
    if session.scalar(used.values(used_at=now).returning(Handover.id)) is None or conversation.expires_at <= now:
        return None
    if _waits_unheard(session, conversation.id) or holds_secrets(session, conversation):
        conversation.hidden_seq = conversation.last_seq
    for turn in owed_turns(session, conversation.id):
        pay_answer(session, turn, [], now)
    conversation.moves += 1
    others = update(Handover).where(Handover.conversation_id == conversation_id, Handover.used_at.is_(None))
    session.execute(others.values(expires_at=now))
    for each in correspondents_in(session, [conversation_id]):
        each.left_at = now
    session.flush()
    return conversation


def last_move(session: Session, conversation_id: str) -> Handover | None:
    """The link by which the conversation came to where it is; None: it is where it was begun.

    A link holds no more once another one was used, so the newest used one was used last.
    """
    used = select(Handover).where(Handover.conversation_id == conversation_id, Handover.used_at.is_not(None))
    return session.scalar(used.order_by(Handover.id.desc()).limit(1))


def holds_secrets(session: Session, conversation: Conversation) -> bool:
    """Whether somebody was identified in it, so that something of an order may have been told, or said who they are."""
    if conversation.customer_email is not None or conversation.hidden_seq:
        return True
    proven = select(IdentityAttempt.id).filter_by(conversation_id=conversation.id, succeeded=True)
    return session.scalar(proven.limit(1)) is not None


def _waits_unheard(session: Session, conversation_id: str) -> bool:
    """Whether something was typed that has no answer of its own yet, an order's number and e-mail address perhaps."""
    unheard = select(Turn.id).where(Turn.conversation_id == conversation_id)
    unheard = unheard.where(or_(Turn.owed, Turn.answered_at.is_(None)))
    return session.scalar(unheard.limit(1)) is not None


def _conversations_of(shop_key: str) -> Select[tuple[str]]:
    return select(Conversation.id).where(Conversation.shop_key == shop_key)


def forget_correspondents(session: Session, conversation_ids: Collection[str]) -> None:
    """Nobody can tell any more who wrote in these conversations; what was still to be sent is not."""
    for each in correspondents_of(session, conversation_ids):
        session.execute(delete(Dispatch).where(Dispatch.correspondent_id == each.id))
        session.execute(
            update(Delivery)
            .where(Delivery.shop_key == each.shop_key, Delivery.channel == each.channel)
            .where(Delivery.sender == sender_of(each.address, each.thread))
            .values(sender="", said={}, state="done")
        )
        each.address, each.thread, each.reply_with = f"erased-{each.id}", "", {}
    session.execute(delete(Handover).where(Handover.conversation_id.in_(conversation_ids)))
    session.flush()


def sender_of(address: str, thread: str) -> str:
    """Whose deliveries are taken one after the other."""
    return f"{address} {thread}".strip()
