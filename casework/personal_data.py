"""What the store holds of a customer: where it is, and all of it in one document."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import order_store
from order_store import (
    Conversation,
    Customer,
    Dispute,
    IdentityAttempt,
    Line,
    Message,
    Order,
    Repair,
    Rma,
    Ticket,
    Turn,
)


def orders_of(session: Session, customer: Customer) -> list[Order]:
    """The customer's orders, in the order they came into the store."""
    return list(session.scalars(select(Order).filter_by(customer_id=customer.id).order_by(Order.id)))


def tickets_of(session: Session, customer: Customer) -> list[Ticket]:
    """The tickets about the customer's orders, those whose answer goes to them, and those of their conversations."""
    contacts = [each for each in (customer.email, customer.phone) if each is not None]
    orders = select(Order.id).where(Order.customer_id == customer.id)
    conversations = _conversations_known(session, customer)
    query = (
        select(Ticket)
        .where(
            Ticket.shop_key == customer.shop_key,
            or_(
                Ticket.order_id.in_(orders),
                Ticket.contact.in_(contacts),
                Ticket.conversation_id.in_(conversations),
            ),
        )
        .order_by(Ticket.id)
    )
    return list(session.scalars(query))


def conversations_of(session: Session, customer: Customer) -> list[str]:
    """The ids of the conversations in which the customer was known: by a token, by proof of an order, by a ticket."""
    tickets = tickets_of(session, customer)
    return sorted(
        _conversations_known(session, customer) | {each.conversation_id for each in tickets if each.conversation_id}
    )


def _conversations_known(session: Session, customer: Customer) -> set[str]:
    by_token = select(Conversation.id).where(
        Conversation.shop_key == customer.shop_key, Conversation.customer_email == customer.email
    )
    proven = select(IdentityAttempt.conversation_id).where(
        IdentityAttempt.shop_key == customer.shop_key,
        IdentityAttempt.succeeded,
        IdentityAttempt.order_key.in_(select(Order.number_key).where(Order.customer_id == customer.id)),
    )
    return {*session.scalars(by_token), *session.scalars(proven)}


def personal_data(session: Session, customer: Customer) -> dict[str, Any]:
    """All that is stored of the customer, as plain values for JSON: for the written answer to an access request."""
    orders = orders_of(session, customer)
    lines = [line.id for order in orders for line in order.lines]
    cases = {
        "returns": [_case(row) for row in session.scalars(select(Rma).where(Rma.line_id.in_(lines)))],
        "disputes": [_case(row) for row in session.scalars(select(Dispute).where(Dispute.line_id.in_(lines)))],
        "repairs": [_case(row) for row in session.scalars(select(Repair).where(Repair.line_id.in_(lines)))],
        "tickets": [
            {**_case(ticket), "contact": ticket.contact, "transcript": ticket.transcript}
            for ticket in tickets_of(session, customer)
        ],
    }
    return {
        "customer": {"name": customer.name, "email": customer.email, "phone": customer.phone},
        "orders": [_order(order) for order in orders],
        **cases,
        "conversations": [_conversation(session, each) for each in conversations_of(session, customer)],
    }


def _case(row: Rma | Dispute | Repair | Ticket) -> dict[str, Any]:
    return {"number": row.number, **order_store.state_of(row)}


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "invoice": order.invoice,
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "paid_at": order.paid_at.isoformat() if order.paid_at else None,
        "shipments": [{"carrier": each.carrier, "tracking": each.tracking} for each in order.shipments],
        "lines": [_line(line) for line in order.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": f"{line.unit_price:f}",
        "currency": line.currency,
        "serial": line.serial,
    }


def _conversation(session: Session, conversation: str) -> dict[str, Any]:
    turns = session.scalars(select(Turn).filter_by(conversation_id=conversation).order_by(Turn.id))
    messages = session.scalars(select(Message).filter_by(conversation_id=conversation).order_by(Message.seq))
    return {
        "said": [{"at": turn.received_at.isoformat(), **turn.said} for turn in turns],
        "answered": [{"at": message.at.isoformat(), "text": message.text} for message in messages],
    }
