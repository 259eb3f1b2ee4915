"""Approving what waits in a ticket, where the shop approves by hand: decided again, then granted or refused."""

from order_store import Line, Ticket
from policy_core import RemedyName

from .acting import Acting, DeskError, NotPossibleError
from .cases import Told
from .dossier import Dossier
from .goals import GOALS
from .granted import Granted
from .granting import grant
from .identity import Asker
from .writing import WRITERS


def approve(acting: Acting, ticket: Ticket, remedy: RemedyName | None = None) -> Granted:
    """Grants what the ticket's customer said yes to (`remedy`, where that is not noted), judged as of now.

    The ticket is closed with it. Raises NoLongerOpenError when the remedy is not open any more, DeskError where it
    is about no order line or `remedy` has to be told, ImpossibleTransition for a ticket that is closed.
    """
    if ticket.line is None:
        raise DeskError(f"{ticket.number} is about no order line; nothing can be granted for it")
    dossier = _dossier(ticket, ticket.line)
    acting.step(ticket, "approve", "approved")
    granted = grant(
        acting.session,
        dossier,
        ticket.line,
        remedy or _wanted(acting, ticket, ticket.line, dossier),
        acting.now,
        f"ticket:{ticket.id}",
        approved_by=acting.who,
    )
    if granted.kind == "person":
        raise NotPossibleError(f"{ticket.number}: {granted.remedy.remedy} is not granted here; settle it by hand")
    return granted


def decline(acting: Acting, ticket: Ticket, why: str) -> None:
    """Refuses what waits in the ticket, for the reason code or clause `why`; the ticket is closed with it."""
    acting.step(ticket, "decline", why)


def answer(acting: Acting, ticket: Ticket, why: str = "answered") -> None:
    """A person has settled what the ticket is about; it is closed."""
    acting.step(ticket, "answer", why)


def _dossier(ticket: Ticket, line: Line) -> Dossier:
    return Dossier(
        goal=GOALS.get(ticket.goal or ""),
        asker=Asker(ticket.shop_key, ticket.conversation_id or "none", "none"),
        order_number=line.order.number,
        contact=ticket.contact,
        verified=True,
        line=line.position,
        told=Told.from_slots(ticket.facts or {}),
        has_fault=None,
        remedy=ticket.remedy,
        confirmed=True,
    )


def _wanted(acting: Acting, ticket: Ticket, line: Line, dossier: Dossier) -> RemedyName:
    if ticket.remedy is not None:
        return RemedyName(ticket.remedy)
    judged = dossier.judge(acting.session, line, acting.now)
    grantable = [each.remedy for each in judged.open if each.remedy in WRITERS]
    if len(grantable) == 1:
        return grantable[0]
    choices = ", ".join(grantable) or "none"
    raise DeskError(f"{ticket.number} does not say which remedy; open now: {choices}; name one")
