"""Answers that come later: a turn is answered with that news, and what it is owed follows as messages of their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store.conversations import add_messages, answer_turn
from order_store.tables import Conversation, Message, Turn


def owe_answer(session: Session, turn: Turn, notice: Mapping[str, Any], at: datetime) -> list[Message]:
    """Answers the turn with `notice`, shaped as `answer_turn` has it, and notes that its answer is still owed.

    Answered already, the first answer stands. Returns the turn's messages.
    """
    stored = _locked(session, turn)
    if stored.answered_at is None:
        stored.owed = True
        session.flush()
    return answer_turn(session, turn, [notice], at)


def pay_answer(session: Session, turn: Turn, replies: Iterable[Mapping[str, Any]], at: datetime) -> list[Message]:
    """Appends what the turn was owed, under the next numbers, once; no replies: it is owed nothing any more.

    What it was answered with at first stays its answer, so that a message sent again is answered the same way.
    """
    stored = _locked(session, turn)
    if not stored.owed:
        return []
    stored.owed = False
    session.flush()
    return add_messages(session, stored.conversation_id, replies, at)


def owed_turns(session: Session, conversation_id: str) -> list[Turn]:
    """The turns of the conversation whose answer is still to come, first to last."""
    owed = select(Turn).where(Turn.owed, Turn.conversation_id == conversation_id)
    return list(session.scalars(owed.order_by(Turn.id)))


def conversations_owed(session: Session) -> list[str]:
    """The ids of the conversations in which an answer is still to come, in no order."""
    return list(session.scalars(select(Turn.conversation_id).where(Turn.owed).distinct()))


def _locked(session: Session, turn: Turn) -> Turn:
    """The turn as it is now; nobody else writes in its conversation meanwhile, which everybody locks first."""
    session.get_one(Conversation, turn.conversation_id, with_for_update=True)
    return session.get_one(Turn, turn.id, populate_existing=True)
