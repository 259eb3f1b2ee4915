"""What time and imports bring about: returns never sent, quotes nobody agreed to, lines that left or ran out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

import order_store
from order_store import Line, Order, Rma
from policy_core import CaseError, decide

from . import repairs, stock
from .acting import WORKER, Acting
from .cases import RETURN_REMEDIES, Told, build_case
from .closing import close_when_done

LAPSED = frozenset({"rma_expired", "confirmed_return_lapsed"})
"""Why an RMA that was not handed over is void (ST-D2, AS-X7)."""


def sweep(session: Session, now: datetime) -> dict[str, int]:
    """Does all of it; how many of each: {"expired", "lapsed", "shipped", "told"}. Needs a writing session."""
    acting = Acting(session, now, WORKER)
    return {
        "expired": len(expire_overdue(session, now)),
        "lapsed": len(repairs.lapse_quotes(acting)),
        "shipped": len(stock.note_shipped(acting)),
        "told": len(stock.tell_untold(acting)),
    }


def anything_to_sweep(session: Session, now: datetime) -> bool:
    """Whether `sweep` could find something; for a look that locks nothing."""
    return bool(
        stock.untold(session)
        or stock.left(session, now)
        or repairs.overdue_quotes(session, now)
        or overdue(session, now)
    )


def expire_overdue(session: Session, now: datetime) -> list[Rma]:
    """Expires every RMA whose return-by date passed before the goods were handed over; gives them.

    Each is decided again, on the facts it was issued on, and locked before that; one that was handed over
    meanwhile is left alone. Needs a writing session.
    """
    acting, expired = Acting(session, now, WORKER), []
    for rma in overdue(session, now):
        order_store.hold(session, rma)
        clause = _lapsed_by(session, rma, now)
        if clause is not None and acting.step_if_possible(rma, "expire", clause):
            close_when_done(acting, rma)
            expired.append(rma)
    return expired


def overdue(session: Session, now: datetime) -> list[Rma]:
    """The RMAs that would expire as of `now`, in the order of their lines."""
    awaited = (
        select(Rma)
        .where(Rma.goods == "awaited", Rma.decision == "approved", Rma.closed_at.is_(None))
        .where(Rma.remedy.in_(RETURN_REMEDIES))
        .order_by(Rma.line_id)
        .options(joinedload(Rma.line).joinedload(Line.order).joinedload(Order.customer))
        .options(joinedload(Rma.line).joinedload(Line.shipment))
    )
    return [rma for rma in session.scalars(awaited).all() if _lapsed_by(session, rma, now) is not None]


def _lapsed_by(session: Session, rma: Rma, now: datetime) -> str | None:
    """The clause by which the RMA is void as of `now`; None while it holds."""
    try:
        case = build_case(session, rma.line, Told.from_slots(rma.facts), now)
    except CaseError:
        return None  # the order contradicts itself: a person looks at it
    verdict = decide(replace(case, claim_closed_at=None))
    for each in verdict.remedies:
        if each.remedy == rma.remedy and each.programme == rma.programme:
            return next((reason.clause for reason in each.reasons if reason.code in LAPSED), None)
    return None
