"""Handing a matter to a person: one ticket, with what was said and decided so far."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store

from .dossier import Dossier, Judged
from .granted import case_record


def open_ticket(
    session: Session,
    dossier: Dossier,
    *,
    why: str,
    now: datetime,
    key: str,
    line: order_store.Line | None = None,
    judged: Judged | None = None,
) -> order_store.Ticket:
    """Store a ticket for a person at the shop; `key` names the request: the same key gives the same ticket.

    `why` is a code (asked_for_person, policy_refers, fact_unknown, …). Needs a writing session.
    """
    idempotency_key = f"ticket:{key}"
    found = session.scalar(select(order_store.Ticket).filter_by(idempotency_key=idempotency_key))
    if found is not None:
        return found
    asker = dossier.asker
    ticket = order_store.Ticket(
        number=order_store.unused_number(session, "ticket"),
        shop_key=asker.shop_key,
        conversation_id=asker.conversation,
        order_id=line.order_id if line is not None else None,
        line_id=line.id if line is not None else None,
        goal=dossier.goal.name if dossier.goal is not None else None,
        contact=dossier.contact or asker.email,
        why=why,
        transcript=order_store.transcript(session, asker.conversation),
        verdict=judged.verdict.as_dict() if judged is not None else None,
        facts=case_record(judged, dossier.told) if judged is not None else None,
        opened_at=now,
        idempotency_key=idempotency_key,
    )
    session.add(ticket)
    session.flush()
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
