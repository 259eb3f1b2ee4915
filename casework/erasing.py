"""Erasing a customer (BP-8): their data and what was said are emptied; orders and cases stay without them.

The audit trail stays as it is: it holds ids and codes only.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

import order_store
from order_store import (
    BackorderChoice,
    Conversation,
    Customer,
    Dispute,
    IdentityAttempt,
    Letter,
    Line,
    Message,
    Order,
    Refund,
    Reminder,
    Repair,
    Rma,
    Shipment,
    Turn,
    channels,
    outbox,
)

from .acting import Acting, NotPossibleError
from .whose import conversations_of, orders_of, privacy_requests_of, tickets_of


def erase_customer(acting: Acting, customer: Customer, why: str, asked_in: str | None = None) -> list[str]:
    """Empties all that is stored of the customer; gives the ids of their conversations, for what is kept elsewhere.

    `asked_in`: the conversation in which they asked for it, known to be theirs.

    Raises NotPossibleError, naming them, while cases of theirs are open.
    """
    session = acting.session
    orders = orders_of(session, customer)
    lines = [line.id for order in orders for line in order.lines]
    for line in sorted(lines):
        order_store.lock_line(session, line)
    open_cases = cases_open(session, lines)
    if open_cases:
        raise NotPossibleError(f"cases are still open: {', '.join(open_cases)}; settle these first")
    conversations = sorted({*conversations_of(session, customer), *([asked_in] if asked_in else [])})
    _empty_tickets(acting, customer)
    _empty_conversations(session, conversations)
    _empty_parcels(session, [order.id for order in orders], lines)
    _stop_letters(acting, customer, lines)
    for request in privacy_requests_of(session, customer, conversations):
        request.contact, request.wish = None, None
    # Nobody is written to by it, since no address has this form, nor proves by it that an order is theirs, since
    # nobody can guess it.
    customer.name, customer.email, customer.phone = None, f"erased-{secrets.token_hex(16)}", None
    session.flush()
    order_store.record(
        session,
        at=acting.now,
        who=acting.who,
        what="customer.erased",
        subject=f"customer:{customer.id}",
        why=why,
        details={"orders": len(orders), "conversations": len(conversations)},
    )
    return conversations


def cases_open(session: Session, lines: list[int]) -> list[str]:
    """What is not settled yet for the order `lines` (ids), by its name: nothing is erased before that."""
    found: Iterable[order_store.Base] = [
        *session.scalars(select(Rma).where(Rma.line_id.in_(lines), Rma.closed_at.is_(None))),
        *session.scalars(select(Dispute).where(Dispute.line_id.in_(lines), Dispute.claim_closed_at.is_(None))),
        *session.scalars(select(Repair).where(Repair.line_id.in_(lines), Repair.closed_at.is_(None))),
        *session.scalars(select(Refund).where(Refund.line_id.in_(lines), Refund.state == "requested")),
        *session.scalars(
            select(BackorderChoice).where(BackorderChoice.line_id.in_(lines), BackorderChoice.course == "waiting")
        ),
    ]
    return [order_store.name_of(row) for row in found]


def _empty_tickets(acting: Acting, customer: Customer) -> None:
    for ticket in tickets_of(acting.session, customer):
        acting.step_if_possible(ticket, "answer", "erased")
        ticket.contact, ticket.transcript = None, []


def _empty_conversations(session: Session, conversations: list[str]) -> None:
    channels.forget_correspondents(session, conversations)
    session.execute(
        update(Conversation)
        .where(Conversation.id.in_(conversations))
        .values(customer_email=None, customer_orders=None, client="")
    )
    session.execute(update(Turn).where(Turn.conversation_id.in_(conversations)).values(said={"text": ""}))
    session.execute(
        update(Message).where(Message.conversation_id.in_(conversations)).values(text="", choices=[], custom=None)
    )
    session.execute(delete(IdentityAttempt).where(IdentityAttempt.conversation_id.in_(conversations)))
    order_store.forget_pictures(session, conversations)


def _empty_parcels(session: Session, orders: list[int], lines: list[int]) -> None:
    """A tracking number leads to an address, by way of the carrier."""
    session.execute(update(Shipment).where(Shipment.order_id.in_(orders)).values(tracking=None))
    session.execute(update(Rma).where(Rma.line_id.in_(lines)).values(tracking=None, outbound_tracking=None))
    session.execute(update(Repair).where(Repair.line_id.in_(lines)).values(tracking=None))
    session.execute(
        update(Order)
        .where(Order.id.in_(orders))
        .values(invoice=None, order_digest=Order.NO_MORE_TOLD, customer_digest=None)
    )
    session.execute(update(Line).where(Line.id.in_(lines)).values(serial=None))


def _stop_letters(acting: Acting, customer: Customer, lines: list[int]) -> None:
    unsent = select(Letter).where(Letter.customer_id == customer.id, Letter.state.in_(("waiting", "dead")))
    for letter in acting.session.scalars(unsent).all():
        outbox.withdraw(acting.session, letter, "erased", acting.now, acting.who)
    acting.session.execute(
        update(Reminder)
        .where(Reminder.line_id.in_(lines), Reminder.ended_at.is_(None))
        .values(ended_at=acting.now, ended_because="erased")
    )
