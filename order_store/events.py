"""Everything said in a conversation, by whomever, in the order of its numbers: for streams that follow it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store.tables import Conversation, Message, Turn


def said_after(session: Session, conversation_id: str, seq: int, most: int) -> list[Turn | Message]:
    """What the customer sent (turns) and what was answered (messages) numbered above `seq`, the first `most` of it."""
    turns = session.scalars(
        select(Turn).where(Turn.conversation_id == conversation_id, Turn.seq > seq).order_by(Turn.seq).limit(most)
    )
    messages = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq)
        .limit(most)
    )
    said: list[Turn | Message] = [*turns, *messages]
    return sorted(said, key=lambda one: one.seq or 0)[:most]


def last_numbers(session: Session, conversation_ids: Collection[str]) -> dict[str, int]:
    """The number of the newest message of each of these conversations."""
    numbered = select(Conversation.id, Conversation.last_seq).where(Conversation.id.in_(conversation_ids))
    return {conversation_id: last_seq for conversation_id, last_seq in session.execute(numbered).tuples()}  # noqa: C416
