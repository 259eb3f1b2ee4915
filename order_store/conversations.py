"""Conversations, turn by turn: every message gets its number, and every repeat its first answer."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store.errors import UnknownConversation
from order_store.tables import Conversation, Message, Turn

LONGEST_CLIENT_ID: Final = 128


def start_conversation(
    session: Session,
    *,
    shop_key: str,
    at: datetime,
    expires_at: datetime,
    client: str,
    customer_email: str | None = None,
    customer_orders: list[str] | None = None,
    conversation_id: str | None = None,
) -> Conversation:
    """Opens a conversation under an id nobody can guess, unless one is given.

    `customer_email` and `customer_orders` are what a verified customer token says, else null.
    """
    conversation = Conversation(
        id=conversation_id or secrets.token_urlsafe(24),
        shop_key=shop_key,
        created_at=at,
        expires_at=expires_at,
        client=client,
        customer_email=customer_email,
        customer_orders=customer_orders,
        last_seq=0,
    )
    session.add(conversation)
    session.flush()
    return conversation


def begin_turn(
    session: Session, conversation_id: str, client_id: str, said: Mapping[str, Any], at: datetime
) -> tuple[Turn, bool]:
    """The turn of this `client_id`, and whether it is new; a known one is returned as it was said first.

    `said` is {"text": ...} or {"choice": id, "label": ...}. A new turn takes the next number of the conversation. A
    known turn that is not answered yet has `answered_at` null: it is being worked on, or broke off. Raises
    UnknownConversation, and ValueError for a `client_id` that is empty or longer than 128 characters.
    """
    if not 0 < len(client_id) <= LONGEST_CLIENT_ID:
        raise ValueError(f"a client_id has 1 to {LONGEST_CLIENT_ID} characters")
    conversation = _lock(session, conversation_id)
    known = session.scalar(select(Turn).where(Turn.conversation_id == conversation_id, Turn.client_id == client_id))
    if known is not None:
        return known, False
    conversation.last_seq += 1
    turn = Turn(
        conversation_id=conversation_id,
        client_id=client_id,
        seq=conversation.last_seq,
        said=dict(said),
        received_at=at,
    )
    session.add(turn)
    session.flush()
    return turn, True


def answer_turn(session: Session, turn: Turn, replies: Iterable[Mapping[str, Any]], at: datetime) -> list[Message]:
    """Stores the turn's answer once and returns its messages; answered already, the first answer stands.

    `turn` may come from an earlier transaction. A reply is {"text", "choices": [{"label", "payload"}],
    "custom", "sender"}, all optional; see `add_messages`. No replies is an answer too.
    """
    conversation = _lock(session, turn.conversation_id)
    stored = session.get_one(Turn, turn.id, populate_existing=True)
    if stored.answered_at is not None:
        return answers(session, stored)
    stored.answered_at = at
    return _append(session, conversation, replies, at, stored.id)


def add_messages(
    session: Session, conversation_id: str, replies: Iterable[Mapping[str, Any]], at: datetime
) -> list[Message]:
    """Appends messages that answer no turn, such as a person's or a notice, under the next numbers.

    A reply's "sender" is "bot" unless it says "agent". A choice without an "id" gets "<seq>-<n>", which no
    other choice of the conversation has. Raises UnknownConversation.
    """
    return _append(session, _lock(session, conversation_id), replies, at, None)


def answers(session: Session, turn: Turn) -> list[Message]:
    """The messages that answered the turn, in order; empty while it is not answered."""
    return list(session.scalars(select(Message).where(Message.turn_id == turn.id).order_by(Message.seq)))


def messages_after(session: Session, conversation_id: str, seq: int) -> list[Message]:
    """Every message of the conversation numbered above `seq`, in order."""
    return list(
        session.scalars(
            select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq).order_by(Message.seq)
        )
    )


def find_choice(session: Session, conversation_id: str, choice_id: str) -> dict[str, Any] | None:
    """The choice {"id", "label", "payload"} this session offered under this id, the newest if several.

    None that was offered elsewhere for others' eyes.
    """
    offered = session.scalars(
        select(Message.choices)
        .join(Conversation, Message.conversation_id == Conversation.id)
        .where(Conversation.id == conversation_id)
        .where(Message.seq > Conversation.session_from, Message.seq > Conversation.hidden_seq)
        .order_by(Message.seq.desc())
        .execution_options(yield_per=50)
    )
    return next((choice for choices in offered for choice in choices if choice["id"] == choice_id), None)


def transcript(session: Session, conversation_id: str) -> list[dict[str, str]]:
    """All that was said, in order: {"from": "customer"|"bot"|"agent", "at": ISO 8601 in UTC, "text"}."""
    turns = session.scalars(select(Turn).where(Turn.conversation_id == conversation_id))
    said = [
        ((turn.received_at, turn.id, 0), "customer", str(turn.said.get("text") or turn.said.get("label") or ""))
        for turn in turns
    ]
    answering = 0
    for message in messages_after(session, conversation_id, 0):
        answering = message.turn_id or answering
        said.append(((message.at, answering, message.seq), message.sender, message.text))
    return [{"from": sender, "at": place[0].isoformat(), "text": text} for place, sender, text in sorted(said)]


def _lock(session: Session, conversation_id: str) -> Conversation:
    conversation = session.scalar(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if conversation is None:
        raise UnknownConversation(f"there is no conversation {conversation_id!r}; start one first")
    return conversation


def _append(
    session: Session,
    conversation: Conversation,
    replies: Iterable[Mapping[str, Any]],
    at: datetime,
    turn_id: int | None,
) -> list[Message]:
    messages = []
    for reply in replies:
        conversation.last_seq += 1
        seq = conversation.last_seq
        messages.append(
            Message(
                conversation_id=conversation.id,
                turn_id=turn_id,
                seq=seq,
                at=at,
                sender=reply.get("sender") or "bot",
                text=reply.get("text") or "",
                choices=[
                    {**choice, "id": choice.get("id") or f"{seq}-{place}"}
                    for place, choice in enumerate(reply.get("choices") or (), start=1)
                ],
                custom=reply.get("custom"),
            )
        )
    session.add_all(messages)
    session.flush()
    return messages
