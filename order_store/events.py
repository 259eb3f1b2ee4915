"""Everything said in a conversation, by whomever, in the order of its numbers: for streams that follow it."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store.tables import Conversation, Message, Turn


class Standing(NamedTuple):
    """How far a conversation has come: the number of its newest message, and how often it went on elsewhere."""

    last_seq: int
    moves: int


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


def standings(session: Session, conversation_ids: Collection[str]) -> dict[str, Standing]:
    """How far each of these conversations has come."""
    columns = (Conversation.id, Conversation.last_seq, Conversation.moves)
    found = session.execute(select(*columns).where(Conversation.id.in_(conversation_ids)))
    return {conversation_id: Standing(last_seq, moves) for conversation_id, last_seq, moves in found.tuples()}
