"""Whose a row of the store is: a customer's orders, tickets, conversations and privacy requests."""

from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from order_store import (
    Conversation,
    Customer,
    IdentityAttempt,
    Order,
    PrivacyRequest,
    Ticket,
    channels,
    normalise_email,
    normalise_phone,
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


def is_known_where_it_is(session: Session, customer: Customer, conversation_id: str) -> bool:
    """Whether the customer of a conversation of theirs was identified at the place where it goes on now."""
    move = channels.last_move(session, conversation_id)
    if move is None or move.used_at is None:
        return True
    proven = _proven(customer).where(
        IdentityAttempt.conversation_id == conversation_id, IdentityAttempt.at >= move.used_at
    )
    return session.scalar(proven.limit(1)) is not None


def privacy_requests_of(session: Session, customer: Customer, conversations: Collection[str]) -> list[PrivacyRequest]:
    """The requests verified as the customer's, those whose answer goes to them, and those of their `conversations`."""
    requests = session.scalars(select(PrivacyRequest).filter_by(shop_key=customer.shop_key).order_by(PrivacyRequest.id))
    return [
        request
        for request in requests
        if request.customer_id == customer.id
        or request.conversation_id in conversations
        or (request.contact is not None and _reaches(customer, request.contact))
    ]


def _reaches(customer: Customer, contact: str) -> bool:
    """Whether `contact`, as somebody typed it, is an address or a number of the customer's."""
    told = (normalise_email(contact), normalise_phone(contact), contact.strip())
    return any(each is not None and each in (customer.email, customer.phone) for each in told)


def _conversations_known(session: Session, customer: Customer) -> set[str]:
    by_token = select(Conversation.id).where(
        Conversation.shop_key == customer.shop_key, Conversation.customer_email == customer.email
    )
    return {*session.scalars(by_token), *session.scalars(_proven(customer))}


def _proven(customer: Customer) -> Select[tuple[str]]:
    """The conversations in which one of the customer's orders was proven to be theirs."""
    return select(IdentityAttempt.conversation_id).where(
        IdentityAttempt.shop_key == customer.shop_key,
        IdentityAttempt.succeeded,
        IdentityAttempt.order_key.in_(select(Order.number_key).where(Order.customer_id == customer.id)),
    )
