"""What time and imports bring about: returns never sent, quotes nobody agreed to, lines that left, came back, ran out.

Each kind of it (`SWEPT`) is found by a look that locks nothing, and then settled row by row, each in a short write
transaction of its own that locks the row and judges it again: no sweep holds up those who write meanwhile, and a row
nobody can judge is in no other's way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

import order_store
from order_store import Line, Order, Repair, Rma
from policy_core import CaseError, decide

from . import repairs, stock_told
from .acting import Acting
from .cases import RETURN_REMEDIES, Told, build_case
from .closing import close_when_done

LAPSED = frozenset({"rma_expired", "confirmed_return_lapsed"})
"""Why an RMA that was not handed over is void (ST-D2, AS-X7)."""


@dataclass(frozen=True, slots=True)
class Swept:
    """One kind: `find` gives the ids of its rows as of an instant, `settle` does what is due to one, if it still is."""

    name: str
    find: Callable[[Session, datetime], Iterable[int]]
    settle: Callable[[Acting, int], bool]


def overdue(session: Session, now: datetime) -> list[int]:
    """The ids of the RMAs that would expire as of `now`, in the order of their lines."""
    return [rma.id for rma in session.scalars(_awaited()).all() if _seems_over(session, rma, now)]


def expire(acting: Acting, rma_id: int) -> bool:
    """Expires an RMA whose return-by date passed before the goods were handed over; whether it did.

    It is decided again, on the facts it was issued on; one that was handed over meanwhile is left alone.
    """
    rma = acting.session.get_one(Rma, rma_id)
    order_store.hold(acting.session, rma)
    if acting.session.scalar(_awaited().where(Rma.id == rma_id)) is None:
        return False
    clause = lapsed_by(acting.session, rma, acting.now)
    if clause is None or not acting.step_if_possible(rma, "expire", clause):
        return False
    close_when_done(acting, rma)
    return True


def lapse_quote(acting: Acting, repair_id: int) -> bool:
    """Ends a quote whose last day is past; whether it did."""
    repair = acting.session.get_one(Repair, repair_id)
    order_store.hold(acting.session, repair)
    still = repair in repairs.overdue_quotes(acting.session, acting.now)
    return still and acting.step_if_possible(repair, "lapse", "quote_expired")


SWEPT = (
    Swept("expired", overdue, expire),
    Swept("lapsed", lambda session, now: [each.id for each in repairs.overdue_quotes(session, now)], lapse_quote),
    Swept("shipped", stock_told.left, stock_told.note_shipped),
    Swept("restocked", lambda session, now: stock_told.back(session), stock_told.note_back),
    Swept("told", lambda session, now: stock_told.untold(session), stock_told.tell),
)
"""Everything that is swept, in this order: what came back is noted before what ran out is told."""


def _awaited() -> Select[tuple[Rma]]:
    return (
        select(Rma)
        .where(Rma.goods == "awaited", Rma.decision == "approved", Rma.closed_at.is_(None))
        .where(Rma.remedy.in_(RETURN_REMEDIES))
        .order_by(Rma.line_id)
        .options(joinedload(Rma.line).joinedload(Line.order).joinedload(Order.customer))
        .options(joinedload(Rma.line).joinedload(Line.shipment))
    )


def _seems_over(session: Session, rma: Rma, now: datetime) -> bool:
    try:
        return lapsed_by(session, rma, now) is not None
    except Exception:
        return True  # what cannot be judged shows when it is settled, in a transaction of its own


def lapsed_by(session: Session, rma: Rma, now: datetime) -> str | None:
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
