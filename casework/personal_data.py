"""What the store holds of a customer, all of it in one document: for the written answer to an access request."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_store import (
    BackorderChoice,
    Cancellation,
    Customer,
    Dispute,
    Letter,
    Message,
    Picture,
    Refund,
    Reminder,
    Repair,
    Rma,
    Turn,
    channels,
    state_of,
)

from .personal_rows import (
    iso,
    told_dispute,
    told_order,
    told_refund,
    told_reminder,
    told_repair,
    told_request,
    told_return,
    told_ticket,
    which,
)
from .whose import conversations_of, orders_of, privacy_requests_of, tickets_of

OfLine = TypeVar("OfLine", Rma, Dispute, Repair, Cancellation, BackorderChoice, Refund, Reminder)
"""A row that is about one order line."""


def personal_data(session: Session, customer: Customer) -> dict[str, Any]:
    """All that is stored of the customer, as plain values for JSON: instants and days in ISO 8601, money as text.

    Left out is what tells nothing of the person: the store's own ids and keys, and what only repeats a case.
    """
    orders = orders_of(session, customer)
    lines = {line.id: which(order, line) for order in orders for line in order.lines}
    tickets, conversations = tickets_of(session, customer), conversations_of(session, customer)
    cases = {
        "returns": [told_return(lines, rma) for rma in _of_lines(session, Rma, lines)],
        "disputes": [told_dispute(lines, dispute) for dispute in _of_lines(session, Dispute, lines)],
        "repairs": [told_repair(lines, repair) for repair in _of_lines(session, Repair, lines)],
        "cancellations": [
            {**lines[each.line_id], "cancelled_at": iso(each.cancelled_at), "told": each.facts}
            for each in _of_lines(session, Cancellation, lines)
        ],
        "choices": [
            {**lines[each.line_id], "choice": each.choice, "chosen_at": iso(each.chosen_at), "told": each.facts}
            | state_of(each)
            for each in _of_lines(session, BackorderChoice, lines)
        ],
        "refunds": [told_refund(lines, refund) for refund in _of_lines(session, Refund, lines)],
        "reminders": [told_reminder(lines, reminder) for reminder in _of_lines(session, Reminder, lines)],
        "tickets": [told_ticket(ticket) for ticket in tickets],
    }
    return {
        "customer": {
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "standing": customer.standing,
        },
        "orders": [told_order(order) for order in orders],
        **cases,
        "conversations": [_conversation(session, each) for each in conversations],
        "channels": [
            {"channel": each.channel, "address": each.address, "wrote_last_at": iso(each.heard_at)}
            for each in channels.correspondents_of(session, conversations)
        ],
        "pictures": _pictures(session, conversations),
        "letters": _letters(session, customer),
        "privacy_requests": [told_request(each) for each in privacy_requests_of(session, customer, conversations)],
    }


def _of_lines(session: Session, table: type[OfLine], lines: Iterable[int]) -> list[OfLine]:
    return list(session.scalars(select(table).where(table.line_id.in_(lines)).order_by(table.id)))


def _conversation(session: Session, conversation: str) -> dict[str, Any]:
    turns = session.scalars(select(Turn).filter_by(conversation_id=conversation).order_by(Turn.id))
    messages = session.scalars(select(Message).filter_by(conversation_id=conversation).order_by(Message.seq))
    return {
        "said": [{"at": iso(turn.received_at), **turn.said} for turn in turns],
        "answered": [{"at": iso(message.at), "text": message.text} for message in messages],
    }


def _pictures(session: Session, conversations: Iterable[str]) -> list[dict[str, Any]]:
    found = session.scalars(select(Picture).where(Picture.conversation_id.in_(conversations)).order_by(Picture.id))
    return [
        {"added_at": iso(each.added_at), "bytes": each.size, "width": each.width, "height": each.height}
        for each in found
    ]


def _letters(session: Session, customer: Customer) -> list[dict[str, Any]]:
    found = session.scalars(select(Letter).filter_by(customer_id=customer.id).order_by(Letter.id))
    return [
        {"kind": each.kind, "queued_at": iso(each.queued_at), "state": each.state, "sent_at": iso(each.sent_at)}
        for each in found
    ]
