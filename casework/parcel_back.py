"""A parcel the customer sends in under an RMA: what they tell of it, and what that does (AS-F3, ST-M5, ST-A1)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

import order_store
from order_store import Rma, Ticket

from . import returns
from .acting import Acting
from .sweeping import lapsed_by

Standing = Literal["open", "again", "another", "late", "arrived", "over"]
"""What telling of the parcel meets: it can be noted; it is noted already; noted is another parcel; the RMA's last day
is past; it has arrived; the RMA is no longer about sending anything."""


@dataclass(frozen=True, slots=True)
class ParcelBack:
    """What the customer told: that it is sent, its tracking number, or that it has none (`untracked`)."""

    sent: bool = False
    tracking: str | None = None
    untracked: bool = False
    carrier: str | None = None

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> "ParcelBack":
        """Read the slots `sent`, `tracking` (text; False: there is none) and `carrier`."""
        tracking = slots.get("tracking")
        return cls(
            sent=bool(slots.get("sent")) or tracking is not None,
            tracking=tracking or None,
            untracked=tracking is False,
            carrier=slots.get("carrier"),
        )

    @property
    def whole(self) -> bool:
        """Whether there is nothing left to ask about it."""
        return self.tracking is not None or self.untracked


def standing(session: Session, rma: Rma, parcel: ParcelBack, now: datetime) -> Standing:
    """What telling of `parcel` would do to `rma` as of `now`."""
    if rma.decision == "expired" and rma.goods == "awaited":
        return "late"
    if rma.decision != "approved" or rma.closed_at is not None:
        return "over"
    if rma.goods == "awaited":
        return "late" if lapsed_by(session, rma, now) is not None else "open"
    if rma.goods == "sent":
        same = parcel.tracking is None or _compact(parcel.tracking) == _compact(rma.tracking or "")
        return "again" if same else "another"
    return "arrived"


def note_sent(acting: Acting, rma: Rma, parcel: ParcelBack) -> Standing:
    """The parcel is with the carrier from now on, by the customer's word; "open": it was noted now, and only then."""
    order_store.hold(acting.session, rma)
    met = standing(acting.session, rma, parcel, acting.now)
    if met == "open":
        returns.send(acting, rma, carrier=parcel.carrier, tracking=parcel.tracking, why="told_by_customer")
    return met


def rma_in_question(session: Session, line_id: int, named: str | None) -> Rma | None:
    """The RMA the customer `named`, where it is the line's; else the line's open one, else its newest."""
    if named is not None:
        rma = order_store.find_numbered(session, Rma, named)
        if rma is not None and rma.line_id == line_id:
            return rma
    return order_store.latest_rma(session, line_id)


def awaiting_approval(session: Session, line_id: int, remedies: Collection[str]) -> Ticket | None:
    """The first ticket in which a yes to sending the line in, by one of `remedies`, waits for a person's approval."""
    waiting = select(Ticket).filter_by(line_id=line_id, course="waiting").where(Ticket.remedy.in_(remedies))
    return session.scalar(waiting.order_by(Ticket.id).limit(1))


def _compact(number: str) -> str:
    return re.sub(r"\W", "", number).upper()
