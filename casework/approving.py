"""Approving what waits in a ticket, where the shop approves by hand: decided again, then granted or refused."""

from order_store import Line, Ticket
from policy_core import RemedyName

from .acting import Acting, DeskError, NotPossibleError
from .cases import Told
from .dossier import Dossier
from .goals import GOALS
from .granted import Granted
from .granting import grant, grantable
from .identity import Asker
from .writing import WRITERS


def approve(acting: Acting, ticket: Ticket, remedy: RemedyName | None = None, why: str | None = None) -> Granted:
    """Grants what the ticket's customer said yes to (`remedy`, where that is not noted), judged as of now.

    For the reason code `why`, also what the policy leaves to a person. The ticket is closed with it. Raises
    NoLongerOpenError when the remedy is not open any more, DeskError where it is about no order line or `remedy`
    has to be told, ImpossibleTransition for a ticket that is closed.
    """
    if ticket.line is None:
        raise DeskError(f"{ticket.number} is about no order line; nothing can be granted for it")
    dossier = _dossier(ticket, ticket.line)
    acting.step(ticket, "approve", why or "approved")
    granted = grant(
        acting.session,
        dossier,
        ticket.line,
        remedy or _wanted(acting, ticket, ticket.line, dossier, why),
        acting.now,
        f"ticket:{ticket.id}",
        approved_by=acting.who,
        approved_because=why,
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


def _wanted(acting: Acting, ticket: Ticket, line: Line, dossier: Dossier, why: str | None) -> RemedyName:
    if ticket.remedy is not None:
        return RemedyName(ticket.remedy)
    judged = dossier.judge(acting.session, line, acting.now)
    choices = grantable(dossier, judged, by_a_person=True, says_why=why is not None)
    offered = list(dict.fromkeys(each.remedy for each in choices if each.remedy in WRITERS))
    if len(offered) == 1:
        return offered[0]
    named = ", ".join(offered) or "none"
    raise DeskError(f"{ticket.number} does not say which remedy; open now: {named}; name one")
