"""Repairs: a quote before anything starts (AS-P3), a due day once the need is confirmed (AS-P4), and the way back.

Every function takes who acts (`Acting`) and the stored repair. Raises ImpossibleTransition for what cannot happen
now, DeskError for what does not fit.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Line, Repair, Rma
from policy_core import ParameterName, default_policy, local_day

from . import closing, notices
from .acting import Acting, DeskError, NotPossibleError
from .cases import shop_terms, shop_zone
from .working_days import after_working_days


def open_repair(session: Session, line_id: int) -> Repair | None:
    """The line's repair that is not sent back; there is at most one."""
    return session.scalar(select(Repair).where(Repair.line_id == line_id, Repair.closed_at.is_(None)))


def quoted(session: Session, line_id: int, now: datetime) -> Repair | None:
    """The line's repair with a quote that can be agreed to as of `now`."""
    repair = open_repair(session, line_id)
    return repair if repair is not None and repair.course == "quoted" and _holds(repair, now) else None


def of_rma(session: Session, rma: Rma) -> Repair:
    """The repair an RMA's item came in for. Raises NotPossibleError where nothing came in for repair."""
    found = session.scalar(select(Repair).where(Repair.rma_id == rma.id).order_by(Repair.id.desc()).limit(1))
    if found is None:
        raise NotPossibleError(f"{rma.number}: nothing came in for repair under this number")
    return found


def start(acting: Acting, line: Line, rma: Rma | None = None, why: str = "arrived") -> Repair:
    """The item is at the service centre; the repair that is there already, where one is open.

    One that came in without an RMA becomes the repair of the `rma` told now. Raises NotPossibleError where none is
    told, and one for the line's repair is open: what came in is received under its number.
    """
    order_store.lock_line(acting.session, line.id)
    if rma is None:
        _no_open_rma(acting.session, line)
    found = open_repair(acting.session, line.id)
    if found is not None:
        if rma is not None and found.rma_id is None:
            _link(acting, found, rma, why)
        return found
    repair = Repair(
        line_id=line.id,
        rma_id=rma.id if rma is not None else None,
        number=order_store.unused_number(acting.session, "repair"),
        received_at=acting.now,
        idempotency_key="",
    )
    repair.idempotency_key = f"repair:{repair.number}"
    acting.added(repair, "repair.received", why, {"line": line.id, "rma": repair.rma_id})
    return repair


def quote(
    acting: Acting, repair: Repair, amount: Decimal, currency: str, valid_until: date, why: str = "AS-P3"
) -> None:
    """What the repair costs, and until the end of which local day that holds; the customer is told by e-mail.

    An item under an RMA has to be rejected as a case of the warranty first.
    """
    order_store.hold(acting.session, repair)
    shop = repair.line.order.shop
    if not amount.is_finite() or amount <= 0:
        raise DeskError(f"{repair.number}: quote an amount above zero, not {amount}")
    if valid_until < acting.today(shop):
        raise DeskError(f"{repair.number}: {valid_until} is past; quote until today or later")
    if repair.rma is not None and repair.rma.decision != "rejected":
        raise NotPossibleError(f"{repair.number}: reject {repair.rma.number} first; its repair is free otherwise")
    acting.step(repair, "quote", why, {"amount": f"{amount:f}", "currency": currency})
    repair.quoted_at, repair.quote_amount, repair.quote_currency = acting.now, amount, currency
    repair.quote_valid_until, repair.under_warranty = valid_until, False
    notices.repair_quoted(acting.session, repair, acting.now)


def agree(acting: Acting, repair: Repair, why: str = "AS-P3") -> None:
    """The customer agrees to the quote: the repair starts, and its fee is owed."""
    order_store.hold(acting.session, repair)
    if repair.course == "quoted" and not _holds(repair, acting.now):
        raise NotPossibleError(f"{repair.number}: the quote held until {repair.quote_valid_until}; quote it anew")
    acting.step(repair, "agree", why)
    _need_confirmed(acting, repair)


