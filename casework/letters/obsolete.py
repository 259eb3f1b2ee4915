"""Whether what a letter says still holds at the moment it would be sent; one that does not is withdrawn."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from policy_core import local_day

from .. import reminders
from ..cases import shop_zone


def obsolete(session: Session, letter: order_store.Letter, now: datetime) -> str | None:
    """Why a queued letter must not be sent any more, as a code; None: what it says holds. `now` is business time.

    A letter about something decided or paid (a dispute, its refund) holds for good. Raises LookupError (NoResultFound
    of SQLAlchemy) when what the letter is about is not there any more.
    """
    check = _CHECKS.get(letter.kind)
    return check(session, letter, now) if check is not None else None


def _rma_issued(session: Session, letter: order_store.Letter, now: datetime) -> str | None:
    """Nobody is asked to send in what they keep, or what has come and is settled already."""
    rma = session.get_one(order_store.Rma, letter.variables["rma"])
    if rma.decision in ("cancelled", "expired"):
        return str(rma.decision)
    return "closed" if rma.closed_at is not None else None


def _item_out_of_stock(session: Session, letter: order_store.Letter, now: datetime) -> str | None:
    """ST-O2: there is a choice only as long as the item is missing and nobody has chosen."""
    line = session.get_one(order_store.Line, letter.variables["line"])
    if line.stock != "out_of_stock":
        return "in_stock_again"
    if line.shipment is not None and line.shipment.shipped_at is not None:
        return "shipped"
    for table, why in ((order_store.Cancellation, "cancelled"), (order_store.BackorderChoice, "chosen")):
        if session.scalar(select(table.id).filter_by(line_id=line.id)) is not None:
            return why
    return None


def _repair_quoted(session: Session, letter: order_store.Letter, now: datetime) -> str | None:
    """AS-P3: only the quote that stands can be agreed to."""
    repair = session.get_one(order_store.Repair, letter.variables["repair"])
    if repair.course != "quoted" or repair.quoted_at is None:
        return "not_quoted"
    if repair.quoted_at > letter.queued_at:
        return "quoted_anew"
    last = repair.quote_valid_until
    return "quote_expired" if last is not None and last < local_day(now, shop_zone(letter.shop)) else None


_CHECKS: dict[str, Callable[[Session, order_store.Letter, datetime], str | None]] = {
    "rma_issued": _rma_issued,
    "item_out_of_stock": _item_out_of_stock,
    "repair_quoted": _repair_quoted,
    **dict.fromkeys(reminders.LETTERS.values(), reminders.obsolete),
}
