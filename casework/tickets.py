"""Handing a matter to a person: one ticket, with what was said and decided so far."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store

from .dossier import Dossier
from .granted import case_record
from .judged import Judged
from .pictures import bind_evidence

APPROVE = "approve_"
"""How the reason of a ticket begins that waits for a person's yes to a remedy."""


def waiting_ticket(session: Session, line: order_store.Line, remedy: str) -> order_store.Ticket | None:
    """The first ticket in which a yes to `remedy` for the line waits for approval."""
    return session.scalar(
        select(order_store.Ticket)
        .filter_by(line_id=line.id, remedy=remedy, course="waiting")
        .order_by(order_store.Ticket.id)
        .limit(1)
    )


def open_ticket(
    session: Session,
    dossier: Dossier,
    *,
    why: str,
    now: datetime,
    key: str,
    order: order_store.Order | None = None,
    line: order_store.Line | None = None,
    judged: Judged | None = None,
    contact: str | None = None,
) -> order_store.Ticket:
    """Store a ticket for a person at the shop; `key` names the turn: in the same turn the same has one ticket.

    `why` is a code (asked_for_person, complaint, invoice, policy_refers, fact_unknown, …); `order` the customer's own,
    where it is about the whole of it; `contact` where the answer goes (default: what the customer named). One turn may
    end several matters: another `why`, line or order has a ticket of its own, whatever the key. What is
    asked for once more in the same conversation has one ticket as long as it waits, with all that was said meanwhile;
    a yes that waits for approval (`approve_<remedy>`) one per line, whichever conversation it is said in. Needs a
    writing session, in which the line of such a yes is locked.
    """
    order_id = line.order_id if line is not None else order.id if order is not None else None
    contact = contact or dossier.contact or dossier.asker.email
    about = f"line:{line.id}" if line is not None else f"order:{order_id}" if order_id is not None else "none"
    idempotency_key = f"ticket:{key}:{why}:{about}"
    chosen = dossier.chosen(judged) if judged is not None else None
    remedy = str(chosen.remedy) if chosen is not None and why == f"{APPROVE}{chosen.remedy}" else None
    found = session.scalar(select(order_store.Ticket).filter_by(idempotency_key=idempotency_key))
    asker = dossier.asker
    if found is None and remedy is not None and line is not None:
        found = waiting_ticket(session, line, remedy)
    elif found is None and (found := _asked_before(session, asker.conversation, order_id, line, why)) is not None:
        found.transcript = order_store.transcript(session, asker.conversation)
        found.contact = found.contact or contact
    if found is not None:
        return found
    ticket = order_store.Ticket(
        number=order_store.unused_number(session, "ticket"),
        shop_key=asker.shop_key,
        conversation_id=asker.conversation,
        order_id=order_id,
        line_id=line.id if line is not None else None,
        goal=dossier.goal.name if dossier.goal is not None else None,
        remedy=remedy,
        contact=contact,
        why=why,
        transcript=order_store.transcript(session, asker.conversation),
        verdict=judged.verdict.as_dict() if judged is not None else None,
        facts=case_record(judged, dossier.told) if judged is not None else None,
        opened_at=now,
        idempotency_key=idempotency_key,
    )
    session.add(ticket)
    session.flush()
    bind_evidence(session, asker.conversation, ticket)
    order_store.record(
        session,
        at=now,
        who="customer",
        what="ticket.opened",
        subject=f"ticket:{ticket.id}",
        why=why,
        details={"conversation": asker.conversation},
    )
    return ticket


def _asked_before(
    session: Session, conversation: str, order_id: int | None, line: order_store.Line | None, why: str
) -> order_store.Ticket | None:
    """The ticket in which the same already waits; nobody else opens one for the conversation meanwhile."""
    session.get(order_store.Conversation, conversation, with_for_update=True)
    line_id = line.id if line is not None else None
    return session.scalar(
        select(order_store.Ticket)
        .filter_by(conversation_id=conversation, order_id=order_id, line_id=line_id, why=why, course="waiting")
        .order_by(order_store.Ticket.id)
        .limit(1)
    )
