"""Which choice a customer took: by its button, or by the number it was told under while its question is open."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.channels.adapter import Heard
from gateway.channels.shapes import Choice, Shape, told_by_number
from gateway.said import Chosen, Said, Typed
from order_store import Conversation, Message, Turn, find_choice, messages_after


def payload(conversation_id: str, choice_id: str) -> str:
    """What a button of this conversation sends; a button of an earlier one never means a choice of this."""
    return f"{_mark(conversation_id)}.{choice_id}"


def said_by(session: Session, conversation: Conversation, heard: Heard, shape: Shape) -> Said:
    """What the customer means by what was heard, before any picture."""
    if heard.choice is not None:
        mark, _, choice_id = heard.choice.partition(".")
        if mark == _mark(conversation.id) and find_choice(session, conversation.id, choice_id) is not None:
            return Chosen(choice_id)
    told = heard.text.strip().rstrip(".)")
    if not heard.pictures and told.isascii() and told.isdigit() and len(told) <= 2:
        offered = _numbered(since_last_said(session, conversation), shape)
        if 1 <= int(told) <= len(offered) and offered[int(told) - 1] is not None:
            return Chosen(str(offered[int(told) - 1]))
    return Typed(heard.text)


def since_last_said(session: Session, conversation: Conversation) -> list[Message]:
    """The messages since the customer last said something: the open question is among them.

    None that was said elsewhere for others' eyes.
    """
    turns = select(Turn).where(Turn.conversation_id == conversation.id)
    last = session.scalar(turns.order_by(Turn.id.desc()).limit(1))
    said = (last.seq or 0) if last is not None else 0
    return messages_after(session, conversation.id, max(said, conversation.hidden_seq))


def _numbered(messages: Sequence[Message], shape: Shape) -> list[str | None]:
    """The ids of the choices by their numbers; None where one has none, since it was a button or is a number itself."""
    numbers: list[str | None] = []
    for message in messages:
        labels = [each["label"] for each in message.choices]
        by_number = told_by_number(labels) and not shape.has_buttons_for([Choice(label, "") for label in labels])
        numbers += [each["id"] if by_number else None for each in message.choices]
    return numbers


def first_numbers(messages: Sequence[Message]) -> dict[int, int]:
    """Of each of the messages of a turn, by its id, the number of its first choice."""
    first, number = {}, 1
    for message in messages:
        first[message.id] = number
        number += len(message.choices)
    return first


def choices_of(message: Message) -> tuple[Choice, ...]:
    offered: Sequence[dict[str, Any]] = message.choices
    return tuple(Choice(each["label"], payload(message.conversation_id, each["id"])) for each in offered)


def _mark(conversation_id: str) -> str:
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:12]
