"""What happens to an RMA once it is issued: on its way, at the shop, decided, settled, closed.

Every function takes who acts (`Acting`) and the stored RMA, lets one event happen, and closes the RMA when nothing
is left to do. Raises ImpossibleTransition for what cannot happen now, DeskError for what does not fit.
"""

from datetime import datetime
from decimal import Decimal

import order_store
from order_store import Repair, Rma

from . import late_returns, repairs
from .acting import Acting, DeskError, NotPossibleError
from .closing import close_when_done, stays, went_back
from .refunds import drop, pay, refund_of, request_refund


def send(
    acting: Acting,
    rma: Rma,
    *,
    carrier: str | None = None,
    tracking: str | None = None,
    handed_over_at: datetime | None = None,
    why: str = "sent",
) -> None:
    """The parcel is with the carrier since `handed_over_at` (default: now); in time only with tracking (ST-A1).

    An RMA that has expired is revived where that was in time, and no newer one of its line is open.
    """
    since, tracking = handed_over_at or acting.now, (tracking or "").strip() or None
    if not rma.issued_at <= since <= acting.now:
        raise DeskError(f"{rma.number}: handed over between its issue at {rma.issued_at.isoformat()} and now")
    order_store.hold(acting.session, rma)
    if "revive" in order_store.possible_events(rma):
        late_returns.revive(acting, rma, since if tracking is not None else None)
    acting.step(rma, "send", why)
    rma.handed_over_at, rma.carrier, rma.tracking, rma.tracked = since, carrier, tracking, tracking is not None


def receive(acting: Acting, rma: Rma, quantity: int | None = None, why: str = "arrived") -> None:
    """`quantity` pieces came (default: all that were still missing); fewer than asked is a receipt in part."""
    order_store.hold(acting.session, rma)
    missing = rma.quantity - rma.received_quantity
    came = missing if quantity is None else quantity
    if missing and not 1 <= came <= missing:
        raise DeskError(f"{rma.number}: {came} pieces came, but {missing} of {rma.quantity} are still missing")
    event = "receive" if came == missing else "receive_in_part"
    acting.step(rma, event, why, {"quantity": came})
    rma.received_quantity += came
    rma.received_at = rma.received_at or acting.now
    if rma.remedy == "warranty_repair":
        repairs.start(acting, rma.line, rma, why)


def inspect(acting: Acting, rma: Rma, why: str = "inspected") -> None:
    """Somebody has looked at what came; what is still missing is not waited for."""
    acting.step(rma, "inspect", why)


def accept(
    acting: Acting, rma: Rma, quantity: int | None = None, amount: Decimal | None = None, why: str = "accepted"
) -> None:
    """`quantity` pieces (default: all that came) are taken back: their refund, replacement or repair is due.

    `amount` is what is refunded for them, at most what they cost and what is left of the line; where all of the
    line's money has gone back already, nothing is due. A lost parcel can be accepted: the shop makes it good.
    """
    order_store.hold(acting.session, rma)
    there = rma.quantity if rma.goods == "lost" else rma.received_quantity
    accepted = there if quantity is None else quantity
    if "accept" in order_store.possible_events(rma) and not 1 <= accepted <= there:
        raise DeskError(f"{rma.number}: accept 1 to {there} pieces, or reject it")
    if amount is not None and rma.remedy != "return_refund":
        raise DeskError(f"{rma.number}: an amount goes with a refund, not with the remedy {rma.remedy}")
    acting.step(rma, "accept" if accepted == there else "accept_in_part", why, {"quantity": accepted})
    rma.accepted_quantity, rma.decided_because = accepted, why
    if rma.remedy == "return_refund":
        refund = request_refund(acting, rma.line, amount, "returned", why, most=_worth(rma), rma=rma)
        if refund is None:
            acting.step(rma, "waive", "nothing_left")
    elif rma.remedy == "warranty_repair" and rma.goods != "lost":
        repairs.confirm(acting, repairs.of_rma(acting.session, rma), why)
    close_when_done(acting, rma)