def confirm(acting: Acting, repair: Repair, why: str) -> None:
    """It is a case of the warranty: the repair starts, and nothing is owed."""
    acting.step(repair, "confirm", why)
    repair.under_warranty = True
    _need_confirmed(acting, repair)


def decline(acting: Acting, repair: Repair, why: str = "customer_declined") -> None:
    """Nothing is repaired; the item goes back as it is."""
    acting.step(repair, "decline", why)


def finish(acting: Acting, repair: Repair, why: str = "repaired") -> None:
    """The item is repaired."""
    acting.step(repair, "repair", why)
    repair.repaired_at = acting.now
    if repair.rma is not None:
        acting.step_if_possible(repair.rma, "repair", why)


def give_up(acting: Acting, repair: Repair, why: str) -> None:
    """It cannot be repaired: a fee still owed is waived, one paid has to be returned."""
    acting.step(repair, "give_up", why)


def fee_paid(acting: Acting, repair: Repair, why: str = "paid") -> None:
    """The customer has paid the quote; before that nothing goes back (AS-P4)."""
    acting.step(repair, "pay", why)


def fee_returned(acting: Acting, repair: Repair, why: str = "unrepairable") -> None:
    """The fee of a repair that failed has been paid back."""
    acting.step(repair, "return_fee", why)


def send_back(
    acting: Acting, repair: Repair, *, carrier: str | None = None, tracking: str | None = None, why: str = "sent_back"
) -> None:
    """The item is on its way to the customer; after a repair outside the warranty its cover begins (AS-W3)."""
    order_store.hold(acting.session, repair)
    if repair.course == "received" and repair.rma is not None and repair.rma.decision == "rejected":
        decline(acting, repair, "not_repaired")
    was_repaired = repair.course == "repaired"
    acting.step(repair, "send_back", why)
    repair.carrier, repair.tracking = carrier, tracking
    if was_repaired and not repair.under_warranty:
        line = repair.line
        line.repaired_and_sent_back_on = acting.today(line.order.shop)
    if repair.rma is not None:
        closing.went_back(acting, repair.rma, carrier, tracking, why)


def leave(acting: Acting, repair: Repair, why: str = "customer_leaves_it") -> None:
    """What was not repaired stays with the shop."""
    acting.step(repair, "leave", why)
    if repair.rma is not None and "keep" in order_store.possible_events(repair.rma):
        closing.stays(acting, repair.rma, why)


def overdue_quotes(session: Session, now: datetime) -> list[Repair]:
    """The repairs whose quote held until a day that is past as of `now`."""
    quoted = session.scalars(select(Repair).where(Repair.course == "quoted").order_by(Repair.line_id)).all()
    return [repair for repair in quoted if not _holds(repair, now)]


def _no_open_rma(session: Session, line: Line) -> None:
    rma = order_store.open_rma(session, line.id)
    if rma is not None and rma.remedy == "warranty_repair":
        raise NotPossibleError(f"{line.order.number}: {rma.number} is open for its repair; use: rma receive")


def _link(acting: Acting, repair: Repair, rma: Rma, why: str) -> None:
    repair.rma = rma
    acting.session.flush()
    order_store.record(
        acting.session,
        at=acting.now,
        who=acting.who,
        what="repair.linked",
        subject=order_store.subject_of(repair),
        why=why,
        details={"rma": rma.id},
    )


def _holds(repair: Repair, now: datetime) -> bool:
    """Whether the quote still holds as of `now`, until the end of its last day."""
    last = repair.quote_valid_until
    return last is None or local_day(now, shop_zone(repair.line.order.shop)) <= last


def _need_confirmed(acting: Acting, repair: Repair) -> None:
    """AS-P4: the working days of the figure in force on the day the order was paid (GEN-A1)."""
    order, today = repair.line.order, acting.today(repair.line.order.shop)
    judged_on = local_day(order.paid_at, shop_zone(order.shop)) if order.paid_at is not None else today
    days = default_policy().number(ParameterName.REPAIR_WORKING_DAYS, judged_on, shop_terms(order.shop).parameters)
    repair.confirmed_at, repair.due_on = acting.now, after_working_days(order.shop.country, today, days)