def reject(acting: Acting, rma: Rma, why: str) -> None:
    """Nothing of it is taken back, for the reason code or clause `why`; the goods go back to the customer."""
    acting.step(rma, "reject", why)
    rma.decided_because = why
    close_when_done(acting, rma)


def refund(acting: Acting, rma: Rma, amount: Decimal | None = None, why: str = "paid") -> None:
    """The money has been sent. In place of a replacement or repair that cannot be had, it is requested here too.

    `amount` may be told only then; a return's refund was fixed when it was accepted.
    """
    order_store.hold(acting.session, rma)
    owed = refund_of(acting.session, rma)
    if owed is not None and amount not in (None, owed.amount):
        raise DeskError(f"{rma.number}: {owed.amount} {owed.currency} was fixed when it was accepted")
    _settle_otherwise(acting, rma, "refund", why)
    owed = owed or request_refund(acting, rma.line, amount, "returned", why, most=_worth(rma), rma=rma)
    if owed is None:
        raise NotPossibleError(f"{rma.number}: nothing is left of what was paid for it; settle it by: waive")
    pay(acting, owed, why)
    close_when_done(acting, rma)


def exchange(
    acting: Acting, rma: Rma, *, carrier: str | None = None, tracking: str | None = None, why: str = "replaced"
) -> None:
    """The replacement is on its way (ST-N3)."""
    _settle_otherwise(acting, rma, "exchange", why)
    rma.outbound_carrier, rma.outbound_tracking = carrier, tracking
    close_when_done(acting, rma)


def repair(acting: Acting, rma: Rma, why: str = "repaired") -> None:
    """The item is repaired; it goes back by `send_back`."""
    repairs.finish(acting, repairs.of_rma(acting.session, rma), why)


def waive(acting: Acting, rma: Rma, why: str) -> None:
    """Nothing is due any more: the customer has it otherwise, or no longer wants it."""
    _settle_otherwise(acting, rma, "waive", why)
    drop(acting, rma, why)
    close_when_done(acting, rma)


def send_back(
    acting: Acting, rma: Rma, *, carrier: str | None = None, tracking: str | None = None, why: str = "sent_back"
) -> None:
    """What was not taken back, or is repaired, is on its way to the customer."""
    in_repair = _repair_of(acting, rma)
    if in_repair is not None:
        repairs.send_back(acting, in_repair, carrier=carrier, tracking=tracking, why=why)
    else:
        went_back(acting, rma, carrier, tracking, why)


def keep(acting: Acting, rma: Rma, why: str = "customer_leaves_it") -> None:
    """What was rejected stays with the shop: the customer does not want it back."""
    in_repair = _repair_of(acting, rma)
    if in_repair is not None:
        repairs.leave(acting, in_repair, why)
    else:
        stays(acting, rma, why)


def cancel(acting: Acting, rma: Rma, why: str = "customer_asked") -> None:
    """The customer keeps the item; nothing was sent."""
    acting.step(rma, "cancel", why)
    close_when_done(acting, rma)


def lose(acting: Acting, rma: Rma, why: str = "lost") -> None:
    """The parcel is lost. Whose loss that is (ST-M5: the customer's) is decided by accepting or rejecting."""
    acting.step(rma, "lose", why)


def _worth(rma: Rma) -> Decimal:
    return rma.line.unit_price * rma.accepted_quantity


def _repair_of(acting: Acting, rma: Rma) -> Repair | None:
    order_store.hold(acting.session, rma)
    repair = repairs.open_repair(acting.session, rma.line_id)
    return repair if repair is not None and repair.rma_id == rma.id else None


def _settle_otherwise(acting: Acting, rma: Rma, event: str, why: str) -> None:
    """Money, a replacement or nothing, in place of a repair too, once that is given up; the item stays then."""
    repair = _repair_of(acting, rma)
    if repair is not None and repair.course != "unrepairable":
        raise NotPossibleError(f"{rma.number}: it is in for repair ({repair.number}); give that up first")
    acting.step(rma, event, why)
    if repair is not None and event != "waive":
        repairs.leave(acting, repair, why)
